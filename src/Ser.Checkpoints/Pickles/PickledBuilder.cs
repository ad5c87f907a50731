using System.Text;

namespace Ser.Checkpoints.Pickles;

/// <summary>What a pickle's instructions do to values: the few functions that make plain data and tensors, done here; all else stays an inert name with its state.</summary>
internal sealed class PickledBuilder(string path, Allowance allowance)
{
    private const int MostDimensions = 16;

    /// <summary>What calling <paramref name="callee"/> would give.</summary>
    internal object? Make(object? callee, object? arguments)
    {
        if (callee is not PickledGlobal global || arguments is not PickledTuple { Items: var items })
        {
            throw Unsound.File(path, $"its pickle calls {Kind(callee)}; it was not written by torch.save");
        }

        allowance.Spend(64);
        switch (global.FullName)
        {
            case "collections.OrderedDict":
            case "collections.defaultdict":
                var dict = new PickledDict();
                if (global.Name == "OrderedDict" && items is [PickledList { Items: var pairs }])
                {
                    Set(dict, [.. pairs.SelectMany(pair => Pair(pair) ?? throw Odd(global))]);
                }

                return dict;
            case "torch._utils._rebuild_tensor":
            case "torch._utils._rebuild_tensor_v2":
                return items is [PickledStorage storage, long offset, PickledTuple shape, PickledTuple strides, ..]
                    ? Tensor(storage, offset, Longs(global, shape), Longs(global, strides))
                    : throw Odd(global);
            case "torch._utils._rebuild_parameter":
            case "torch._utils._rebuild_parameter_with_state":
                return items is [PickledTensor tensor, ..] ? tensor : throw Odd(global);
            case "torch.Size":
                return items is [PickledTuple size] ? size : throw Odd(global);
            case "_codecs.encode": // how protocol 2 writes bytes
                return items is [string text, "latin1"] ? Latin1(text) : throw Odd(global);
            default:
                return PickledGlobals.IsPlainData(global) ? new PickledObject(global, arguments) : throw Odd(global);
        }
    }

    /// <summary>Puts items into a list. An inert object drops them.</summary>
    internal void Append(object? target, ReadOnlySpan<object?> items)
    {
        allowance.Spend(24L * items.Length);
        if (target is PickledList list)
        {
            list.Items.AddRange(items);
        }
        else if (target is not PickledObject)
        {
            throw Unsound.File(path, $"its pickle puts items into {Kind(target)}; it was not written by torch.save");
        }
    }

    /// <summary>Puts keys and values, in turn, into a dictionary. An inert object drops them.</summary>
    internal void Set(object? target, ReadOnlySpan<object?> pairs)
    {
        allowance.Spend(24L * pairs.Length);
        if (pairs.Length % 2 != 0)
        {
            throw Unsound.File(path, "its pickle has a key without a value; download it again");
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
            throw Unsound.File(path, $"its pickle puts keys and values into {Kind(target)}; it was not written by torch.save");
        }
    }

    /// <summary>An object's state. State dictionaries and parameters have some of their own (module versions), which decides nothing here.</summary>
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
                throw Unsound.File(path, $"its pickle gives a state to {Kind(target)}; it was not written by torch.save");
        }
    }

    internal static string Kind(object? value) => value switch
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

    // Python 2 wrote lists of two where Python 3 writes tuples.
    private static IReadOnlyList<object?>? Pair(object? value) => value switch
    {
        PickledTuple { Items.Length: 2 } tuple => tuple.Items,
        PickledList { Items.Count: 2 } list => list.Items,
        _ => null,
    };

    // A tensor that repeats its storage (stride 0, overlapping rows) could claim any size, so it may not have more numbers than its storage.
    private PickledTensor Tensor(PickledStorage storage, long offset, long[] shape, long[] strides)
    {
        if (shape.Length != strides.Length || offset < 0 || shape.Any(side => side < 0) || strides.Any(stride => stride < 0))
        {
            throw Unsound.File(path, $"a tensor in its pickle has shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {offset}; download it again");
        }

        Int128 count = shape.Aggregate(Int128.One, (product, side) => product > storage.Count ? product : product * side);
        Int128 last = shape.Contains(0) ? -1 : shape.Zip(strides).Aggregate((Int128)offset, (sum, side) => sum + ((Int128)(side.First - 1) * side.Second));
        if (shape.Contains(0) ? offset > storage.Count : count > storage.Count || last >= storage.Count)
        {
            throw Unsound.File(path, $"a tensor of shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {offset} "
                + $"lies outside its storage of {storage.Count} numbers; download it again");
        }

        allowance.Spend(64 + (16L * shape.Length));
        return new PickledTensor(storage, offset, shape, strides);
    }

    private long[] Longs(PickledGlobal global, PickledTuple tuple) => tuple.Items.Length <= MostDimensions
        ? Array.ConvertAll(tuple.Items, item => item is long number ? number : throw Odd(global))
        : throw Odd(global);

    private byte[] Latin1(string text)
    {
        allowance.Spend(text.Length);
        return Encoding.Latin1.GetBytes(text);
    }

    private InvalidDataException Odd(PickledGlobal global) => Unsound.File(path, $"its pickle calls {global.FullName} in a way that makes neither a tensor nor plain data; "
        + "load it with the software that wrote it and save the model's state_dict alone");
}
