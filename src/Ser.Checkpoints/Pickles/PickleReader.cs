using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Unicode;

namespace Ser.Checkpoints.Pickles;

/// <summary>
/// A pickle reader (protocols 2 to 5) for data only. It creates plain containers, torch tensors, and inert objects of known classes. It
/// runs no code and rejects all other names. Work and memory are bounded by the length of the file.
/// </summary>
internal sealed class PickleReader(string path, ByteCursor bytes, AllocationBudget allowance, Func<PickledTuple, PickledStorage> storage)
{
    private readonly List<object?> _stack = [];
    private readonly List<int> _marks = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private readonly PickledBuilder _builder = new(path, allowance);

    /// <summary>Reads one pickle, up to its STOP instruction.</summary>
    /// <exception cref="InvalidDataException">
    /// The pickle is truncated or invalid, names anything but plain data, contains itself, or requires more memory than its length allows.
    /// </exception>
    internal object? Read()
    {
        while (true)
        {
            byte code = bytes.Byte();
            if (code == '.')
            {
                object? value = Pop();
                PickleCycles.ThrowIfCyclic(path, value);
                return value;
            }

            Step(code);
        }
    }

    private void Step(byte code)
    {
        switch (code)
        {
            case 0x80: // PROTO
                Protocol(bytes.Byte());
                break;
            case 0x95: // FRAME
                bytes.Take(8);
                break;
            case (byte)'(':
                allowance.Spend(8);
                _marks.Add(_stack.Count);
                break;
            case (byte)'0':
                Pop();
                break;
            case (byte)'1':
                PopToMark();
                break;
            case (byte)'2':
                Push(Top(), 0);
                break;
            case (byte)'N':
                Push(null, 0);
                break;
            case 0x88:
                Push(true, 24);
                break;
            case 0x89:
                Push(false, 24);
                break;
            case (byte)'K':
                Push((long)bytes.Byte(), 24);
                break;
            case (byte)'M':
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(bytes.Take(2)), 24);
                break;
            case (byte)'J':
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(bytes.Take(4)), 24);
                break;
            case 0x8A:
                Integer(bytes.Byte());
                break;
            case 0x8B:
                Integer(Length32());
                break;
            case (byte)'G':
                Push(BinaryPrimitives.ReadDoubleBigEndian(bytes.Take(8)), 24);
                break;
            case 0x8C:
                Text(Encoding.UTF8, bytes.Byte());
                break;
            case (byte)'X':
                Text(Encoding.UTF8, Length32());
                break;
            case 0x8D:
                Text(Encoding.UTF8, Length64());
                break;
            case (byte)'U': // Python 2's str
                Text(Encoding.Latin1, bytes.Byte());
                break;
            case (byte)'T':
                Text(Encoding.Latin1, Length32());
                break;
            case (byte)'C':
                Bytes(bytes.Byte());
                break;
            case (byte)'B':
                Bytes(Length32());
                break;
            case 0x8E:
            case 0x96:
                Bytes(Length64());
                break;
            case (byte)'q':
                Remember(bytes.Byte());
                break;
            case (byte)'r':
                Remember(BinaryPrimitives.ReadUInt32LittleEndian(bytes.Take(4)));
                break;
            case 0x94:
                Remember((uint)_memo.Count);
                break;
            case (byte)'h':
                Recall(bytes.Byte());
                break;
            case (byte)'j':
                Recall(BinaryPrimitives.ReadUInt32LittleEndian(bytes.Take(4)));
                break;
            case (byte)'c':
                Global(bytes.Line(), bytes.Line());
                break;
            case 0x93:
                string name = PopText();
                Global(PopText(), name);
                break;
            case (byte)'Q':
                const string notTuple = "a persistent id in its pickle is not a tuple; it was not written by torch.save";
                var id = Pop() as PickledTuple ?? throw InvalidCheckpoint.Create(path, notTuple);
                Push(storage(id), 0);
                break;
            default:
                Container(code);
                break;
        }
    }

    private void Container(byte code)
    {
        switch (code)
        {
            case (byte)')':
                Push(new PickledTuple([]), 32);
                break;
            case 0x85:
            case 0x86:
            case 0x87:
                Tuple(code - 0x84);
                break;
            case (byte)'t':
                PushTuple(PopToMark());
                break;
            case (byte)']':
            case 0x8F: // EMPTY_SET
                Push(new PickledList(), 64);
                break;
            case (byte)'l':
            case 0x91: // FROZENSET
                var items = PopToMark();
                Push(new PickledList(), 64);
                _builder.Append(Top(), items);
                break;
            case (byte)'}':
                Push(new PickledDict(), 64);
                break;
            case (byte)'d':
                var pairs = PopToMark();
                Push(new PickledDict(), 64);
                _builder.Set(Top(), pairs);
                break;
            case (byte)'a':
                object? item = Pop();
                _builder.Append(Top(), [item]);
                break;
            case (byte)'e':
            case 0x90: // ADDITEMS
                var more = PopToMark();
                _builder.Append(Top(), more);
                break;
            case (byte)'s':
                object? value = Pop(), key = Pop();
                _builder.Set(Top(), [key, value]);
                break;
            case (byte)'u':
                var set = PopToMark();
                _builder.Set(Top(), set);
                break;
            case (byte)'R':
            case 0x81: // NEWOBJ
                object? arguments = Pop();
                Push(_builder.Call(Pop(), arguments), 0);
                break;
            case 0x92: // NEWOBJ_EX
                Pop();
                goto case 0x81;
            case (byte)'b':
                object? state = Pop();
                _builder.SetState(Top(), state);
                break;
            default:
                throw InvalidCheckpoint.Create(
                    path,
                    $"its pickle has the instruction 0x{code:X2} at byte {bytes.Position - 1}, which torch.save does not write; "
                    + "download it again");
        }
    }

    private void Protocol(byte version)
    {
        if (version is < 2 or > 5)
        {
            string problem = $"its pickle has protocol {version}, but only 2 to 5 are supported; save it again with torch.save";
            throw InvalidCheckpoint.Create(path, problem);
        }
    }

    private void Integer(long count)
    {
        if (count > 1024)
        {
            throw InvalidCheckpoint.Create(path, $"its pickle has an integer of {count} bytes; download it again");
        }

        var number = new BigInteger(bytes.Take(count));
        Push(number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number, 64 + count);
    }

    private void Text(Encoding encoding, long count)
    {
        allowance.Spend(32 + (2 * count));
        var text = bytes.Take(count);

        // .NET would replace each invalid byte by U+FFFD, which could take many times the memory of the text.
        if (encoding == Encoding.UTF8 && !Utf8.IsValid(text))
        {
            throw InvalidCheckpoint.Create(path, $"a text of {count} bytes in its pickle is not valid UTF-8; download it again");
        }

        Push(encoding.GetString(text), 0);
    }

    private void Bytes(long count)
    {
        allowance.Spend(32 + count);
        Push(bytes.Take(count).ToArray(), 0);
    }

    private long Length32() => BinaryPrimitives.ReadUInt32LittleEndian(bytes.Take(4));

    private long Length64() => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(bytes.Take(8)), long.MaxValue / 4);

    private void Tuple(int count)
    {
        if (_stack.Count - Floor < count)
        {
            throw StackUnderflow();
        }

        PushTuple(PopFrom(_stack.Count - count));
    }

    private void PushTuple(object?[] items) => Push(new PickledTuple(items), 48 + (16L * items.Length));

    private void Global(string module, string name)
    {
        var global = new PickledGlobal(module, name);
        if (PickledGlobals.StorageType(global) is null && !PickledGlobals.IsImplemented(global) && !PickledGlobals.IsPlainData(global))
        {
            throw InvalidCheckpoint.Create(
                path,
                $"its pickle names {global.FullName}, which is neither a tensor nor plain data; ser never runs code from a file. "
                + "If you trust the file, load it with the software that wrote it and save only the model's state_dict");
        }

        Push(global, 64 + (2L * (module.Length + name.Length)));
    }

    private void Remember(uint index)
    {
        allowance.Spend(64);
        _memo[index] = Top();
    }

    private void Recall(uint index)
    {
        if (!_memo.TryGetValue(index, out object? value))
        {
            throw InvalidCheckpoint.Create(path, $"its pickle refers to memo entry {index}, which does not exist; download it again");
        }

        Push(value, 0);
    }

    // Every value costs its 8-byte entry on the stack, counted twice because lists grow by doubling.
    private void Push(object? value, long cost)
    {
        allowance.Spend(16 + cost);
        _stack.Add(value);
    }

    private int Floor => _marks.Count == 0 ? 0 : _marks[^1];

    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw StackUnderflow();

    private object? Pop()
    {
        object? value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private string PopText() =>
        Pop() as string ?? throw InvalidCheckpoint.Create(path, "a name in its pickle is not text; download it again");

    private object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw StackUnderflow();
        }

        int start = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        allowance.Spend(24 + (8L * (_stack.Count - start)));
        return PopFrom(start);
    }

    private object?[] PopFrom(int start)
    {
        var items = new object?[_stack.Count - start];
        _stack.CopyTo(start, items, 0, items.Length);
        _stack.RemoveRange(start, items.Length);
        return items;
    }

    private InvalidDataException StackUnderflow()
    {
        long position = bytes.Position - 1;
        return InvalidCheckpoint.Create(path, $"its pickle takes a value at byte {position} where the stack has none; download it again");
    }
}
