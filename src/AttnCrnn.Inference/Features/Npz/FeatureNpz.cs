using System.Globalization;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.IO;

namespace AttnCrnn.Features.Npz;

/// <summary>Frames of one clip from an .npz file.</summary>
/// <param name="Values">[frames, width].</param>
/// <param name="Label">Name of the emotion; null if the file has none.</param>
public sealed record FeatureFrames(float[] Values, int Frames, int Width, string? Label);

/// <summary>
/// The reference implementation's feature files: one .npz file per clip, with frames under <c>wav2vec_features</c>,
/// <c>embeddings</c> or <c>features</c>, the label under <c>emotion</c>, and often its class index under
/// <c>emotion_class</c> and one-hot under <c>label</c>.
/// </summary>
public static class FeatureNpz
{
    private static readonly string[] FrameKeys = ["wav2vec_features", "embeddings", "features"];

    /// <summary>Reads a clip's frames.</summary>
    /// <param name="expectedWidth">Expected feature dimension; null for any.</param>
    /// <exception cref="InvalidFileException">
    /// No frames, non-finite values, another feature dimension, or contradicting labels.
    /// </exception>
    public static FeatureFrames Read(string path, int? expectedWidth = null)
    {
        var arrays = NpzFile.Read(path);
        var key = FrameKeys.FirstOrDefault(arrays.ContainsKey)
            ?? throw new InvalidFileException(
                path,
                null,
                $"arrays {string.Join(", ", arrays.Keys)}",
                $"frames under one of {string.Join(", ", FrameKeys)}",
                "extract the clip again"
            );
        var frames = arrays[key];
        var location = $"{path}:{key}";
        if (frames.IsStringArray || frames.Shape.Count != 2)
            throw new InvalidFileException(
                location,
                null,
                $"shape ({string.Join(", ", frames.Shape)}) of {frames.Type}",
                "numbers, [frames, width]",
                "extract the clip again"
            );
        if (frames.Shape[0] == 0 || frames.Shape[1] == 0)
            throw new InvalidFileException(
                location,
                null,
                "no frames",
                "at least one",
                "the recording was too short: exclude the clip"
            );
        if (expectedWidth is { } width && frames.Shape[1] != width)
            throw new InvalidFileException(
                location,
                null,
                $"feature dimension {frames.Shape[1]}",
                $"{width}, as in the other clips",
                "extract all clips with one encoder"
            );
        var values = frames.ToSingles();
        var invalidIndex = values.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (invalidIndex >= 0)
            throw new InvalidFileException(
                location,
                null,
                $"{values[invalidIndex]} in frame {invalidIndex / frames.Shape[1]}, "
                    + $"feature {invalidIndex % frames.Shape[1]}",
                "finite numbers",
                "extract the clip again, or exclude it"
            );
        return new(values, frames.Shape[0], frames.Shape[1], ReadLabel(path, arrays));
    }

    /// <summary>Writes a clip's frames in the reference implementation's format.</summary>
    /// <param name="values">[frames, width].</param>
    /// <param name="label">Name of the emotion; null if unknown.</param>
    /// <param name="labels">
    /// All labels, in the order of the class indices; the index is omitted if the label is not among them.
    /// </param>
    public static void Write(
        string path,
        ReadOnlySpan<float> values,
        int frames,
        int width,
        string? label,
        IReadOnlyList<string> labels
    )
    {
        var arrays = new Dictionary<string, NpyArray> { [FrameKeys[0]] = NpyArray.Create(values, frames, width) };
        if (label is not null)
        {
            double[] oneHot = [.. labels.Select(name => name == label ? 1.0 : 0.0)];
            var number = Array.IndexOf(oneHot, 1.0);
            if (number >= 0)
                arrays["label"] = NpyArray.Create(oneHot, oneHot.Length);
            arrays["emotion"] = NpyArray.Create((string[])[label], []);
            if (number >= 0)
                arrays["emotion_class"] = NpyArray.Create((long[])[number], []);
        }
        NpzFile.Write(path, arrays);
    }

    // A class index has no meaning without its list of labels, so only the name is used; but the two must agree.
    private static string? ReadLabel(string path, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        var emotion = ReadString(arrays, "emotion");
        var label = ReadString(arrays, "label");
        if (emotion is not null && label is not null && emotion != label)
            throw CreateContradiction(
                path,
                $"label is {InputFile.Quote(label)} but emotion is {InputFile.Quote(emotion)}"
            );
        if (
            ReadInt64(arrays, "emotion_class") is { } number
            && ReadClass(path, arrays) is { } labelClass
            && number != labelClass
        )
            throw CreateContradiction(
                path,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"label is class {labelClass} but emotion_class is {number}"
                )
            );
        return emotion ?? label;
    }

    private static string? ReadString(IReadOnlyDictionary<string, NpyArray> arrays, string key) =>
        arrays.TryGetValue(key, out var name) && name is { IsStringArray: true, Count: 1 } ? name.ToStrings()[0] : null;

    private static long? ReadInt64(IReadOnlyDictionary<string, NpyArray> arrays, string key) =>
        arrays.TryGetValue(key, out var number) && number is { IsStringArray: false, Count: 1 }
            ? number.ToInt64s()[0]
            : null;

    // The array label holds a class index or a one-hot vector, which may have a single class.
    private static long? ReadClass(string path, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        if (
            !arrays.TryGetValue("label", out var oneHot)
            || oneHot.IsStringArray
            || oneHot.Shape.Count == 0
            || oneHot.Count == 0
        )
            return ReadInt64(arrays, "label");
        var values = oneHot.ToDoubles();
        var largest = values.Max();
        return values.Count(value => value == largest) == 1
            ? Array.IndexOf(values, largest)
            : throw CreateContradiction(path, "label has no single maximum");
    }

    private static InvalidFileException CreateContradiction(string path, string found) =>
        new(path, null, found, "one class", "find out which is correct, and extract the clip again");
}
