namespace Ser.Checkpoints;

/// <summary>Named tensors of a file that stays open. Types are named as .safetensors names them: F32, BF16, I64, ...</summary>
internal interface ITensorFile : IDisposable
{
    /// <summary>What kind of file it is.</summary>
    string Container { get; }

    /// <summary>Every tensor's type and shape by its name in the file.</summary>
    IReadOnlyDictionary<string, (string DType, long[] Shape)> Tensors { get; }

    /// <summary>Values of one tensor, row by row, little-endian.</summary>
    ReadOnlySpan<byte> Bytes(string name);
}
