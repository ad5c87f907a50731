using System.IO.Compression;
using System.Numerics;
using Ser.Checkpoints.Tests.Torch;

namespace Ser.Checkpoints.Tests.Pickles;

/// <summary>Hostile pickles: none may allocate more than a small multiple of the file's size, run code, or take long.</summary>
public class HostilePickleTests
{
    private static readonly byte[] Eight = new byte[32];

    [Theory]
    [InlineData("posix", "system")]
    [InlineData("os", "system")]
    [InlineData("subprocess", "Popen")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "getattr")]
    [InlineData("torch.storage", "_load_from_bytes")]
    [InlineData("torch.hub", "load")]
    [InlineData("numpy.core.multiarray", "fromfile")]
    [InlineData("fairseqs", "Trap")]
    public void A_name_that_is_no_plain_data_is_refused_by_name_before_it_is_called(string module, string name)
    {
        string marker = Path.Combine(Path.GetTempPath(), $"ser-pickle-{module}-{name}");
        var pickle = Weights().Text("trap").Global(module, name).Op("(").Text($"touch {marker}").Op("tRs");
        string message = Refusal(pickle.Zip(storages: [Eight]));
        Assert.Contains($"{module}.{name}", message, StringComparison.Ordinal);
        Assert.Contains("state_dict", message, StringComparison.Ordinal);
        Assert.False(File.Exists(marker));
        Assert.Contains($"{module}.{name}", Refusal(pickle.Legacy(Eight)), StringComparison.Ordinal);
    }

    [Fact]
    public void Classes_of_plain_data_are_kept_as_names_and_are_no_tensors()
    {
        var pickle = Weights().Text("dictionary").Global("fairseq.data.dictionary", "Dictionary")
            .Op(")").Op(0x81).Op("}").Text("symbols").Op("]sbs");
        using var file = Read(pickle.Zip(storages: [Eight]));
        Assert.Equal(["w"], file.Tensors.Keys);

        // Such a class is refused where a tensor's storage belongs.
        var needed = new TorchBytes().Op("}").Text("w").Global("torch._utils", "_rebuild_tensor_v2")
            .Op("(").Global("fairseq.data", "Trap").Op(")R").Number(0).Tuple(1).Tuple(1).Op("tRs");
        Assert.Contains("_rebuild_tensor_v2", Refusal(needed.Zip(storages: [Eight])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1000000000", "0", "1000000000", "1", "should have")] // more numbers than the storage has
    [InlineData("8", "0", "1000000000", "1", "outside its storage")]
    [InlineData("8", "0", "1000000000", "0", "outside its storage")] // a billion views of one number
    [InlineData("8", "7", "2", "1", "outside its storage")]
    [InlineData("8", "-1", "1", "1", "offset -1")]
    [InlineData("8", "0", "2", "-1", "strides [-1]")]
    [InlineData("8", "0", "2", "9223372036854775807", "outside its storage")]
    [InlineData("8", "9223372036854775807", "1", "1", "outside its storage")]
    [InlineData("-8", "0", "1", "1", "storage 0")]
    [InlineData("9223372036854775807", "0", "1", "1", "should have")]
    public void A_claim_beyond_the_file_is_refused_without_allocating(
        string count,
        string offset,
        string side,
        string stride,
        string expected)
    {
        BigInteger[] shape = [BigInteger.Parse(side)], strides = [BigInteger.Parse(stride)];
        var pickle = new TorchBytes().Op("}").Text("w")
            .Tensor("0", BigInteger.Parse(count), BigInteger.Parse(offset), shape, strides).Op("s");
        Assert.Contains(expected, Refusal(pickle.Zip(storages: [Eight])), StringComparison.Ordinal);
        Refusal(pickle.Legacy(Eight));
    }

    [Fact]
    public void Shapes_whose_product_overflows_are_refused()
    {
        BigInteger huge = BigInteger.Pow(2, 62);
        var pickle = new TorchBytes().Op("}").Text("w").Tensor("0", 8, 0, [huge, huge, huge], [0, 0, 0]).Op("s");
        Assert.Contains("outside its storage", Refusal(pickle.Zip(storages: [Eight])), StringComparison.Ordinal);
    }

    [Fact]
    public void Many_tensors_of_one_storage_may_not_claim_many_times_the_file()
    {
        var pickle = new TorchBytes().Op("}");
        for (int i = 0; i < 1000; i++)
        {
            pickle.Text($"w{i}").Tensor("0", 100_000, 0, [100_000], [1]).Op("s");
        }

        Assert.Contains("share storages", Refusal(pickle.Zip(storages: [new byte[400_000]])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_contains_itself_is_refused()
    {
        AssertRefused(Weights().Text("cycle").Op("]q\x01h\x01" + "as"));
        AssertRefused(Weights().Text("cycle").Op("]q\x01}q\x02").Text("up").Op("h\x01sas"));
        AssertRefused(Weights().Text("cycle").Op("h\x00").Op(0x85).Op("s"));

        static void AssertRefused(TorchBytes pickle) =>
            Assert.Contains("contains itself", Refusal(pickle.Zip(storages: [Eight])), StringComparison.Ordinal);
    }

    [Fact]
    public void Doubling_by_recall_costs_what_the_instructions_cost()
    {
        // Each of sixty pairs holds the pair before twice: code that walks the tree would meet 2^60 leaves.
        var pickle = Weights().Text("laughs").Op(")");
        for (int i = 0; i < 60; i++)
        {
            pickle.Op("2").Op(0x86);
        }

        using var file = Read(pickle.Op("s").Zip(storages: [Eight]));
        Assert.Equal(["w"], file.Tensors.Keys);
    }

    [Theory]
    [InlineData("]")] // a list for each byte
    [InlineData("\x94")] // a memo entry for each byte
    [InlineData("(")]
    [InlineData("]\x94")]
    [InlineData("2")]
    [InlineData("\x85")]
    [InlineData("(]]]]]]]]]]]]]]]]t")]
    public void Bytes_that_are_all_objects_are_refused_before_they_fill_memory(string instructions)
    {
        var pickle = new TorchBytes().Op(")");
        for (int i = 0; i < 400_000; i++)
        {
            pickle.Op(instructions);
        }

        Refusal(pickle.Zip());
    }

    [Fact]
    public void Deep_nesting_ends_no_process()
    {
        var pickle = Weights().Text("deep").Op(")");
        for (int i = 0; i < 20_000; i++)
        {
            pickle.Op(0x85);
        }

        using var file = Read(pickle.Op("s").Zip(storages: [new byte[1_000_000]]));
        Assert.Equal(["w"], file.Tensors.Keys);
    }

    [Fact]
    public void A_list_that_is_copied_again_and_again_is_refused()
    {
        var pickle = new TorchBytes().Op("](");
        for (int i = 0; i < 10_000; i++)
        {
            pickle.Op("))\x86");
        }

        pickle.Op("eq\x01");
        for (int i = 0; i < 10_000; i++)
        {
            pickle.Global("collections", "OrderedDict").Op("h\x01\x85R0");
        }

        Assert.Contains("more objects", Refusal(pickle.Zip()), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] zip = Weights().Zip(storages: [Eight]), legacy = Weights().Legacy(Eight);
        Assert.Equal(["w"], Read(zip).Tensors.Keys);
        Assert.Equal(["w"], Read(legacy).Tensors.Keys);
        for (int length = 0; length < zip.Length; length++)
        {
            Refusal(zip[..length]);
        }

        for (int length = 0; length < legacy.Length; length++)
        {
            Refusal(legacy[..length]);
        }
    }

    [Fact]
    public void A_compressed_entry_is_refused()
    {
        Assert.Contains("compressed", Refusal(Weights().Zip(CompressionLevel.Optimal, Eight)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_of_64_bit_numbers_is_read_and_not_believed()
    {
        byte[] wide = TorchBytes.Zip64(Weights().Zip(storages: [Eight]));
        Assert.Equal(["w"], Read(wide).Tensors.Keys);
        foreach (int fromEnd in (int[])[22 + 20 + 8, 22 + 20 + 16, 22 + 12])
        {
            byte[] lying = [.. wide];
            BitConverter.GetBytes(long.MaxValue).CopyTo(lying, lying.Length - fromEnd);
            Assert.Contains("outside the file", Refusal(lying), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_value_that_is_no_dictionary_of_tensors_is_named()
    {
        Assert.Contains("it holds a list", Refusal(new TorchBytes().Op("]").Zip()), StringComparison.Ordinal);
        Assert.Contains("no tensors by name", Refusal(new TorchBytes().Op("}").Zip()), StringComparison.Ordinal);
    }

    private static TorchBytes Weights() => new TorchBytes().Op("}q\x00").Text("w").Tensor("0", 8, 0, [2, 4], [4, 1]).Op("s");

    private static ITensorFile Read(byte[] bytes) => TensorFiles.Read("mutant", new MemoryStream(bytes));

    private static string Refusal(byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => Read(bytes));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < 1_048_576 + (16L * bytes.Length), $"{allocated} bytes for a file of {bytes.Length}: {error.Message}");
        Assert.StartsWith("mutant", error.Message, StringComparison.Ordinal);
        return error.Message;
    }
}
