namespace AttnCrnn.Formats.PyTorch;

/// <summary>
/// Pickle opcodes needed for tensors; <see cref="Instance"/> only for an error that names the function it calls.
/// </summary>
internal enum PickleCode : byte
{
    Mark = (byte)'(',
    Stop = (byte)'.',
    EmptyTuple = (byte)')',
    EmptyList = (byte)']',
    EmptyDict = (byte)'}',
    None = (byte)'N',
    Int = (byte)'J',
    Int1 = (byte)'K',
    Int2 = (byte)'M',
    Float = (byte)'G',
    Text = (byte)'X',
    Append = (byte)'a',
    Appends = (byte)'e',
    SetItem = (byte)'s',
    SetItems = (byte)'u',
    Tuple = (byte)'t',
    Get = (byte)'h',
    LongGet = (byte)'j',
    Put = (byte)'q',
    LongPut = (byte)'r',
    Global = (byte)'c',
    Reduce = (byte)'R',
    Build = (byte)'b',
    PersistentId = (byte)'Q',
    Instance = (byte)'i',
    Protocol = 0x80,
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    True = 0x88,
    False = 0x89,
    Long1 = 0x8A,
    ShortText = 0x8C,
    StackGlobal = 0x93,
    Memoize = 0x94,
    Frame = 0x95,
}

/// <summary>Names of the unsupported opcodes in Python's pickletools, for messages.</summary>
internal static class PickleCodes
{
    private static readonly Dictionary<byte, string> Names = new()
    {
        [(byte)'0'] = "POP",
        [(byte)'1'] = "POP_MARK",
        [(byte)'2'] = "DUP",
        [(byte)'B'] = "BINBYTES",
        [(byte)'C'] = "SHORT_BINBYTES",
        [(byte)'F'] = "FLOAT",
        [(byte)'I'] = "INT",
        [(byte)'L'] = "LONG",
        [(byte)'P'] = "PERSID",
        [(byte)'S'] = "STRING",
        [(byte)'T'] = "BINSTRING",
        [(byte)'U'] = "SHORT_BINSTRING",
        [(byte)'V'] = "UNICODE",
        [(byte)'d'] = "DICT",
        [(byte)'g'] = "GET",
        [(byte)'i'] = "INST",
        [(byte)'l'] = "LIST",
        [(byte)'o'] = "OBJ",
        [(byte)'p'] = "PUT",
        [0x81] = "NEWOBJ",
        [0x82] = "EXT1",
        [0x83] = "EXT2",
        [0x84] = "EXT4",
        [0x8B] = "LONG4",
        [0x8D] = "BINUNICODE8",
        [0x8E] = "BINBYTES8",
        [0x8F] = "EMPTY_SET",
        [0x90] = "ADDITEMS",
        [0x91] = "FROZENSET",
        [0x92] = "NEWOBJ_EX",
        [0x96] = "BYTEARRAY8",
        [0x97] = "NEXT_BUFFER",
        [0x98] = "READONLY_BUFFER",
    };

    public static string GetName(PickleCode code) => Names.GetValueOrDefault((byte)code, "not a pickle opcode");
}
