using System.Text;

namespace Ser.Checkpoints.Pickles;

/// <summary>
/// Builds the values of a pickle. The few functions that create plain data and tensors are implemented here. Everything else becomes an
/// inert object with a name and a state.
/// </summary>
internal sealed class PickledBuilder(string path, AllocationBudget allowance)
{
    private const int MaxDimensions = 16;

    /// <summary>Returns the result of calling <paramref name="callee"/> with some arguments.</summary>
    internal object? Call(object? callee, object? arguments)
    {
        if (callee is not PickledGlobal global || arguments is not PickledTuple { Items: var items })
        {
            throw InvalidCheckpoint.Create(path, $"its pickle calls {Describe(callee)}; it was not written by torch.save");
        }

        allowance.Spend(64);
        switch (global.FullName)
        {
            case "collections.OrderedDict":
            case "collections.defaultdict":
                var dict = new PickledDict();
                if (global.Name == "OrderedDict" && items is [PickledList { Items: var pairs }])
                {
                    Set(dict, [.. pairs.SelectMany(pair => Pair(pair) ?? throw Unexpected(global))]);
                }

                return dict;
            case "torch._utils._rebuild_tensor":
            case "torch._utils._rebuild_tensor_v2":
                return items is [PickledStorage storage, long offset, PickledTuple shape, PickledTuple strides, ..]
                    ? Tensor(storage, offset, Longs(global, shape), Longs(global, strides))
                    : throw Unexpected(global);
            case "torch._utils._rebuild_parameter":
            case "torch._utils._rebuild_parameter_with_state":
                return items is [PickledTensor tensor, ..] ? tensor : throw Unexpected(global);
            case "torch.Size":
                return items is [PickledTuple size] ? size : throw Unexpected(global);
            case "_codecs.encode": // protocol 2 writes bytes like this
                return items is [string text, "latin1"] ? Latin1(text) : throw Unexpected(global);
            default:
                return PickledGlobals.IsPlainData(global) ? new PickledObject(global, arguments) : throw Unexpected(global);
        }
    }

    /// <summary>Appends items to a list. Inert objects ignore them.</summary>
    internal void Append(object? target, ReadOnlySpan<object?> items)
    {
        allowance.Spend(24L * items.Length);
        if (target is PickledList list)
        {
            list.Items.AddRange(items);
        }
        else if (target is not PickledObject)
        {
            throw InvalidCheckpoint.Create(path, $"its pickle appends items to {Describe(target)}; it was not written by torch.save");
        }
    }

    /// <summary>Sets alternating keys and values in a dictionary. Inert objects ignore them.</summary>
    internal void Set(object? target, ReadOnlySpan<object?> pairs)
    {
        allowance.Spend(24L * pairs.Length);
        if (pairs.Length % 2 != 0)
        {
            throw InvalidCheckpoint.Create(path, "its pickle has a key without a value; download it again");
        }

        if (target is PickledDict dict)
        {
            for (int i = 0; i < pairs.Length; i += 2)
            {
                dict.Items.Add((pairs[i], pairs[i + 1]));
            }
        }
        else if (target is not PickledObject)
        {
            string problem = $"its pickle sets keys and values in {Describe(target)}; it was not written by torch.save";
            throw InvalidCheckpoint.Create(path, problem);
        }
    }

    /// <summary>Sets the state of an object. That of state dictionaries and parameters (versions of modules) is ignored.</summary>
    internal void SetState(object? target, object? state)
    {
        switch (target)
        {
            case PickledObject inert:
                inert.State = state;
                break;
            case PickledDict or PickledTensor:
                break;
            default:
                throw InvalidCheckpoint.Create(path, $"its pickle sets the state of {Describe(target)}; it was not written by torch.save");
        }
    }

    /// <summary>Describes a value for messages.</summary>
    internal static string Describe(object? value) => value switch
    {
        null => "None",
        PickledGlobal global => global.FullName,
        PickledObject inert => inert.Type.FullName,
        PickledTuple => "a tuple",
        PickledList => "a list",
        PickledDict => "a dictionary",
        PickledTensor => "a tensor",
        PickledStorage => "a storage",
        string => "text",
        byte[] => "bytes",
        _ => "a number",
    };

    // The key-value pairs of an OrderedDict: Python 2 wrote lists of two where Python 3 writes tuples.
    private static IReadOnlyList<object?>? Pair(object? value) => value switch
    {
        PickledTuple { Items.Length: 2 } tuple => tuple.Items,
        PickledList { Items.Count: 2 } list => list.Items,
        _ => null,
    };

    // A tensor that repeats its storage (stride 0, overlapping rows) could have any size, so it may not have more elements than its
    // storage.
    private PickledTensor Tensor(PickledStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || offset < 0 || shape.Any(side => side < 0) || strides.Any(stride => stride < 0))
        {
            throw InvalidCheckpoint.Create(path, $"a tensor in its pickle has {Layout()}; download it again");
        }

        bool empty = shape.Contains(0);
        Int128 count = shape.Aggregate(Int128.One, (product, side) => product > storage.Count ? product : product * side);
        Int128 last = empty
            ? -1
            : shape.Zip(strides).Aggregate((Int128)offset, (sum, side) => sum + ((Int128)(side.First - 1) * side.Second));
        if (empty ? offset > storage.Count : count > storage.Count || last >= storage.Count)
        {
            string problem = $"a tensor of {Layout()} lies outside its storage of {storage.Count} numbers; download it again";
            throw InvalidCheckpoint.Create(path, problem);
        }

        allowance.Spend(64 + (16L * shape.Length));
        return new PickledTensor(storage, offset, shape, strides);

        string Layout() => $"shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {offset}";
    }

    private long[] Longs(PickledGlobal global, PickledTuple tuple) => tuple.Items.Length <= MaxDimensions
        ? Array.ConvertAll(tuple.Items, item => item is long number ? number : throw Unexpected(global))
        : throw Unexpected(global);

    private byte[] Latin1(string text)
    {
        allowance.Spend(text.Length);
        return Encoding.Latin1.GetBytes(text);
    }

    private InvalidDataException Unexpected(PickledGlobal global) => InvalidCheckpoint.Create(
        path,
        $"its pickle calls {global.FullName} in a way that creates neither a tensor nor plain data; "
        + "load it with the software that wrote it and save only the model's state_dict");
}
