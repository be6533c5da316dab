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
            var code = (PickleCode)bytes.Byte();
            if (code == PickleCode.Stop)
            {
                var result = Pop();
                return stack.Count == 0
                    ? result
                    : throw bytes.Error($"{stack.Count} values left over at the end of the pickle", "one value");
            }
            if (!ReadConstant(code) && !ReadMemo(code) && !ReadCollection(code) && !ReadObject(code))
                throw Unknown(code);
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
            case PickleCode.Protocol when bytes.Byte() is > 5 and var version:
                throw bytes.Error($"pickle protocol {version}", "2 to 5");
            case PickleCode.Protocol:
                break;
            case PickleCode.Frame:
                bytes.Need(bytes.Unsigned(8));
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
                Push((long)bytes.Int32());
                break;
            case PickleCode.Int1:
                Push((long)bytes.Byte());
                break;
            case PickleCode.Int2:
                Push(bytes.Unsigned(2));
                break;
            case PickleCode.Long1:
                Push(bytes.Long(bytes.Byte()));
                break;
            case PickleCode.Text:
                Push(bytes.Text(bytes.Unsigned(4)));
                break;
            case PickleCode.ShortText:
                Push(bytes.Text(bytes.Byte()));
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
                memo[bytes.Byte()] = Top();
                break;
            case PickleCode.LongPut:
                memo[bytes.Unsigned(4)] = Top();
                break;
            case PickleCode.Memoize:
                memo[memo.Count] = Top();
                break;
            case PickleCode.Get:
                Recall(bytes.Byte());
                break;
            case PickleCode.LongGet:
                Recall(bytes.Unsigned(4));
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
                Push(TorchObjects.Global(bytes.Line(), bytes.Line(), bytes));
                break;
            case PickleCode.StackGlobal:
                var names = Pop(2);
                Push(TorchObjects.Global(names[0] as string ?? "?", names[1] as string ?? "?", bytes));
                break;
            case PickleCode.PersistentId:
                Push(objects.Storage(Pop(), bytes));
                break;
            case PickleCode.Reduce:
                var call = Pop(2);
                Push(TorchObjects.Call(call[0], call[1], bytes));
                break;
            case PickleCode.Build: // a state dict's _metadata (layer versions), not needed for weights
                if (Pop() is not PickleDict || Top() is not PickleDict)
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

    private InvalidFileException Unknown(PickleCode code)
    {
        if (code == PickleCode.Instance)
            TorchObjects.Global(bytes.Line(), bytes.Line(), bytes); // the old opcode for a call: throws with its name
        return bytes.Error(
            $"pickle instruction 0x{(byte)code:X2} ({PickleCodes.Name(code)})",
            "only those that tensors need",
            TorchObjects.Remedy
        );
    }

    private void Push(object? value) => stack.Add(value);

    private void Recall(long index)
    {
        if (!memo.TryGetValue(index, out var value))
            throw bytes.Error($"undefined memo entry {index}", "a defined one", PickleBytes.Remedy);
        Push(value);
    }

    private object? Top()
    {
        RequireAboveMark(1);
        return stack[^1];
    }

    private object? Pop() => Pop(1)[0];

    private object?[] Pop(int count)
    {
        RequireAboveMark(count);
        return Take(stack.Count - count);
    }

    private object?[] PopToMark()
    {
        if (marks.Count == 0)
            throw bytes.Error("the end of a group without a mark", "a mark before it");
        var mark = marks[^1];
        marks.RemoveAt(marks.Count - 1);
        return Take(mark);
    }

    private object?[] Take(int first)
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
        if (Top() is not PickleList list)
            throw bytes.Error("items added to an object that is not a list", "a list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Top() is not PickleDict dict)
            throw bytes.Error("entries set in an object that is not a dictionary", "a dictionary");
        if (items.Length % 2 != 0)
            throw bytes.Error("a key without a value", "keys and values");
        for (var i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not string key)
                throw bytes.Error(
                    "a key that is not a string",
                    "a state dict: names and tensors",
                    TorchFile.SaveStateDict
                );
            if (!dict.TryAdd(key, items[i + 1]))
                throw bytes.Error($"two entries named {InputFile.Quote(key)}", "one");
        }
    }
}
