using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ser.Checkpoints;

/// <summary>
/// A .safetensors file: 8 bytes of little-endian header length, a JSON header, and raw little-endian data. Nothing in the file is executed.
/// Every offset is checked against the file before anything is allocated. Tensors are read and written one at a time, so that a model is
/// never in memory twice.
/// </summary>
public sealed class SafeTensors : ITensorFile
{
    private const long MaxHeaderBytes = 100_000_000;
    private readonly Stream _data;

    private SafeTensors(Stream data, IReadOnlyDictionary<string, Entry> entries, IReadOnlyDictionary<string, string> metadata)
    {
        _data = data;
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>One tensor in the file. Begin and End are offsets from the beginning of the file.</summary>
    public sealed record Entry(string DType, long[] Shape, long Begin, long End)
    {
        /// <summary>Product of the shape.</summary>
        public long Count => Shape.Aggregate(1L, (product, side) => product * side);
    }

    /// <summary>A tensor to write. <paramref name="Bytes"/> is called just before the tensor is written.</summary>
    public sealed record Source(string Name, string DType, long[] Shape, Func<byte[]> Bytes);

    /// <summary>Every tensor by name.</summary>
    public IReadOnlyDictionary<string, Entry> Entries { get; }

    /// <summary>The header's __metadata__.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads a file's header and keeps the file open.</summary>
    /// <exception cref="InvalidDataException">The file is not a valid .safetensors file. The message names it.</exception>
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
            throw Invalid(path, $"it has {length} bytes, fewer than a header length");
        }

        Span<byte> prefix = stackalloc byte[8];
        stream.Position = 0;
        stream.ReadExactly(prefix);
        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (header > (ulong)Math.Min(length - 8, MaxHeaderBytes))
        {
            throw Invalid(path, $"its header should have {header} bytes");
        }

        byte[] json = new byte[header];
        stream.ReadExactly(json);
        try
        {
            return Parse(path, json, stream);
        }
        catch (Exception error) when (IsParseError(error))
        {
            throw Invalid(path, "its header is not valid JSON of this format: " + error.Message);
        }
    }

    string ITensorFile.Container => "safetensors";

    IReadOnlyDictionary<string, TensorInfo> ITensorFile.Tensors =>
        Entries.ToDictionary(entry => entry.Key, entry => new TensorInfo(entry.Value.DType, entry.Value.Shape));

    /// <summary>Reads the bytes of one tensor.</summary>
    /// <exception cref="InvalidDataException">The tensor has more than 2 GiB.</exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        var entry = Entries[name];
        long count = entry.End - entry.Begin;
        byte[] bytes = count <= Array.MaxLength
            ? new byte[count]
            : throw new InvalidDataException($"tensor {name} has {count} bytes, but at most {Array.MaxLength} are supported; split it");
        _data.Position = entry.Begin;
        _data.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Reads the values of a floating-point tensor as float.</summary>
    public float[] Floats(string name) => DataTypes.Floats(name, Entries[name].DType, Bytes(name));

    /// <summary>Reads the values of a floating-point tensor as double.</summary>
    public double[] Doubles(string name) => Entries[name].DType == "F64"
        ? MemoryMarshal.Cast<byte, double>(Bytes(name)).ToArray()
        : Array.ConvertAll(Floats(name), value => (double)value);

    /// <summary>Reads the values of an I64 tensor.</summary>
    public long[] Longs(string name) => Entries[name].DType == "I64"
        ? MemoryMarshal.Cast<byte, long>(Bytes(name)).ToArray()
        : throw new InvalidDataException($"tensor {name} is {Entries[name].DType}, not I64");

    /// <summary>Writes tensors in order. The header is padded so that the data begin at a multiple of 8 bytes.</summary>
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
    public void Dispose() => _data.Dispose();

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
                throw Invalid(path, $"tensor {member.Name} does not have two offsets");
            }

            long begin = checked(start + offsets[0].GetInt64());
            long end = checked(start + offsets[1].GetInt64());
            if (begin < start || end < begin || end > data.Length)
            {
                throw Invalid(path, $"tensor {member.Name} lies outside the file");
            }

            // Tensors must not overlap. Otherwise a small file could describe any amount of data.
            claimed += end - begin;
            if (claimed > data.Length - start)
            {
                throw Invalid(path, $"tensor {member.Name} overlaps another");
            }

            var entry = new Entry(dtype, shape, begin, end);
            int size = DataTypes.Size(dtype);
            if (size == 0)
            {
                throw Invalid(path, $"tensor {member.Name} is of unknown type {dtype}");
            }

            if (shape.Any(side => side < 0) || checked(Product(shape) * size) != end - begin)
            {
                string sides = string.Join(", ", shape);
                throw Invalid(path, $"tensor {member.Name} of shape [{sides}] does not match its {end - begin} bytes");
            }

            entries[member.Name] = entry;
        }

        return new SafeTensors(data, entries, metadata);
    }

    private static long Product(long[] shape) => shape.Aggregate(1L, (product, side) => checked(product * side));

    private static bool IsParseError(Exception error) =>
        error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException;

    private static InvalidDataException Invalid(string path, string what) => new($"{path} is not a valid .safetensors file: {what}");
}
