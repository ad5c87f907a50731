using System.Runtime.InteropServices;

namespace Ser.Checkpoints;

/// <summary>Data types of tensors in a checkpoint, with their names in .safetensors files.</summary>
internal static class DataTypes
{
    /// <summary>Bytes per element; 0 for an unknown type.</summary>
    internal static int Size(string dtype) => dtype switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" => 1,
        _ => 0,
    };

    /// <summary>Converts the values of a floating-point tensor to float.</summary>
    /// <exception cref="InvalidDataException">The type is not floating point; the message names the tensor.</exception>
    internal static float[] Floats(string name, string dtype, ReadOnlySpan<byte> bytes)
    {
        switch (dtype)
        {
            case "F32":
                return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
            case "F64":
                return Convert(MemoryMarshal.Cast<byte, double>(bytes), value => (float)value);
            case "F16":
                return Convert(MemoryMarshal.Cast<byte, Half>(bytes), value => (float)value);
            case "BF16":
                return Convert(MemoryMarshal.Cast<byte, ushort>(bytes), bits => BitConverter.UInt32BitsToSingle((uint)bits << 16));
            default:
                throw new InvalidDataException($"tensor {name} is {dtype}, not floating point");
        }
    }

    private static float[] Convert<T>(ReadOnlySpan<T> values, Func<T, float> convert)
    {
        var floats = new float[values.Length];
        for (int i = 0; i < floats.Length; i++)
        {
            floats[i] = convert(values[i]);
        }

        return floats;
    }
}
