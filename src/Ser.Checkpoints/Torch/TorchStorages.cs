using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints.Torch;

/// <summary>The storages that a pickle refers to by persistent ids ('storage', class, key, device, count), one for each key.</summary>
internal sealed class TorchStorages(string path, AllocationBudget allowance)
{
    private readonly Dictionary<string, PickledStorage> _byKey = [];

    /// <summary>Returns the storage of a persistent id.</summary>
    /// <exception cref="InvalidDataException">The id is not that of a storage, or contradicts an earlier id with the same key.</exception>
    internal PickledStorage GetOrAdd(PickledTuple id)
    {
        // The sixth element of an id, in the format before 1.6, is a view of another storage. torch has written None there since 2017.
        if (id.Items is not ["storage", PickledGlobal type, string key, _, long count, .. var view] || view is not ([] or [null])
            || PickledGlobals.StorageType(type) is not { } dtype)
        {
            throw InvalidCheckpoint.Create(
                path,
                "a persistent id in its pickle is not that of a storage of numbers; "
                + "load the file with the software that wrote it and save only the model's state_dict");
        }

        if (!_byKey.TryGetValue(key, out var storage))
        {
            allowance.Spend(160);
            _byKey[key] = storage = new PickledStorage(key, dtype, count);
        }

        return storage.DType == dtype && storage.Count == count && count >= 0
            ? storage
            : throw InvalidCheckpoint.Create(
                path,
                $"its pickle describes storage {key} both as {dtype} of {count} numbers and as {storage.DType} of {storage.Count} numbers; "
                + "download it again");
    }

    /// <summary>The storage of a key; null where the pickle does not refer to it.</summary>
    internal PickledStorage? this[string key] => _byKey.GetValueOrDefault(key);

    internal IEnumerable<PickledStorage> All => _byKey.Values;

    /// <summary>Sets the position of a storage's bytes in the file.</summary>
    /// <exception cref="InvalidDataException">The storage has more numbers than fit into the bytes.</exception>
    internal void SetPosition(PickledStorage storage, long start, long end)
    {
        if (storage.Count > (end - start) / DataTypes.Size(storage.DType))
        {
            throw InvalidCheckpoint.Create(
                path,
                $"storage {storage.Key} should have {storage.Count} numbers of type {storage.DType}, "
                + $"but the file has {end - start} bytes for it; download it again");
        }

        storage.Start = start;
    }
}
