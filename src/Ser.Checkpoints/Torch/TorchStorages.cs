using Ser.Checkpoints.Pickles;

namespace Ser.Checkpoints.Torch;

/// <summary>The storages that a pickle refers to, one for each key: ('storage', class, key, device, numbers).</summary>
internal sealed class TorchStorages(string path, Allowance allowance)
{
    private readonly Dictionary<string, PickledStorage> byKey = [];

    /// <summary>The storage of a persistent id.</summary>
    /// <exception cref="InvalidDataException">It is none, or it says something else than an earlier one of the same key.</exception>
    internal PickledStorage Of(PickledTuple id)
    {
        // The old stream's sixth member is a view of another storage; torch has written None there since 2017.
        if (id.Items is not ["storage", PickledGlobal type, string key, _, long count, .. var view] || view is not ([] or [null])
            || PickledGlobals.StorageType(type) is not { } dtype)
        {
            throw Unsound.File(path, "a persistent id in its pickle is no storage of numbers; load the file with the software that wrote it and save the model's state_dict alone");
        }

        if (!byKey.TryGetValue(key, out var storage))
        {
            allowance.Spend(160);
            byKey[key] = storage = new PickledStorage(key, dtype, count);
        }

        return storage.DType == dtype && storage.Count == count && count >= 0
            ? storage
            : throw Unsound.File(path, $"storage {key} is {dtype} of {count} numbers here and {storage.DType} of {storage.Count} numbers there; download it again");
    }

    /// <summary>The storage of a key; null where the pickle refers to none.</summary>
    internal PickledStorage? this[string key] => byKey.GetValueOrDefault(key);

    internal IEnumerable<PickledStorage> All => byKey.Values;

    /// <summary>Says where a storage's bytes lie.</summary>
    /// <exception cref="InvalidDataException">It claims more numbers than there are bytes for.</exception>
    internal void Place(PickledStorage storage, long start, long end)
    {
        if (storage.Count > (end - start) / DataTypes.Size(storage.DType))
        {
            throw Unsound.File(path, $"storage {storage.Key} claims {storage.Count} numbers of type {storage.DType}, but the file has {end - start} bytes for it; download it again");
        }

        storage.Start = start;
    }
}
