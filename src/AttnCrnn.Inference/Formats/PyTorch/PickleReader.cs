using AttnCrnn.IO;

namespace AttnCrnn.Formats.PyTorch;

/// <summary>
/// Interprets the subset of Python's pickle needed for tensor files (reference for the opcodes: pickletools in Python's
/// standard library). A pickle is a program; only opcodes that create numbers, strings, lists, dictionaries and tensors
/// are executed. Values are never traversed, so cyclic or deeply nested values are harmless; every opcode consumes at
/// least one byte and creates at most one small object.
/// </summary>
internal sealed class PickleReader
{
    private const int MaxSteps = 1 << 20; // about 40 per tensor: 26,000 tensors

    private readonly PickleBytes bytes;
    private readonly TorchObjects objects;
    private readonly List<object?> stack = [];
    private readonly List<int> marks = []; // stack heights
    private readonly Dictionary<long, object?> memo = []; // sparse: indices may be arbitrarily large

    private PickleReader(PickleBytes bytes, TorchObjects objects)
    {
        this.bytes = bytes;
        this.objects = objects;
    }

    /// <summary>Reads the value of the pickle at the current position.</summary>
    public static object? Read(PickleBytes bytes, TorchObjects objects) => new PickleReader(bytes, objects).Run();

    private object? Run()
    {
        for (var step = 0; step < MaxSteps; step++)
        {
            var code = (PickleCode)bytes.ReadByte();
            if (code == PickleCode.Stop)
            {
                var result = Pop();
                return stack.Count == 0
                    ? result
                    : throw bytes.Error($"{stack.Count} remaining values at the end of the pickle", "one value");
            }
            if (!ReadConstant(code) && !ReadMemo(code) && !ReadCollection(code) && !ReadObject(code))
                throw CreateUnknownCodeError(code);
        }
        throw bytes.Error(
            $"a pickle of more than {MaxSteps} instructions",
            "about 40 per tensor",
            "save the model's state_dict() with torch.save"
        );
    }

    private bool ReadConstant(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.Protocol when bytes.ReadByte() is > 5 and var version:
                throw bytes.Error($"pickle protocol {version}", "2 to 5");
            case PickleCode.Protocol:
                break;
            case PickleCode.Frame:
                bytes.RequireAvailable(bytes.ReadUnsigned(8));
                break;
            case PickleCode.None:
                Push(null);
                break;
            case PickleCode.True:
                Push(true);
                break;
            case PickleCode.False:
                Push(false);
                break;
            case PickleCode.Int:
                Push((long)bytes.ReadInt32());
                break;
            case PickleCode.Int1:
                Push((long)bytes.ReadByte());
                break;
            case PickleCode.Int2:
                Push(bytes.ReadUnsigned(2));
                break;
            case PickleCode.Long1:
                Push(bytes.ReadLong(bytes.ReadByte()));
                break;
            case PickleCode.Float:
                Push(bytes.ReadDouble());
                break;
            case PickleCode.Text:
                Push(bytes.ReadText(bytes.ReadUnsigned(4)));
                break;
            case PickleCode.ShortText:
                Push(bytes.ReadText(bytes.ReadByte()));
                break;
            default:
                return false;
        }
        return true;
    }

    private bool ReadMemo(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.Put:
                memo[bytes.ReadByte()] = Peek();
                break;
            case PickleCode.LongPut:
                memo[bytes.ReadUnsigned(4)] = Peek();
                break;
            case PickleCode.Memoize:
                memo[memo.Count] = Peek();
                break;
            case PickleCode.Get:
                PushMemo(bytes.ReadByte());
                break;
            case PickleCode.LongGet:
                PushMemo(bytes.ReadUnsigned(4));
                break;
            default:
                return false;
        }
        return true;
    }

    private bool ReadCollection(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.Mark:
                marks.Add(stack.Count);
                break;
            case PickleCode.EmptyDict:
                Push(new PickleDict());
                break;
            case PickleCode.EmptyList:
                Push(new PickleList());
                break;
            case PickleCode.EmptyTuple:
                Push(new PickleTuple([]));
                break;
            case PickleCode.Tuple:
                Push(new PickleTuple(PopToMark()));
                break;
            case PickleCode.Tuple1:
                Push(new PickleTuple(Pop(1)));
                break;
            case PickleCode.Tuple2:
                Push(new PickleTuple(Pop(2)));
                break;
            case PickleCode.Tuple3:
                Push(new PickleTuple(Pop(3)));
                break;
            case PickleCode.Append:
                AddItems(Pop(1));
                break;
            case PickleCode.Appends:
                AddItems(PopToMark());
                break;
            case PickleCode.SetItem:
                SetItems(Pop(2));
                break;
            case PickleCode.SetItems:
                SetItems(PopToMark());
                break;
            default:
                return false;
        }
        return true;
    }

    private bool ReadObject(PickleCode code)
    {
        switch (code)
        {
            case PickleCode.Global:
                Push(TorchObjects.ResolveGlobal(bytes.ReadLine(), bytes.ReadLine(), bytes));
                break;
            case PickleCode.StackGlobal:
                var names = Pop(2);
                Push(TorchObjects.ResolveGlobal(names[0] as string ?? "?", names[1] as string ?? "?", bytes));
                break;
            case PickleCode.PersistentId:
                Push(objects.ResolveStorage(Pop(), bytes));
                break;
            case PickleCode.Reduce:
                var call = Pop(2);
                Push(TorchObjects.Call(call[0], call[1], bytes));
                break;
            case PickleCode.Build: // a state dict's _metadata (layer versions), not needed for weights
                if (Pop() is not PickleDict || Peek() is not PickleDict)
                    throw bytes.Error(
                        "a state set on an object that is not an OrderedDict",
                        "a state dict with its _metadata"
                    );
                break;
            default:
                return false;
        }
        return true;
    }

    private InvalidFileException CreateUnknownCodeError(PickleCode code)
    {
        if (code == PickleCode.Instance)
            TorchObjects.ResolveGlobal(bytes.ReadLine(), bytes.ReadLine(), bytes); // the old call opcode: throws
        return bytes.Error(
            $"pickle instruction 0x{(byte)code:X2} ({PickleCodes.GetName(code)})",
            "only instructions that tensors need",
            TorchObjects.Remedy
        );
    }

    private void Push(object? value) => stack.Add(value);

    private void PushMemo(long index)
    {
        if (!memo.TryGetValue(index, out var value))
            throw bytes.Error($"undefined memo entry {index}", "a defined one", PickleBytes.Remedy);
        Push(value);
    }

    private object? Peek()
    {
        RequireAboveMark(1);
        return stack[^1];
    }

    private object? Pop() => Pop(1)[0];

    private object?[] Pop(int count)
    {
        RequireAboveMark(count);
        return RemoveFrom(stack.Count - count);
    }

    private object?[] PopToMark()
    {
        if (marks.Count == 0)
            throw bytes.Error("the end of a group without a mark", "a mark before it");
        var mark = marks[^1];
        marks.RemoveAt(marks.Count - 1);
        return RemoveFrom(mark);
    }

    private object?[] RemoveFrom(int first)
    {
        var items = new object?[stack.Count - first];
        stack.CopyTo(first, items, 0, items.Length);
        stack.RemoveRange(first, items.Length);
        return items;
    }

    private void RequireAboveMark(int count)
    {
        var floor = marks.Count == 0 ? 0 : marks[^1];
        if (stack.Count - floor < count)
            throw bytes.Error(
                $"{stack.Count - floor} values where an instruction takes {count}",
                "as many as it takes"
            );
    }

    private void AddItems(object?[] items)
    {
        if (Peek() is not PickleList list)
            throw bytes.Error("items added to an object that is not a list", "a list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Peek() is not PickleDict dict)
            throw bytes.Error("entries set in an object that is not a dictionary", "a dictionary");
        if (items.Length % 2 != 0)
            throw bytes.Error("a key without a value", "keys and values");
        for (var i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not string key)
                dict.OtherKeyOffset ??= bytes.Position;
            else if (!dict.TryAdd(key, items[i + 1]))
                throw bytes.Error($"two entries named {InputFile.Quote(key)}", "one");
        }
    }
}
