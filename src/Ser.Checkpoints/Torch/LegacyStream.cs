using System.Buffers.Binary;
using System.Numerics;
using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints.Torch;

/// <summary>
/// The format of torch.save before version 1.6: pickles of a magic number, a protocol version, the machine, the value and the keys of its
/// storages. The count (8 bytes) and the numbers of each storage follow in the order of the keys.
/// </summary>
internal static class LegacyStream
{
    private const long ProtocolVersion = 1001;

    // The bytes of the magic number in every such file: PROTO 2, LONG1 of 10 bytes, 0x1950A86A20F9469CFC6C, STOP.
    internal static ReadOnlySpan<byte> Magic =>
        [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.'];

    internal static object? Read(string path, Stream stream, AllocationBudget allowance)
    {
        var bytes = new ByteCursor(path, stream, Magic.Length, stream.Length, allowance);
        var storages = new TorchStorages(path, allowance);
        object? ReadPickle() => new PickleReader(path, bytes, allowance, storages.GetOrAdd).Read();

        object? version = ReadPickle(), machine = ReadPickle();
        if (version is not ProtocolVersion || machine is not PickledDict facts)
        {
            string problem = $"its version of the torch.save stream format is not {ProtocolVersion}; download it again";
            throw InvalidCheckpoint.Create(path, problem);
        }

        if (facts["little_endian"] is not true)
        {
            throw InvalidCheckpoint.Create(path, "its numbers are not little-endian; save it on a little-endian machine");
        }

        object? root = ReadPickle();
        if (ReadPickle() is not PickledList keys)
        {
            throw InvalidCheckpoint.Create(path, "its list of storages is missing; download it again");
        }

        foreach (object? key in keys.Items)
        {
            var storage = storages[key as string ?? ""]
                ?? throw InvalidCheckpoint.Create(path, $"it lists a storage {key} that its pickle does not use; download it again");
            long count = BinaryPrimitives.ReadInt64LittleEndian(bytes.Take(8));
            if (count != storage.Count)
            {
                string problem = $"storage {storage.Key} has {count} numbers, but its pickle says {storage.Count}";
                throw InvalidCheckpoint.Create(path, $"{problem}; download it again");
            }

            storages.SetPosition(storage, bytes.Position, stream.Length);
            bytes.Skip(count * DataTypes.Size(storage.DType));
        }

        return storages.All.FirstOrDefault(storage => storage.Start < 0) is { } missing
            ? throw InvalidCheckpoint.Create(path, $"it has no numbers for storage {missing.Key}; download it again")
            : root;
    }
}
