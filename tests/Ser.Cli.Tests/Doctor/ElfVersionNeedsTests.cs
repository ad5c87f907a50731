using Ser.Cli.Doctor.Machine;

namespace Ser.Cli.Tests.Doctor;

public sealed class ElfVersionNeedsTests
{
    [Fact]
    public void The_needs_of_a_library_of_this_system_are_read()
    {
        string library = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libe_sqlite3.so");
        Assert.SkipUnless(File.Exists(library), "libe_sqlite3.so is not in the output folder");
        var needs = ElfVersionNeeds.Parse(File.ReadAllBytes(library));
        Assert.Contains(needs.Keys, name => name.StartsWith("GLIBC_2.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(64)]
    public void What_is_no_library_or_cut_is_refused(int length)
    {
        byte[] bytes = new byte[length];
        "\u007fELF\u0002\u0001"u8.ToArray().AsSpan(0, Math.Min(6, length)).CopyTo(bytes);
        if (length == 64)
        {
            bytes[0x28] = 0xFF; // the sections begin behind the end
            bytes[0x3A] = 64;
            bytes[0x3C] = 3;
        }

        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.Parse(bytes));
    }
}
