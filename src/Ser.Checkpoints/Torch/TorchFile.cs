using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints.Torch;

/// <summary>
/// A file that torch.save wrote: its value, read without running anything, and numbers on demand. The tensors are those of the model's state dictionary: the value
/// itself, or what it has under `model` (fairseq) or `state_dict`.
/// </summary>
internal sealed class TorchFile : ITensorFile
{
    private const int MostTensorBytesPerFileByte = 4;
    private readonly string path;
    private readonly Stream stream;
    private readonly Dictionary<string, PickledTensor> tensors = [];

    private TorchFile(string path, Stream stream, string container, object? root)
    {
        this.path = path;
        this.stream = stream;
        Container = container;
        Root = root;
    }

    /// <inheritdoc/>
    public string Container { get; }

    /// <summary>The whole value.</summary>
    internal object? Root { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, (string DType, long[] Shape)> Tensors => tensors.ToDictionary(tensor => tensor.Key, tensor => (tensor.Value.Storage.DType, tensor.Value.Shape));

    /// <summary>Reads what a file holds and takes the stream over; numbers stay in the stream until they are asked for.</summary>
    /// <exception cref="InvalidDataException">The file is cut short or unsound, holds what is no plain data, or has no state dictionary.</exception>
    internal static TorchFile Read(string path, Stream stream, bool zip)
    {
        var allowance = new Allowance(path, stream.Length);
        return zip
            ? new TorchFile(path, stream, "zip of torch.save", TorchZip.Read(path, stream, allowance))
            : new TorchFile(path, stream, "stream of torch.save before 1.6", LegacyStream.Read(path, stream, allowance));
    }

    /// <summary>Finds the state dictionary.</summary>
    internal TorchFile WithTensors()
    {
        var root = Root as PickledDict ?? throw Unsound.File(path, $"it holds {PickledBuilder.Kind(Root)}, not a dictionary of tensors; save the model's state_dict with torch.save");
        var state = new[] { root["model"], root["state_dict"], root }.OfType<PickledDict>().FirstOrDefault(HasTensors)
            ?? throw Unsound.File(path, "it has no tensors by name, neither at its top nor under model or state_dict; save the model's state_dict with torch.save");
        Int128 bytes = 0;
        foreach (var (key, value) in state.Items)
        {
            if (key is string name && value is PickledTensor tensor)
            {
                tensors[name] = tensor;
                bytes += ByteCount(tensor);
            }
        }

        return bytes <= MostTensorBytesPerFileByte * (Int128)stream.Length
            ? this
            : throw Unsound.File(path, $"its tensors share storages so that {stream.Length} bytes claim to be {bytes}; save the model's state_dict with every tensor cloned");
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(string name) => Bytes(tensors[name]);

    /// <summary>Numbers of a tensor, row by row.</summary>
    internal byte[] Bytes(PickledTensor tensor)
    {
        int size = DataTypes.Size(tensor.Storage.DType);
        var bytes = Allocate(ByteCount(tensor));
        stream.Position = tensor.Storage.Start + (size * tensor.Offset);
        if (bytes.Length == 0 || IsContiguous(tensor))
        {
            stream.ReadExactly(bytes);
            return bytes;
        }

        long reach = 1 + tensor.Shape.Zip(tensor.Strides).Sum(side => (side.First - 1) * side.Second);
        byte[] source = Allocate(size * reach);
        stream.ReadExactly(source);
        var index = new long[tensor.Shape.Length];
        long from = 0;
        for (int to = 0; to < bytes.Length; to += size)
        {
            source.AsSpan((int)(size * from), size).CopyTo(bytes.AsSpan(to));
            for (int side = index.Length - 1; side >= 0; side--)
            {
                from += tensor.Strides[side];
                if (++index[side] < tensor.Shape[side])
                {
                    break;
                }

                from -= tensor.Strides[side] * tensor.Shape[side];
                index[side] = 0;
            }
        }

        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private byte[] Allocate(long bytes) => bytes <= Array.MaxLength
        ? new byte[bytes]
        : throw Unsound.File(path, $"one of its tensors has {bytes} bytes, at most {Array.MaxLength} can be read; split it");

    private static bool HasTensors(PickledDict dict) => dict.Items.Exists(item => item is { Key: string, Value: PickledTensor });

    private static long ByteCount(PickledTensor tensor) => DataTypes.Size(tensor.Storage.DType) * tensor.Shape.Aggregate(1L, (product, side) => product * side);

    private static bool IsContiguous(PickledTensor tensor)
    {
        long stride = 1;
        for (int side = tensor.Shape.Length - 1; side >= 0; side--)
        {
            if (tensor.Shape[side] != 1 && tensor.Strides[side] != stride)
            {
                return false;
            }

            stride *= tensor.Shape[side];
        }

        return true;
    }
}
