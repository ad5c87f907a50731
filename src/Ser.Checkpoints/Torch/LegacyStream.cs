using System.Buffers.Binary;
using System.Numerics;
using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints.Torch;

/// <summary>
/// What torch.save wrote before version 1.6: pickles of a magic number, a protocol version, the machine, the value and the keys of its storages; then each storage's
/// count (8 bytes) and numbers in the order of the keys.
/// </summary>
internal static class LegacyStream
{
    private const long ProtocolVersion = 1001;

    // The magic number as it stands in every such file: PROTO 2, LONG1 of 10 bytes, 0x1950A86A20F9469CFC6C.
    internal static ReadOnlySpan<byte> Magic => [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];

    internal static object? Read(string path, Stream stream, Allowance allowance)
    {
        var bytes = new ByteCursor(path, stream, Magic.Length, stream.Length, allowance);
        var storages = new TorchStorages(path, allowance);
        object? Pickle() => new PickleReader(path, bytes, allowance, storages.Of).Read();

        object? version = Pickle(), machine = Pickle();
        if (version is not ProtocolVersion || machine is not PickledDict facts)
        {
            throw Unsound.File(path, $"it is a stream of torch.save of a version other than {ProtocolVersion}; download it again");
        }

        if (facts["little_endian"] is not true)
        {
            throw Unsound.File(path, "its numbers are not little-endian; save it on a little-endian machine");
        }

        object? root = Pickle();
        if (Pickle() is not PickledList keys)
        {
            throw Unsound.File(path, "its list of storages is missing; download it again");
        }

        foreach (object? key in keys.Items)
        {
            var storage = storages[key as string ?? ""] ?? throw Unsound.File(path, $"it lists a storage {key} that its pickle does not use; download it again");
            long count = BinaryPrimitives.ReadInt64LittleEndian(bytes.Take(8));
            if (count != storage.Count)
            {
                throw Unsound.File(path, $"storage {storage.Key} has {count} numbers, but its pickle says {storage.Count}; download it again");
            }

            storages.Place(storage, bytes.Position, stream.Length);
            bytes.Skip(count * DataTypes.Size(storage.DType));
        }

        return storages.All.FirstOrDefault(storage => storage.Start < 0) is { } missing
            ? throw Unsound.File(path, $"it has no numbers for storage {missing.Key}; download it again")
            : root;
    }
}
