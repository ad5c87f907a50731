using System.Text;

namespace Ser.Cli.Doctor.Machine;

/// <summary>
/// TorchSharp's library asks for a libstdc++ newer than Debian 12's, Ubuntu 22.04's or RHEL 9's; without it libtorch fails to load with a message about something else.
/// The build marks the need as weak on such systems (docs/decisions/0002): this looks whether it has.
/// </summary>
internal sealed class LibstdcxxCheck : ICheck
{
    private const string Version = "GLIBCXX_3.4.32";
    private const string Library = "libLibTorchSharp.so";
    private static readonly string[] Folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/lib/x86_64-linux-gnu", "/lib64", "/usr/lib/aarch64-linux-gnu", "/usr/lib"];

    public string Name => "libstdc++";

    public Finding Look() => OperatingSystem.IsLinux() ? Of(AppContext.BaseDirectory, Folders) : Finding.Ok("not needed on this system");

    /// <param name="program">Folder of the program.</param>
    /// <param name="systemFolders">Where the system keeps its libraries, in order.</param>
    internal static Finding Of(string program, IReadOnlyList<string> systemFolders)
    {
        string? needing = Directory.EnumerateFiles(program, Library, SearchOption.AllDirectories).FirstOrDefault();
        if (needing is null)
        {
            return Finding.Failure($"{Library} is not under {program}", "build the program again: dotnet build src/Ser.Cli -c Release");
        }

        string? system = systemFolders.Select(folder => Path.Combine(folder, "libstdc++.so.6")).FirstOrDefault(File.Exists);
        bool has = system is not null && File.ReadAllBytes(system).AsSpan().IndexOf(Encoding.ASCII.GetBytes(Version + '\0')) >= 0;
        if (has)
        {
            return Finding.Ok($"{system} has {Version}");
        }

        string lacking = system is null ? "no libstdc++.so.6 was found in the usual folders" : $"{system} has no {Version}";
        return ElfVersionNeeds.Of(File.ReadAllBytes(needing)).TryGetValue(Version, out bool weak) && !weak
            ? system is null
                ? Finding.Warning(lacking + $", which {Library} needs", "if libtorch does not load, build the program again on this machine: its build adapts the library")
                : Finding.Failure($"{lacking}, which {needing} needs: libtorch does not load, with a message about something else", "build the program again on this machine (its build adapts the library): rm -rf src/Ser.Cli/bin src/Ser.Cli/obj, then ./ser doctor")
            : Finding.Ok($"{lacking}; the build has marked the need as weak, which cures it");
    }
}
