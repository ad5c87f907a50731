using System.Text;

namespace Ser.Learning.Tests.Build;

/// <summary>The build's patch of TorchSharp's library (docs/decisions/0002), checked on the copy in this test's output folder.</summary>
public class WeakenGlibcxxTests
{
    private const string Version = "GLIBCXX_3.4.32";

    [Fact]
    public void The_need_is_weak_where_this_system_lacks_the_version()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library is Linux's");
        string library = Directory.EnumerateFiles(AppContext.BaseDirectory, "libLibTorchSharp.so", SearchOption.AllDirectories).Single();
        string[] folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/lib/x86_64-linux-gnu"];
        string? host = folders.Select(folder => Path.Combine(folder, "libstdc++.so.6")).FirstOrDefault(File.Exists);
        Assert.SkipUnless(host is not null, "this system's libstdc++ is not where it is looked for");
        bool lacks = File.ReadAllBytes(host).AsSpan().IndexOf(Encoding.ASCII.GetBytes(Version + "\0")) < 0;
        bool? weak = IsWeak(File.ReadAllBytes(library));
        Assert.True(weak is null || weak == lacks, $"weak: {weak}, this system lacks {Version}: {lacks}");
    }

    // Reads vn_* and vna_* of the section of type SHT_GNU_verneed; null if the library does not need the version.
    private static bool? IsWeak(byte[] elf)
    {
        long headers = BitConverter.ToInt64(elf, 0x28);
        int size = BitConverter.ToUInt16(elf, 0x3A);
        int Header(int index) => (int)(headers + ((long)index * size));
        var sections = Enumerable.Range(0, BitConverter.ToUInt16(elf, 0x3C)).Select(Header);
        int section = sections.Single(header => BitConverter.ToInt32(elf, header + 4) == 0x6ffffffe);
        long strings = BitConverter.ToInt64(elf, Header(BitConverter.ToInt32(elf, section + 40)) + 24);
        for (int need = (int)BitConverter.ToInt64(elf, section + 24), next = -1; next != 0; need += next)
        {
            int aux = need + BitConverter.ToInt32(elf, need + 8);
            for (int n = BitConverter.ToUInt16(elf, need + 2); n > 0; n--, aux += BitConverter.ToInt32(elf, aux + 12))
            {
                int name = (int)strings + BitConverter.ToInt32(elf, aux + 8);
                if (elf.AsSpan(name, Version.Length + 1).SequenceEqual(Encoding.ASCII.GetBytes(Version + "\0")))
                {
                    return (BitConverter.ToUInt16(elf, aux + 4) & 2) != 0;
                }
            }

            next = BitConverter.ToInt32(elf, need + 12);
        }

        return null;
    }
}
