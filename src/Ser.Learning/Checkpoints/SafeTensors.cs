using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Ser.Learning.Checkpoints;

/// <summary>
/// A .safetensors file: 8 bytes of little-endian header length, a JSON header, raw little-endian data. The file is data and is never executed;
/// every offset is checked against the file before anything is allocated.
/// </summary>
public sealed class SafeTensors
{
    private const long MostHeaderBytes = 100_000_000;
    private readonly byte[] data;

    private SafeTensors(byte[] data, IReadOnlyDictionary<string, Entry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        this.data = data;
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>One tensor's place in the file. Offsets count from the end of the header.</summary>
    public sealed record Entry(string DType, long[] Shape, long Begin, long End)
    {
        /// <summary>Product of the shape.</summary>
        public long Count => Shape.Aggregate(1L, (product, side) => product * side);
    }

    /// <summary>Every tensor by name.</summary>
    public IReadOnlyDictionary<string, Entry> Entries { get; }

    /// <summary>The header's __metadata__.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The file is not a sound .safetensors file; the message names it.</exception>
    public static SafeTensors Read(string path)
    {
        long length = new FileInfo(path).Length;
        if (length < 8)
        {
            throw Broken(path, $"it has {length} bytes, fewer than a header length");
        }

        if (length > Array.MaxLength)
        {
            throw Broken(path, $"it has {length} bytes, more than this reader takes");
        }

        byte[] bytes = File.ReadAllBytes(path);
        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (header > (ulong)Math.Min(length - 8, MostHeaderBytes))
        {
            throw Broken(path, $"its header claims {header} bytes");
        }

        try
        {
            return Parse(path, bytes, (int)header);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw Broken(path, "its header is not the JSON that it should be: " + error.Message);
        }
    }

    /// <summary>Bytes of one tensor.</summary>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var entry = Entries[name];
        return data.AsSpan((int)entry.Begin, (int)(entry.End - entry.Begin));
    }

    /// <summary>Values of a floating-point tensor, widened or narrowed to float.</summary>
    public float[] Floats(string name) => Entries[name].DType switch
    {
        "F32" => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray(),
        "F64" => Array.ConvertAll(Doubles(name), value => (float)value),
        "F16" => Array.ConvertAll(MemoryMarshal.Cast<byte, Half>(Bytes(name)).ToArray(), value => (float)value),
        "BF16" => Array.ConvertAll(MemoryMarshal.Cast<byte, ushort>(Bytes(name)).ToArray(), bits => BitConverter.UInt32BitsToSingle((uint)bits << 16)),
        string other => throw new InvalidDataException($"tensor {name} is {other}, not floating point"),
    };

    /// <summary>Values of a floating-point tensor as double.</summary>
    public double[] Doubles(string name) => Entries[name].DType == "F64"
        ? MemoryMarshal.Cast<byte, double>(Bytes(name)).ToArray()
        : Array.ConvertAll(Floats(name), value => (double)value);

    /// <summary>Values of an I64 tensor.</summary>
    public long[] Longs(string name) => Entries[name].DType == "I64"
        ? MemoryMarshal.Cast<byte, long>(Bytes(name)).ToArray()
        : throw new InvalidDataException($"tensor {name} is {Entries[name].DType}, not I64");

    /// <summary>Writes tensors whose bytes are at hand. The header is padded so that data begin at a multiple of 8.</summary>
    public static void Write(string path, IEnumerable<(string Name, string DType, long[] Shape, byte[] Bytes)> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var list = tensors.ToList();
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WritePropertyName("__metadata__");
                JsonSerializer.Serialize(json, metadata);
            }

            long offset = 0;
            foreach (var (name, dtype, shape, bytes) in list)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", dtype);
                json.WritePropertyName("shape");
                JsonSerializer.Serialize(json, shape);
                json.WritePropertyName("data_offsets");
                JsonSerializer.Serialize(json, new[] { offset, offset + bytes.Length });
                json.WriteEndObject();
                offset += bytes.Length;
            }

            json.WriteEndObject();
        }

        while (header.Length % 8 != 0)
        {
            header.WriteByte((byte)' ');
        }

        using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        file.Write(length);
        header.WriteTo(file);
        foreach (var tensor in list)
        {
            file.Write(tensor.Bytes);
        }

        file.Flush(flushToDisk: true);
    }

    private static SafeTensors Parse(string path, byte[] bytes, int header)
    {
        using var json = JsonDocument.Parse(Encoding.UTF8.GetString(bytes, 8, header));
        var entries = new Dictionary<string, Entry>();
        var metadata = new Dictionary<string, string>();
        long start = 8L + header;
        foreach (var member in json.RootElement.EnumerateObject())
        {
            if (member.NameEquals("__metadata__"))
            {
                foreach (var pair in member.Value.EnumerateObject())
                {
                    metadata[pair.Name] = pair.Value.ToString();
                }

                continue;
            }

            string dtype = member.Value.GetProperty("dtype").GetString() ?? "";
            long[] shape = [.. member.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64())];
            var offsets = member.Value.GetProperty("data_offsets");
            long begin = checked(start + offsets[0].GetInt64());
            long end = checked(start + offsets[1].GetInt64());
            if (begin < start || end < begin || end > bytes.Length)
            {
                throw Broken(path, $"tensor {member.Name} lies outside the file");
            }

            var entry = new Entry(dtype, shape, begin, end);
            if (shape.Any(side => side < 0) || checked(Product(shape) * Size(path, member.Name, dtype)) != end - begin)
            {
                throw Broken(path, $"tensor {member.Name} of shape [{string.Join(", ", shape)}] does not fit its {end - begin} bytes");
            }

            entries[member.Name] = entry;
        }

        return new SafeTensors(bytes, entries, metadata);
    }

    private static long Product(long[] shape) => shape.Aggregate(1L, (product, side) => checked(product * side));

    private static long Size(string path, string name, string dtype) => dtype switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "I8" or "U8" or "BOOL" => 1,
        _ => throw Broken(path, $"tensor {name} is of unknown type {dtype}"),
    };

    private static InvalidDataException Broken(string path, string what) => new($"{path} is not a sound .safetensors file: {what}");
}
