namespace Ser.Checkpoints.Pickles;

/// <summary>
/// The stack of a pickle reader, with its marks. Values below the last mark cannot be taken, and every value counts against the allowance.
/// </summary>
internal sealed class PickleStack(string path, ByteCursor bytes, AllocationBudget allowance)
{
    private readonly List<object?> _values = [];
    private readonly List<int> _marks = [];

    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    /// <summary>Sets a mark at the top of the stack.</summary>
    internal void Mark()
    {
        allowance.Spend(8);
        _marks.Add(_values.Count);
    }

    /// <summary>Adds a value that takes about <paramref name="cost"/> bytes.</summary>
    internal void Push(object? value, long cost)
    {
        // Every value costs its 8-byte entry on the stack, counted twice because lists grow by doubling.
        allowance.Spend(16 + cost);
        _values.Add(value);
    }

    /// <summary>Returns the last value without taking it.</summary>
    /// <exception cref="InvalidDataException">There is no value above the last mark.</exception>
    internal object? Top() => _values.Count > Floor ? _values[^1] : throw Underflow();

    /// <summary>Takes the last value.</summary>
    /// <exception cref="InvalidDataException">There is no value above the last mark.</exception>
    internal object? Pop()
    {
        object? value = Top();
        _values.RemoveAt(_values.Count - 1);
        return value;
    }

    /// <summary>Takes the last <paramref name="count"/> values, in the order in which they were added.</summary>
    /// <exception cref="InvalidDataException">There are fewer values above the last mark.</exception>
    internal object?[] Pop(int count) => _values.Count - Floor >= count ? PopFrom(_values.Count - count) : throw Underflow();

    /// <summary>Takes the values above the last mark, in the order in which they were added, and removes the mark.</summary>
    /// <exception cref="InvalidDataException">There is no mark.</exception>
    internal object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw Underflow();
        }

        int start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        allowance.Spend(24 + (8L * (_values.Count - start)));
        return PopFrom(start);
    }

    private object?[] PopFrom(int start)
    {
        var items = new object?[_values.Count - start];
        _values.CopyTo(start, items, 0, items.Length);
        _values.RemoveRange(start, items.Length);
        return items;
    }

    private InvalidDataException Underflow()
    {
        long position = bytes.Position - 1;
        return InvalidCheckpoint.Create(path, $"its pickle takes a value at byte {position} where the stack has none; download it again");
    }
}
