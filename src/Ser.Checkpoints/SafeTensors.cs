using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ser.Checkpoints;

/// <summary>
/// A .safetensors file: 8 bytes of little-endian header length, a JSON header, raw little-endian data. The file is data and is never executed;
/// every offset is checked against the file before anything is allocated. Tensors are read and written one by one: a model is never held twice.
/// </summary>
public sealed class SafeTensors : ITensorFile
{
    private const long MostHeaderBytes = 100_000_000;
    private readonly Stream data;

    private SafeTensors(Stream data, IReadOnlyDictionary<string, Entry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        this.data = data;
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>One tensor's place in the file. Offsets count from the beginning of the file.</summary>
    public sealed record Entry(string DType, long[] Shape, long Begin, long End)
    {
        /// <summary>Product of the shape.</summary>
        public long Count => Shape.Aggregate(1L, (product, side) => product * side);
    }

    /// <summary>A tensor to be written; its bytes are asked for when its turn comes.</summary>
    public sealed record Source(string Name, string DType, long[] Shape, Func<byte[]> Bytes);

    /// <summary>Every tensor by name.</summary>
    public IReadOnlyDictionary<string, Entry> Entries { get; }

    /// <summary>The header's __metadata__.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a file's header and keeps the file open.</summary>
    /// <exception cref="InvalidDataException">The file is not a sound .safetensors file; the message names it.</exception>
    public static SafeTensors Read(string path)
    {
        var file = File.OpenRead(path);
        try
        {
            return Read(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    internal static SafeTensors Read(string path, Stream stream)
    {
        long length = stream.Length;
        if (length < 8)
        {
            throw Broken(path, $"it has {length} bytes, fewer than a header length");
        }

        Span<byte> prefix = stackalloc byte[8];
        stream.Position = 0;
        stream.ReadExactly(prefix);
        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (header > (ulong)Math.Min(length - 8, MostHeaderBytes))
        {
            throw Broken(path, $"its header claims {header} bytes");
        }

        byte[] json = new byte[header];
        stream.ReadExactly(json);
        try
        {
            return Parse(path, json, stream);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw Broken(path, "its header is not the JSON that it should be: " + error.Message);
        }
    }

    string ITensorFile.Container => "safetensors";

    IReadOnlyDictionary<string, (string DType, long[] Shape)> ITensorFile.Tensors => Entries.ToDictionary(entry => entry.Key, entry => (entry.Value.DType, entry.Value.Shape));

    /// <summary>Bytes of one tensor.</summary>
    /// <exception cref="InvalidDataException">It has more than 2 GiB.</exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var entry = Entries[name];
        long count = entry.End - entry.Begin;
        byte[] bytes = count <= Array.MaxLength ? new byte[count] : throw new InvalidDataException($"tensor {name} has {count} bytes, at most {Array.MaxLength} can be read; split it");
        data.Position = entry.Begin;
        data.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Values of a floating-point tensor, widened or narrowed to float.</summary>
    public float[] Floats(string name) => DataTypes.Floats(name, Entries[name].DType, Bytes(name));

    /// <summary>Values of a floating-point tensor as double.</summary>
    public double[] Doubles(string name) => Entries[name].DType == "F64"
        ? MemoryMarshal.Cast<byte, double>(Bytes(name)).ToArray()
        : Array.ConvertAll(Floats(name), value => (double)value);

    /// <summary>Values of an I64 tensor.</summary>
    public long[] Longs(string name) => Entries[name].DType == "I64"
        ? MemoryMarshal.Cast<byte, long>(Bytes(name)).ToArray()
        : throw new InvalidDataException($"tensor {name} is {Entries[name].DType}, not I64");

    /// <summary>Writes tensors in order. The header is padded so that data begin at a multiple of 8.</summary>
    public static void Write(string path, IEnumerable<Source> tensors, IReadOnlyDictionary<string, string>? metadata = null)
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
            foreach (var (name, dtype, shape, _) in list)
            {
                long end = offset + (Product(shape) * DataTypes.Size(dtype));
                json.WriteStartObject(name);
                json.WriteString("dtype", dtype);
                json.WritePropertyName("shape");
                JsonSerializer.Serialize(json, shape);
                json.WritePropertyName("data_offsets");
                JsonSerializer.Serialize(json, new[] { offset, end });
                json.WriteEndObject();
                offset = end;
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
            file.Write(tensor.Bytes());
        }

        file.Flush(flushToDisk: true);
    }

    /// <inheritdoc/>
    public void Dispose() => data.Dispose();

    private static SafeTensors Parse(string path, byte[] header, Stream data)
    {
        using var json = JsonDocument.Parse(header);
        var entries = new Dictionary<string, Entry>();
        var metadata = new Dictionary<string, string>();
        long start = 8L + header.Length, claimed = 0;
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
            if (offsets.GetArrayLength() != 2)
            {
                throw Broken(path, $"tensor {member.Name} has no two offsets");
            }

            long begin = checked(start + offsets[0].GetInt64());
            long end = checked(start + offsets[1].GetInt64());
            if (begin < start || end < begin || end > data.Length)
            {
                throw Broken(path, $"tensor {member.Name} lies outside the file");
            }

            // Tensors may not overlap: else a small file could describe any amount of data.
            claimed += end - begin;
            if (claimed > data.Length - start)
            {
                throw Broken(path, $"tensor {member.Name} overlaps another");
            }

            var entry = new Entry(dtype, shape, begin, end);
            int size = DataTypes.Size(dtype);
            if (size == 0)
            {
                throw Broken(path, $"tensor {member.Name} is of unknown type {dtype}");
            }

            if (shape.Any(side => side < 0) || checked(Product(shape) * size) != end - begin)
            {
                throw Broken(path, $"tensor {member.Name} of shape [{string.Join(", ", shape)}] does not fit its {end - begin} bytes");
            }

            entries[member.Name] = entry;
        }

        return new SafeTensors(data, entries, metadata);
    }

    private static long Product(long[] shape) => shape.Aggregate(1L, (product, side) => checked(product * side));

    private static InvalidDataException Broken(string path, string what) => new($"{path} is not a sound .safetensors file: {what}");
}
