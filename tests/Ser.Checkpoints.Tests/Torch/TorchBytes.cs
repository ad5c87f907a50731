using System.IO.Compression;
using System.Numerics;
using System.Text;
using Ser.Checkpoints.Torch;

namespace Ser.Checkpoints.Tests.Torch;

/// <summary>A pickle that is built instruction by instruction, and files of torch.save around it.</summary>
internal sealed class TorchBytes
{
    private readonly MemoryStream _bytes = new();

    internal TorchBytes() => Op(0x80, 2);

    internal TorchBytes Op(params ReadOnlySpan<byte> codes)
    {
        _bytes.Write(codes);
        return this;
    }

    internal TorchBytes Op(string codes) => Op(Encoding.Latin1.GetBytes(codes));

    internal TorchBytes Text(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return Op("X").Op(BitConverter.GetBytes(utf8.Length)).Op(utf8);
    }

    internal TorchBytes Number(BigInteger number)
    {
        byte[] digits = number.ToByteArray();
        return Op(0x8A, (byte)digits.Length).Op(digits);
    }

    internal TorchBytes Global(string module, string name) => Op($"c{module}\n{name}\n");

    internal TorchBytes Tuple(params ReadOnlySpan<BigInteger> numbers)
    {
        Op("(");
        foreach (var number in numbers)
        {
            Number(number);
        }

        return Op("t");
    }

    internal TorchBytes Storage(string key, BigInteger count, string type = "FloatStorage") =>
        Op("(").Text("storage").Global("torch", type).Text(key).Text("cpu").Number(count).Op("tQ");

    internal TorchBytes Tensor(
        string key,
        BigInteger count,
        BigInteger offset,
        BigInteger[] shape,
        BigInteger[] strides,
        string type = "FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2")
            .Op("(").Storage(key, count, type).Number(offset).Tuple(shape).Tuple(strides).Op(0x89).Op("}tR");

    internal byte[] Pickle() => [.. _bytes.ToArray(), (byte)'.'];

    /// <summary>A zip file of this pickle and of storages in order of their keys 0, 1, ...</summary>
    internal byte[] Zip(CompressionLevel compression = CompressionLevel.NoCompression, params ReadOnlySpan<byte[]> storages)
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            Entry(zip, "archive/data.pkl", Pickle(), compression);
            for (int key = 0; key < storages.Length; key++)
            {
                Entry(zip, $"archive/data/{key}", storages[key], compression);
            }
        }

        return file.ToArray();
    }

    /// <summary>The same zip file with a directory of 64-bit numbers, as files beyond 4 GiB have it.</summary>
    internal static byte[] Zip64(byte[] zip)
    {
        int end = zip.Length - 22;
        int start = BitConverter.ToInt32(zip, end + 16);
        var wide = new MemoryStream();
        wide.Write(zip, 0, start);
        for (int at = start; at < end;)
        {
            int name = BitConverter.ToUInt16(zip, at + 28);
            int extra = BitConverter.ToUInt16(zip, at + 30);
            int comment = BitConverter.ToUInt16(zip, at + 32);
            byte[] record = zip[at..(at + 46)];
            long packed = BitConverter.ToUInt32(record, 20);
            long size = BitConverter.ToUInt32(record, 24);
            long header = BitConverter.ToUInt32(record, 42);
            BitConverter.GetBytes((ushort)28).CopyTo(record, 30);
            foreach (int field in (int[])[20, 24, 42])
            {
                record.AsSpan(field, 4).Fill(0xFF);
            }

            wide.Write(record);
            wide.Write(zip, at + 46, name);
            wide.Write([1, 0, 24, 0]);
            wide.Write([.. BitConverter.GetBytes(size), .. BitConverter.GetBytes(packed), .. BitConverter.GetBytes(header)]);
            wide.Write(zip, at + 46 + name + extra, comment);
            at += 46 + name + extra + comment;
        }

        long record64 = wide.Position;
        byte[] directory = [.. BitConverter.GetBytes(record64 - start), .. BitConverter.GetBytes((long)start)];
        wide.Write([.. "PK\u0006\u0006"u8, .. new byte[36], .. directory]);
        wide.Write([.. "PK\u0006\u0007"u8, .. new byte[4], .. BitConverter.GetBytes(record64), .. new byte[4]]);
        byte[] last = zip[end..];
        last.AsSpan(12, 8).Fill(0xFF);
        wide.Write(last);
        return wide.ToArray();
    }

    /// <summary>A stream as torch before 1.6 wrote it, of this pickle and of one storage of float32 under key 0.</summary>
    internal byte[] Legacy(byte[] storage)
    {
        byte[] version = new TorchBytes().Number(1001).Pickle();
        byte[] machine = new TorchBytes().Op("}").Text("little_endian").Op(0x88).Op("s").Pickle();
        byte[] keys = new TorchBytes().Op("]").Text("0").Op("a").Pickle();
        byte[] count = BitConverter.GetBytes(storage.LongLength / 4);
        return [.. LegacyStream.Magic, .. version, .. machine, .. Pickle(), .. keys, .. count, .. storage];
    }

    private static void Entry(ZipArchive zip, string name, byte[] content, CompressionLevel compression)
    {
        using var entry = zip.CreateEntry(name, compression).Open();
        entry.Write(content);
    }
}
