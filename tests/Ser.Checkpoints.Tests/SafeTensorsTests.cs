using System.Buffers.Binary;
using System.Text;

namespace Ser.Checkpoints.Tests;

public sealed class SafeTensorsTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void What_is_written_is_read()
    {
        byte[] bytes = new byte[24];
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(20), 2.5f);
        SafeTensors.Write(_path, [new("a", "F32", [2L, 3L], () => bytes)], new Dictionary<string, string> { ["epoch"] = "3" });
        using var file = SafeTensors.Read(_path);
        Assert.Equal([0, 0, 0, 0, 0, 2.5f], file.Floats("a"));
        Assert.Equal([2L, 3L], file.Entries["a"].Shape);
        Assert.Equal("3", file.Metadata["epoch"]);
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", "does not match")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[100,104]}}", "outside the file")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4611686018427387904],\"data_offsets\":[0,8]}}", "header")]
    [InlineData("{\"a\":{\"dtype\":\"Q4\",\"shape\":[1],\"data_offsets\":[0,4]}}", "unknown type")]
    [InlineData("{\"a\":{\"dtype\":\"F32\"", "header")]
    [InlineData("[1]", "header")]
    public void Unsound_headers_are_refused_with_the_files_name(string header, string what)
    {
        using (var file = File.Create(_path))
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            file.Write(length);
            file.Write(Encoding.UTF8.GetBytes(header));
            file.Write(new byte[8]);
        }

        var error = Assert.Throws<InvalidDataException>(() => SafeTensors.Read(_path));
        Assert.Contains(_path, error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claimed_header_longer_than_the_file_is_refused()
    {
        File.WriteAllBytes(_path, [255, 255, 255, 255, 255, 255, 255, 127, 1, 2]);
        Assert.Throws<InvalidDataException>(() => SafeTensors.Read(_path));
    }

    public void Dispose() => File.Delete(_path);
}
