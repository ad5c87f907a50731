using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Marks the version need GLIBCXX_3.4.32 of an ELF64 library as weak where the host's libstdc++ lacks that version.</summary>
public class WeakenGlibcxx : Task
{
    private const string Version = "GLIBCXX_3.4.32";
    private const int SectionVersionNeed = 0x6ffffffe;
    private const ushort Weak = 2;

    /// <summary>Full path of libLibTorchSharp.so in an output folder.</summary>
    public string Library { get; set; }

    public override bool Execute()
    {
        if (HostHasVersion())
        {
            return true;
        }

        byte[] elf = File.ReadAllBytes(Library);
        if (!MarkWeak(elf))
        {
            return true;
        }

        // The old file may be a link into the package cache, which must not change, so a new file is moved into its place.
        string copy = Library + ".weak";
        File.WriteAllBytes(copy, elf);
        File.Delete(Library);
        File.Move(copy, Library);
        const string message = "{0}: version need {1} marked weak (this system's libstdc++ is older)";
        Log.LogMessage(MessageImportance.High, message, Path.GetFileName(Library), Version);
        return true;
    }

    private static bool HostHasVersion()
    {
        string[] folders =
        {
            "/usr/lib/x86_64-linux-gnu",
            "/usr/lib64",
            "/lib/x86_64-linux-gnu",
            "/lib64",
            "/usr/lib/aarch64-linux-gnu",
            "/usr/lib",
        };
        byte[] version = Encoding.ASCII.GetBytes(Version + "\0");
        foreach (string folder in folders)
        {
            string path = Path.Combine(folder, "libstdc++.so.6");
            if (File.Exists(path))
            {
                return IndexOf(File.ReadAllBytes(path), version) >= 0;
            }
        }

        return true;
    }

    private static bool MarkWeak(byte[] elf)
    {
        if (elf.Length < 64 || elf[0] != 0x7f || elf[1] != 'E' || elf[2] != 'L' || elf[3] != 'F' || elf[4] != 2)
        {
            return false;
        }

        long sections = BitConverter.ToInt64(elf, 0x28);
        int size = BitConverter.ToUInt16(elf, 0x3A);
        int count = BitConverter.ToUInt16(elf, 0x3C);
        bool changed = false;
        for (int i = 0; i < count; i++)
        {
            int section = (int)(sections + ((long)i * size));
            if (BitConverter.ToInt32(elf, section + 4) != SectionVersionNeed)
            {
                continue;
            }

            int stringsSection = (int)(sections + ((long)BitConverter.ToInt32(elf, section + 40) * size));
            int strings = (int)BitConverter.ToInt64(elf, stringsSection + 24);
            int need = (int)BitConverter.ToInt64(elf, section + 24);
            while (true)
            {
                int aux = need + BitConverter.ToInt32(elf, need + 8);
                for (int n = BitConverter.ToUInt16(elf, need + 2); n > 0; n--)
                {
                    ushort flags = BitConverter.ToUInt16(elf, aux + 4);
                    if (NameAt(elf, strings + BitConverter.ToInt32(elf, aux + 8)) == Version && (flags & Weak) == 0)
                    {
                        elf[aux + 4] = (byte)(flags | Weak);
                        changed = true;
                    }

                    aux += BitConverter.ToInt32(elf, aux + 12);
                }

                int next = BitConverter.ToInt32(elf, need + 12);
                if (next == 0)
                {
                    break;
                }

                need += next;
            }
        }

        return changed;
    }

    private static string NameAt(byte[] bytes, int offset)
    {
        int end = Array.IndexOf(bytes, (byte)0, offset);
        return Encoding.ASCII.GetString(bytes, offset, end - offset);
    }

    private static int IndexOf(byte[] bytes, byte[] pattern)
    {
        for (int i = 0; i + pattern.Length <= bytes.Length; i++)
        {
            int j = 0;
            while (j < pattern.Length && bytes[i + j] == pattern[j])
            {
                j++;
            }

            if (j == pattern.Length)
            {
                return i;
            }
        }

        return -1;
    }
}
