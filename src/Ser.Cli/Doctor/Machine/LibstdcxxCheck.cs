using System.Text;

namespace Ser.Cli.Doctor.Machine;

/// <summary>
/// TorchSharp's library needs a libstdc++ newer than that of Debian 12, Ubuntu 22.04 or RHEL 9; without it libtorch fails to load
/// with a misleading message. On such systems the build marks the needed version as weak (docs/decisions/0002);
/// this check verifies that it has.
/// </summary>
internal sealed class LibstdcxxCheck : ICheck
{
    private const string Version = "GLIBCXX_3.4.32";
    private const string Library = "libLibTorchSharp.so";
    private static readonly string[] SystemFolders =
    [
        "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/lib/x86_64-linux-gnu", "/lib64", "/usr/lib/aarch64-linux-gnu", "/usr/lib",
    ];

    public string Name => "libstdc++";

    public Finding Run() => OperatingSystem.IsLinux()
        ? Inspect(AppContext.BaseDirectory, SystemFolders)
        : Finding.Ok("not needed on this system");

    /// <param name="program">Folder of the program.</param>
    /// <param name="systemFolders">Folders of the system's libraries, in search order.</param>
    internal static Finding Inspect(string program, IReadOnlyList<string> systemFolders)
    {
        string? library = Directory.EnumerateFiles(program, Library, SearchOption.AllDirectories).FirstOrDefault();
        if (library is null)
        {
            return Finding.Failure($"{Library} is not under {program}", "build the program again: dotnet build src/Ser.Cli -c Release");
        }

        string? system = systemFolders.Select(folder => Path.Combine(folder, "libstdc++.so.6")).FirstOrDefault(File.Exists);
        if (system is not null && HasVersion(system))
        {
            return Finding.Ok($"{system} has {Version}");
        }

        string problem = system is null ? "no libstdc++.so.6 was found in the usual folders" : $"{system} does not have {Version}";
        bool isNeeded = ElfVersionNeeds.Parse(File.ReadAllBytes(library)).TryGetValue(Version, out bool weak) && !weak;
        if (!isNeeded)
        {
            return Finding.Ok($"{problem}; the build has marked it as weak, so it is not required");
        }

        return system is null
            ? Finding.Warning(
                $"{problem}, which {Library} needs",
                "if libtorch does not load, build the program again on this machine: its build adapts the library")
            : Finding.Failure(
                $"{problem}, which {library} needs: libtorch does not load and fails with a misleading message",
                "build the program again on this machine (its build adapts the library): "
                + "rm -rf src/Ser.Cli/bin src/Ser.Cli/obj, then ./ser doctor");
    }

    private static bool HasVersion(string library) =>
        File.ReadAllBytes(library).AsSpan().IndexOf(Encoding.ASCII.GetBytes(Version + '\0')) >= 0;
}
