namespace Ser.Checkpoints;

/// <summary>Data type and shape of a tensor.</summary>
/// <param name="DType">The name of the type in .safetensors files: F32, BF16, I64, ...</param>
/// <param name="Shape">The shape.</param>
internal sealed record TensorInfo(string DType, long[] Shape);

/// <summary>The named tensors of an open file.</summary>
internal interface ITensorFile : IDisposable
{
    /// <summary>The kind of file, for display.</summary>
    string Container { get; }

    /// <summary>Type and shape of every tensor by its name in the file.</summary>
    IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>Reads the values of one tensor, row-major and little-endian.</summary>
    ReadOnlySpan<byte> Bytes(string name);
}
