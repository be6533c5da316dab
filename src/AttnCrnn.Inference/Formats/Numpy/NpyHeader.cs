using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using AttnCrnn.IO;

namespace AttnCrnn.Formats.Numpy;

/// <summary>
/// The header of a .npy file, a Python dictionary of three entries. It is matched against the form that NumPy writes
/// and never evaluated.
/// </summary>
internal sealed partial record NpyHeader(
    string Type,
    bool IsBigEndian,
    bool IsFortranOrder,
    IReadOnlyList<int> Shape,
    long DataBytes
)
{
    /// <summary>Parses and validates a header.</summary>
    /// <param name="available">Bytes after the header; must match the shape and type exactly.</param>
    /// <exception cref="InvalidFileException">
    /// The header is invalid, does not match the file's size, or the array does not hold numbers or strings.
    /// </exception>
    public static NpyHeader Parse(string file, long offset, ReadOnlySpan<byte> text, long available)
    {
        var match = DictionaryPattern().Match(Encoding.Latin1.GetString(text));
        if (!match.Success)
            throw new InvalidFileException(
                file,
                offset,
                InputFile.FormatBytes(text[..Math.Min(text.Length, 40)]),
                "NumPy's header with descr, fortran_order and shape",
                "save the array again with numpy.save"
            );
        var descr = match.Groups["descr"].Value;
        if (descr.Contains('O'))
            throw new InvalidFileException(
                file,
                offset,
                "pickled Python objects (descr '|O')",
                "numbers or strings",
                "save an array without objects: numpy.save(file, array, allow_pickle=False)"
            );
        if (!TypePattern().IsMatch(descr))
            throw new InvalidFileException(
                file,
                offset,
                $"elements of type '{descr}'",
                "f2, f4, f8, i1 to i8, u1 to u8, b1, S or U",
                "convert the array, as in array.astype('float32')"
            );
        var shape = ParseShape(file, offset, match.Groups["shape"].Value);
        var type = (descr[0] == '>' ? '<' : descr[0]) + descr[1..];
        if (type[0] == '=')
            type = '<' + type[1..];
        var bytes = ComputeSize(file, offset, shape, type);
        if (bytes != available)
            throw new InvalidFileException(
                file,
                offset,
                $"{available} bytes of data",
                $"{bytes} for [{string.Join(", ", shape)}] of {descr}",
                bytes > available
                    ? "the file is truncated: download it again"
                    : "extra data follows the array: save it again"
            );
        return new(type, descr[0] == '>', match.Groups["fortran"].Value == "True", shape, bytes);
    }

    private static int[] ParseShape(string file, long offset, string text)
    {
        var sizes = new List<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (
                !int.TryParse(part.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                || sizes.Count == 32
            )
                throw new InvalidFileException(
                    file,
                    offset,
                    $"shape ({text})",
                    "up to 32 sizes from 0 to 2147483647",
                    "save the array again"
                );
            sizes.Add(size);
        }
        return [.. sizes];
    }

    private static long ComputeSize(string file, long offset, int[] shape, string type)
    {
        try
        {
            return shape.Aggregate((long)NpyArray.GetItemBytes(type), (product, size) => checked(product * size));
        }
        catch (OverflowException)
        {
            throw new InvalidFileException(
                file,
                offset,
                $"shape ({string.Join(", ", shape)}) of {type}",
                "an array that fits a file",
                "save the array again"
            );
        }
    }

    [GeneratedRegex(
        @"^\s*\{\s*'descr'\s*:\s*'(?<descr>[^']{1,16})'\s*,\s*'fortran_order'\s*:\s*(?<fortran>True|False)\s*,"
            + @"\s*'shape'\s*:\s*\((?<shape>[^()]*)\)\s*,?\s*\}\s*$",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex DictionaryPattern();

    [GeneratedRegex(@"^(?:[<>=|](?:f2|f4|f8|[iu][1248]|b1)|[<>=|][US]\d{1,7})$", RegexOptions.CultureInvariant)]
    private static partial Regex TypePattern();
}
