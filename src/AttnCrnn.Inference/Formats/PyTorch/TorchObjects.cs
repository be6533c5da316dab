using AttnCrnn.IO;

namespace AttnCrnn.Formats.PyTorch;

/// <summary>
/// The Python names in PyTorch's pickles: storage classes, and the two functions that create tensors (torch/_utils.py:
/// _rebuild_tensor_v2, _rebuild_parameter). The names are only compared; no Python code is executed.
/// </summary>
/// <param name="fileBytes">File size, the upper bound of a storage's size.</param>
internal sealed class TorchObjects(long fileBytes)
{
    public const string Remedy =
        "it would run code, which this program never does: use the model's model.safetensors, "
        + "or save its state_dict() with torch.save";

    private const string TensorName = "torch._utils._rebuild_tensor_v2";
    private const string ParameterName = "torch._utils._rebuild_parameter";
    private const string DictName = "collections.OrderedDict";

    private static readonly Dictionary<string, PickleGlobal> Globals = new PickleGlobal[]
    {
        new(DictName),
        new(TensorName),
        new(ParameterName),
        new("torch.FloatStorage", "F32"),
        new("torch.HalfStorage", "F16"),
        new("torch.BFloat16Storage", "BF16"),
        new("torch.DoubleStorage", "F64"),
        new("torch.LongStorage", "I64"),
        new("torch.IntStorage", "I32"),
        new("torch.ShortStorage", "I16"),
        new("torch.CharStorage", "I8"),
        new("torch.ByteStorage", "U8"),
        new("torch.BoolStorage", "BOOL"),
    }.ToDictionary(global => global.Name);

    private readonly Dictionary<string, TorchStorage> storages = [];

    /// <summary>All complete storages by their keys.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => storages;

    /// <summary>Looks up a Python name.</summary>
    /// <exception cref="InvalidFileException">Tensors do not need this name.</exception>
    public static PickleGlobal ResolveGlobal(string module, string name, PickleBytes position) =>
        Globals.GetValueOrDefault($"{module}.{name}")
        ?? throw position.Error(
            $"the Python name {InputFile.Quote($"{module}.{name}")}",
            "only names that tensors need (OrderedDict, storages, _rebuild_tensor_v2, _rebuild_parameter)",
            Remedy
        );

    /// <summary>
    /// Converts a persistent id: ("storage", class, key, location, elements). In the legacy format it is followed by
    /// None or, for a view of another storage, by (view key, first element, elements).
    /// </summary>
    public TorchStorage ResolveStorage(object? id, PickleBytes position)
    {
        if (
            id
                is not PickleTuple
                {
                    Items: [
                        "storage",
                        PickleGlobal { ElementType: { } type },
                        string key,
                        string,
                        long count,
                        .. var view,
                    ]
                }
            || view.Length > 1
        )
            throw position.Error(
                "a persistent id that is not a storage",
                "('storage', class, key, location, elements)"
            );
        if (count < 0 || count > fileBytes / ElementTypes.GetByteSize(type))
            throw position.Error(
                $"storage {InputFile.Quote(key)} of {count} elements of {type}",
                $"at most what fits in the file's {fileBytes} bytes"
            );
        var storage = new TorchStorage(key, type, 0, count);
        if (!storages.TryAdd(key, storage) && storages[key] != storage)
            throw position.Error(
                $"storage {InputFile.Quote(key)} of {count} {type}, "
                    + $"previously of {storages[key].Count} {storages[key].Type}",
                "one type and length"
            );
        if (view is [] or [null])
            return storage;
        if (
            view[0] is not PickleTuple { Items: [string, long first, long viewCount] }
            || first < 0
            || viewCount < 0
            || first > count
            || viewCount > count - first
        )
            throw position.Error(
                $"a part of storage {InputFile.Quote(key)} that is not within it",
                $"(key, first, elements) within {count} elements"
            );
        return storage with
        {
            First = first,

            Count = viewCount,
        };
    }

    /// <summary>Evaluates a call of a known function.</summary>
    public static object Call(object? function, object? arguments, PickleBytes position)
    {
        if (function is not PickleGlobal { Name: var name } || arguments is not PickleTuple { Items: var items })
            throw position.Error("a call of something that is not a function", "one that creates tensors", Remedy);
        return (name, items) switch
        {
            (DictName, []) => new PickleDict(),
            (ParameterName, [TorchTensor tensor, bool, PickleDict or null]) => tensor,
            (TensorName, [TorchStorage, _, _, _, _, _, PickleDict { Count: > 0 }]) => throw position.Error(
                "a tensor with a pending conjugation or negation",
                "resolved values",
                "save it again after tensor.resolve_neg()"
            ),
            (
                TensorName,
                [
                    TorchStorage storage,
                    long first,
                    PickleTuple shape,
                    PickleTuple strides,
                    bool,
                    PickleDict
                    or null,
                    .. []
                    or [PickleDict or null],
                ]
            ) => TorchLayout.CreateTensor(
                storage,
                first,
                RequireIntegers(shape, position),
                RequireIntegers(strides, position),
                position
            ),
            _ => throw position.Error($"{name} with unexpected arguments", "the arguments that torch.save writes"),
        };
    }

    private static long[] RequireIntegers(PickleTuple tuple, PickleBytes position) =>
        [
            .. tuple.Items.Select(item =>
                item is long number
                    ? number
                    : throw position.Error("a shape or stride that is not an integer", "integers")
            ),
        ];
}
