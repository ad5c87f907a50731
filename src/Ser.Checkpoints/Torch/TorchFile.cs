using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints.Torch;

/// <summary>
/// A file of torch.save. Its value is read without running any code, and the data of tensors are read on demand. The tensors are those of
/// the model's state dictionary, which is the value itself or its entry `model` (fairseq) or `state_dict`.
/// </summary>
internal sealed class TorchFile : ITensorFile
{
    private const int MaxTensorBytesPerFileByte = 4;
    private readonly string _path;
    private readonly Stream _stream;
    private readonly Dictionary<string, PickledTensor> _tensors = [];

    private TorchFile(string path, Stream stream, string container, object? root)
    {
        _path = path;
        _stream = stream;
        Container = container;
        Root = root;
    }

    /// <inheritdoc/>
    public string Container { get; }

    /// <summary>The whole value that was saved.</summary>
    internal object? Root { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors =>
        _tensors.ToDictionary(tensor => tensor.Key, tensor => new TensorInfo(tensor.Value.Storage.DType, tensor.Value.Shape));

    /// <summary>
    /// Reads the value of a file and takes ownership of the stream. The data of tensors stay in the stream until they are read.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// The file is truncated or invalid, contains more than plain data, or has no state dictionary.
    /// </exception>
    internal static TorchFile Read(string path, Stream stream, bool zip)
    {
        var allowance = new AllocationBudget(path, stream.Length);
        return zip
            ? new TorchFile(path, stream, "zip of torch.save", TorchZip.Read(path, stream, allowance))
            : new TorchFile(path, stream, "stream of torch.save before 1.6", LegacyStream.Read(path, stream, allowance));
    }

    /// <summary>Finds the state dictionary.</summary>
    internal TorchFile LoadTensors()
    {
        const string Cure = "save the model's state_dict with torch.save";
        var root = Root as PickledDict
            ?? throw InvalidCheckpoint.Create(_path, $"it holds {PickledBuilder.Describe(Root)}, not a dictionary of tensors; {Cure}");
        object?[] candidates = [root["model"], root["state_dict"], root];
        const string noTensors = $"it has no tensors by name, neither at the top level nor under model or state_dict; {Cure}";
        var state = candidates.OfType<PickledDict>().FirstOrDefault(HasTensors) ?? throw InvalidCheckpoint.Create(_path, noTensors);
        Int128 bytes = 0;
        foreach (var (key, value) in state.Items)
        {
            if (key is string name && value is PickledTensor tensor)
            {
                _tensors[name] = tensor;
                bytes += ByteCount(tensor);
            }
        }

        return bytes <= MaxTensorBytesPerFileByte * (Int128)_stream.Length
            ? this
            : throw InvalidCheckpoint.Create(
                _path,
                $"its tensors share storages, so that {_stream.Length} bytes would become {bytes}; "
                + "save the model's state_dict with every tensor cloned");
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Bytes(string name) => Bytes(_tensors[name]);

    /// <summary>Reads the values of a tensor, row-major.</summary>
    internal byte[] Bytes(PickledTensor tensor)
    {
        int size = DataTypes.Size(tensor.Storage.DType);
        var bytes = Allocate(ByteCount(tensor));
        _stream.Position = tensor.Storage.Start + (size * tensor.Offset);
        if (bytes.Length == 0 || IsContiguous(tensor))
        {
            _stream.ReadExactly(bytes);
            return bytes;
        }

        long reach = 1 + tensor.Shape.Zip(tensor.Strides).Sum(side => (side.First - 1) * side.Second);
        byte[] source = Allocate(size * reach);
        _stream.ReadExactly(source);
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
    public void Dispose() => _stream.Dispose();

    private byte[] Allocate(long bytes)
    {
        string tooLarge = $"one of its tensors has {bytes} bytes, but at most {Array.MaxLength} are supported; split it";
        return bytes <= Array.MaxLength ? new byte[bytes] : throw InvalidCheckpoint.Create(_path, tooLarge);
    }

    private static bool HasTensors(PickledDict dict) => dict.Items.Exists(item => item is { Key: string, Value: PickledTensor });

    private static long ByteCount(PickledTensor tensor) =>
        DataTypes.Size(tensor.Storage.DType) * tensor.Shape.Aggregate(1L, (product, side) => product * side);

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
