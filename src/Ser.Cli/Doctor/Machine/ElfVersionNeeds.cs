using System.Buffers.Binary;
using System.Text;

namespace Ser.Cli.Doctor.Machine;

/// <summary>Reads which symbol versions an ELF64 library needs of other libraries (the section .gnu.version_r).</summary>
internal static class ElfVersionNeeds
{
    private const uint SectionVersionNeed = 0x6ffffffe;
    private const ushort Weak = 2;

    /// <summary>Each needed version by name, and whether it is weak: the loader does not require a weak one.</summary>
    /// <exception cref="InvalidDataException">Not a valid little-endian ELF64 file.</exception>
    internal static IReadOnlyDictionary<string, bool> Parse(byte[] elf)
    {
        try
        {
            return Read(elf);
        }
        catch (ArgumentException outOfRange)
        {
            throw new InvalidDataException("the library is truncated or damaged", outOfRange);
        }
    }

    // The offsets are those of Elf64_Ehdr, Elf64_Shdr, Elf64_Verneed and Elf64_Vernaux.
    private static Dictionary<string, bool> Read(byte[] elf)
    {
        var needs = new Dictionary<string, bool>();
        if (!elf.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("the library is not a little-endian ELF64 file");
        }

        int sections = Offset(elf, 0x28), size = Short(elf, 0x3A), count = Short(elf, 0x3C);
        for (int section = sections; section < sections + (size * count); section += size)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(section + 4)) != SectionVersionNeed)
            {
                continue;
            }

            int strings = Offset(elf, sections + (Int(elf, section + 40) * size) + 24);
            int need = Offset(elf, section + 24);
            for (int library = Int(elf, section + 44); library > 0; library--)
            {
                int version = need + Int(elf, need + 8);
                for (int left = Short(elf, need + 2); left > 0; left--)
                {
                    needs[Name(elf, strings + Int(elf, version + 8))] = (Short(elf, version + 4) & Weak) != 0;
                    version += Int(elf, version + 12);
                }

                need += Int(elf, need + 12);
            }
        }

        return needs;
    }

    private static ushort Short(byte[] elf, int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(at));

    private static int Int(byte[] elf, int at) => BinaryPrimitives.ReadInt32LittleEndian(elf.AsSpan(at));

    private static int Offset(byte[] elf, int at) => (int)BinaryPrimitives.ReadInt64LittleEndian(elf.AsSpan(at));

    private static string Name(byte[] elf, int at)
    {
        var rest = elf.AsSpan(at);
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }
}
