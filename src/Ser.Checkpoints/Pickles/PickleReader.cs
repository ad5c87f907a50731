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
    private readonly PickleStack _stack = new(path, bytes, allowance);
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
                object? value = _stack.Pop();
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
                _stack.Mark();
                break;
            case (byte)'0':
                _stack.Pop();
                break;
            case (byte)'1':
                _stack.PopToMark();
                break;
            case (byte)'2':
                _stack.Push(_stack.Top(), 0);
                break;
            case (byte)'N':
                _stack.Push(null, 0);
                break;
            case 0x88:
                _stack.Push(true, 24);
                break;
            case 0x89:
                _stack.Push(false, 24);
                break;
            case (byte)'K':
                _stack.Push((long)bytes.Byte(), 24);
                break;
            case (byte)'M':
                _stack.Push((long)BinaryPrimitives.ReadUInt16LittleEndian(bytes.Take(2)), 24);
                break;
            case (byte)'J':
                _stack.Push((long)BinaryPrimitives.ReadInt32LittleEndian(bytes.Take(4)), 24);
                break;
            case 0x8A:
                Integer(bytes.Byte());
                break;
            case 0x8B:
                Integer(Length32());
                break;
            case (byte)'G':
                _stack.Push(BinaryPrimitives.ReadDoubleBigEndian(bytes.Take(8)), 24);
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
                var id = _stack.Pop() as PickledTuple ?? throw InvalidCheckpoint.Create(path, notTuple);
                _stack.Push(storage(id), 0);
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
                _stack.Push(new PickledTuple([]), 32);
                break;
            case 0x85:
            case 0x86:
            case 0x87:
                PushTuple(_stack.Pop(code - 0x84));
                break;
            case (byte)'t':
                PushTuple(_stack.PopToMark());
                break;
            case (byte)']':
            case 0x8F: // EMPTY_SET
                _stack.Push(new PickledList(), 64);
                break;
            case (byte)'l':
            case 0x91: // FROZENSET
                var items = _stack.PopToMark();
                _stack.Push(new PickledList(), 64);
                _builder.Append(_stack.Top(), items);
                break;
            case (byte)'}':
                _stack.Push(new PickledDict(), 64);
                break;
            case (byte)'d':
                var pairs = _stack.PopToMark();
                _stack.Push(new PickledDict(), 64);
                _builder.Set(_stack.Top(), pairs);
                break;
            case (byte)'a':
                object? item = _stack.Pop();
                _builder.Append(_stack.Top(), [item]);
                break;
            case (byte)'e':
            case 0x90: // ADDITEMS
                var more = _stack.PopToMark();
                _builder.Append(_stack.Top(), more);
                break;
            case (byte)'s':
                object? value = _stack.Pop(), key = _stack.Pop();
                _builder.Set(_stack.Top(), [key, value]);
                break;
            case (byte)'u':
                var set = _stack.PopToMark();
                _builder.Set(_stack.Top(), set);
                break;
            case (byte)'R':
            case 0x81: // NEWOBJ
                object? arguments = _stack.Pop();
                _stack.Push(_builder.Call(_stack.Pop(), arguments), 0);
                break;
            case 0x92: // NEWOBJ_EX
                _stack.Pop();
                goto case 0x81;
            case (byte)'b':
                object? state = _stack.Pop();
                _builder.SetState(_stack.Top(), state);
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
        _stack.Push(number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number, 64 + count);
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

        _stack.Push(encoding.GetString(text), 0);
    }

    private void Bytes(long count)
    {
        allowance.Spend(32 + count);
        _stack.Push(bytes.Take(count).ToArray(), 0);
    }

    private long Length32() => BinaryPrimitives.ReadUInt32LittleEndian(bytes.Take(4));

    private long Length64() => (long)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(bytes.Take(8)), long.MaxValue / 4);

    private void PushTuple(object?[] items) => _stack.Push(new PickledTuple(items), 48 + (16L * items.Length));

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

        _stack.Push(global, 64 + (2L * (module.Length + name.Length)));
    }

    private void Remember(uint index)
    {
        allowance.Spend(64);
        _memo[index] = _stack.Top();
    }

    private void Recall(uint index)
    {
        if (!_memo.TryGetValue(index, out object? value))
        {
            throw InvalidCheckpoint.Create(path, $"its pickle refers to memo entry {index}, which does not exist; download it again");
        }

        _stack.Push(value, 0);
    }

    private string PopText() =>
        _stack.Pop() as string ?? throw InvalidCheckpoint.Create(path, "a name in its pickle is not text; download it again");
}
