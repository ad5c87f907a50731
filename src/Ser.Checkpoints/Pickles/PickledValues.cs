namespace Ser.Checkpoints.Pickles;

// None is null; numbers, truth values, text and bytes are .NET's own: long or BigInteger, double, bool, string, byte[].

/// <summary>A tuple.</summary>
internal sealed record PickledTuple(object?[] Items);

/// <summary>A list or a set.</summary>
internal sealed class PickledList
{
    internal List<object?> Items { get; } = [];
}

/// <summary>A dict, OrderedDict or defaultdict in its own order.</summary>
internal sealed class PickledDict
{
    internal List<(object? Key, object? Value)> Items { get; } = [];

    /// <summary>The value last set under a name; null where there is none.</summary>
    internal object? this[string name] => Items.FindLast(item => item.Key is string key && key == name).Value;
}

/// <summary>A class or function by name. It is only ever a name.</summary>
internal sealed record PickledGlobal(string Module, string Name)
{
    internal string FullName { get; } = $"{Module}.{Name}";
}

/// <summary>An object of a class that is known to be plain data: its class, what it was made of, and its state. Nothing was run to make it.</summary>
internal sealed class PickledObject(PickledGlobal type, object? arguments)
{
    internal PickledGlobal Type => type;

    internal object? Arguments => arguments;

    internal object? State { get; set; }
}

/// <summary>A torch storage: numbers in a row somewhere in the file.</summary>
internal sealed class PickledStorage(string key, string dtype, long count)
{
    internal string Key => key;

    internal string DType => dtype;

    internal long Count => count;

    /// <summary>Where its bytes begin in the file; -1 until that is known.</summary>
    internal long Start { get; set; } = -1;
}

/// <summary>A view of a storage. Offset and strides count numbers, not bytes; every index lies inside the storage.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);
