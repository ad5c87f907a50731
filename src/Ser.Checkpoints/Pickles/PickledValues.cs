namespace Ser.Checkpoints.Pickles;

// None is null. Other simple values have .NET types: long or BigInteger, double, bool, string, byte[].

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

/// <summary>The name of a class or a function. It is never resolved to code.</summary>
internal sealed record PickledGlobal(string Module, string Name)
{
    internal string FullName { get; } = $"{Module}.{Name}";
}

/// <summary>
/// An inert object of a class that is known to be plain data: its class, constructor arguments and state. No code was run to create it.
/// </summary>
internal sealed class PickledObject(PickledGlobal type, object? arguments)
{
    internal PickledGlobal Type => type;

    internal object? Arguments => arguments;

    internal object? State { get; set; }
}

/// <summary>A torch storage: a contiguous array of numbers in the file.</summary>
internal sealed class PickledStorage(string key, string dtype, long count)
{
    internal string Key => key;

    internal string DType => dtype;

    internal long Count => count;

    /// <summary>The position of its bytes in the file; -1 until that is known.</summary>
    internal long Start { get; set; } = -1;
}

/// <summary>A view of a storage. Offset and strides count elements, not bytes. Every index lies inside the storage.</summary>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides);
