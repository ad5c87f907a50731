using System.Numerics;
using System.Runtime.InteropServices;
using Ser.Checkpoints.Pickles;
using Ser.Checkpoints.Torch;
using Ser.TestSupport;

namespace Ser.Checkpoints.Tests.Torch;

/// <summary>Shared storages, offsets, strides, every type of number, and plain values, as torch.save writes them.</summary>
[Trait("Category", Oracle.Category)]
public class TorchFileTests
{
    [Theory]
    [InlineData("edge_zip.pt", true)]
    [InlineData("edge_legacy.pt", false)]
    public void Tensors_are_those_of_torch(string file, bool zip)
    {
        using var torch = Open(file, zip);
        var expected = Oracle.Tensors("03_checkpoints/pickle_edge/expected.safetensors");
        var state = (PickledDict)((PickledDict)torch.Root!)["state"]!;
        Assert.Equal(expected.Entries.Keys.Order(), state.Items.Select(item => (string)item.Key!).Order());
        foreach (var (key, value) in state.Items)
        {
            string name = (string)key!;
            var tensor = (PickledTensor)value!;
            Assert.Equal(expected.Entries[name].Shape, tensor.Shape);
            double[] numbers = expected.Entries[name].DType == "I64"
                ? Array.ConvertAll(expected.Longs(name), number => (double)number)
                : expected.Doubles(name);
            Assert.Equal(numbers, Numbers(tensor.Storage.DType, torch.Bytes(tensor)));
        }
    }

    [Theory]
    [InlineData("edge_zip.pt", true)]
    [InlineData("edge_legacy.pt", false)]
    public void Plain_values_are_those_of_python(string file, bool zip)
    {
        using var torch = Open(file, zip);
        var meta = (PickledDict)((PickledDict)torch.Root!)["meta"]!;
        Assert.Equal(7L, meta["epoch"]);
        Assert.Equal(1e-4, meta["lr"]);
        Assert.Equal("köln", meta["name"]);
        Assert.Equal(true, meta["flag"]);
        Assert.Null(meta["none"]);
        Assert.Equal(-5L, meta["neg"]);
        Assert.Equal(BigInteger.Pow(2, 70), meta["big"]);
        Assert.Equal([1L, 2.5, "x"], ((PickledTuple)meta["tuple"]!).Items);
        Assert.Equal(2, ((PickledList)meta["list"]!).Items.Count);
    }

    private static TorchFile Open(string file, bool zip) =>
        TorchFile.Read(file, File.OpenRead(Oracle.PathOf("03_checkpoints/pickle_edge/" + file)), zip);

    private static double[] Numbers(string dtype, byte[] bytes) => dtype switch
    {
        "F64" => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
        "I64" => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(bytes).ToArray(), number => (double)number),
        "I32" => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(bytes).ToArray(), number => (double)number),
        "U8" or "BOOL" => Array.ConvertAll(bytes, number => (double)number),
        _ => Array.ConvertAll(Ser.Checkpoints.DataTypes.Floats(dtype, dtype, bytes), number => (double)number),
    };
}
