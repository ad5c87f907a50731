using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Domain;
using Ser.Results.Bundles;
using Ser.TestSupport;

namespace Ser.Results.Tests.Bundles;

/// <summary>Damaged and hand-made bundles are refused with the reason, and leave nothing behind.</summary>
public sealed class HostileBundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Zip => _folder.At("bundle.zip");

    [Theory]
    [InlineData("../evil.txt", "leads elsewhere")]
    [InlineData("a/../../evil.txt", "leads elsewhere")]
    [InlineData("/tmp/evil.txt", "empty part")]
    [InlineData("a\\..\\evil.txt", "backslash")]
    [InlineData("evil\n.txt", "control character")]
    public void A_name_that_leads_out_is_refused(string name, string reason)
    {
        Write([(name, "x"u8.ToArray())]);
        Refused(reason);
        Assert.False(File.Exists(_folder.At("evil.txt")));
    }

    [Fact]
    public void A_file_that_is_not_listed_is_refused()
    {
        Write([("a.txt", "x"u8.ToArray())], also: [("b.txt", "y"u8.ToArray())]);
        Refused("it contains b.txt, which bundle.json does not list");
    }

    [Fact]
    public void A_listed_file_that_is_missing_is_refused()
    {
        Write([("a.txt", "x"u8.ToArray())], leaveOut: "a.txt");
        Refused("a.txt is missing");
    }

    [Fact]
    public void A_name_that_comes_twice_is_refused()
    {
        Write([("a.txt", "x"u8.ToArray())], also: [("a.txt", "y"u8.ToArray())]);
        Refused("it contains a name twice");
    }

    [Fact]
    public void Another_byte_is_refused()
    {
        Write([("a.txt", "x"u8.ToArray())], change: index => index["files"]![0]!["sha256"] = new string('0', 64));
        Refused("a.txt does not match bundle.json");
    }

    [Fact]
    public void A_file_that_grows_beyond_what_is_said_is_refused_at_that_byte()
    {
        Write([("a.txt", new byte[50_000_000])], change: index => index["files"]![0]!["bytes"] = 10);
        Refused("a.txt is longer than bundle.json says");
    }

    [Fact]
    public void A_bomb_is_refused_before_anything_is_unpacked()
    {
        Write([("a.txt", new byte[50_000_000])]);
        Refused("it would grow");
    }

    [Theory]
    [InlineData("""{"format":2,"sweep":"s","files":[]}""", "its format is 2")]
    [InlineData("""{"format":1}""", "is incomplete")]
    [InlineData("""{"format":1,"sweep":"s","files":[{}]}""", "is incomplete")]
    [InlineData("""{"format":1,"sweep":"s","files":[{"name":"a","bytes":-1,"sha256":""}]}""", "is incomplete")]
    [InlineData("nothing", "is not a complete bundle")]
    [InlineData("""{"format":1,"sweep":"s","files":[]}""", "is inconsistent")]
    public void An_index_that_is_none_is_refused(string index, string reason)
    {
        using (var zip = ZipFile.Open(Zip, ZipArchiveMode.Create))
        {
            Add(zip, "bundle.json", Encoding.UTF8.GetBytes(index));
        }

        Refused(reason);
    }

    [Fact]
    public void What_is_no_zip_or_half_of_one_is_refused()
    {
        File.WriteAllText(Zip, "no zip");
        Refused("is not a complete bundle");
        File.Delete(Zip);
        Write([("a.txt", RandomNumberGenerator.GetBytes(100_000))]);
        byte[] whole = File.ReadAllBytes(Zip);
        File.WriteAllBytes(Zip, whole[..(whole.Length / 2)]);
        Refused("is not a complete bundle");
    }

    [Fact]
    public void No_file_is_named()
    {
        var error = Assert.Throws<InputException>(() => new ImportedSweeps(_folder.At("data")).Import(Zip, null));
        Assert.Contains("there is no bundle", error.Message, StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private void Refused(string reason)
    {
        string data = _folder.At("data");
        var refused = Assert.Throws<InputException>(() => new ImportedSweeps(data).Import(Zip, null));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(data));
        Assert.Empty(new ImportedSweeps(data).All());
    }

    private void Write(
        (string Name, byte[] Bytes)[] files,
        (string Name, byte[] Bytes)[]? also = null,
        string? leaveOut = null,
        Action<JsonNode>? change = null)
    {
        using var zip = ZipFile.Open(Zip, ZipArchiveMode.Create);
        foreach (var (name, bytes) in files.Concat(also ?? []).Where(file => file.Name != leaveOut))
        {
            Add(zip, name, bytes);
        }

        var index = JsonSerializer.SerializeToNode(new
        {
            format = 1,
            sweep = "made up",
            state = "done",
            version = "",
            corpus = "",
            digest = "",
            files = files.Select(file => new
            {
                name = file.Name,
                bytes = file.Bytes.Length,
                sha256 = Convert.ToHexStringLower(SHA256.HashData(file.Bytes)),
            }),
        })!;
        change?.Invoke(index);
        Add(zip, "bundle.json", Encoding.UTF8.GetBytes(index.ToJsonString()));
    }

    private static void Add(ZipArchive zip, string name, byte[] bytes)
    {
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(bytes);
    }
}
