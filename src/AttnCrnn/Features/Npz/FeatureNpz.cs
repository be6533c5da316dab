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
                "the recording was too short: leave the clip out"
            );
        if (expectedWidth is { } width && frames.Shape[1] != width)
            throw new InvalidFileException(
                location,
                null,
                $"frames {frames.Shape[1]} wide",
                $"{width} as the others",
                "extract all clips with one encoder"
            );
        var values = frames.ToSingles();
        var invalid = values.AsSpan().IndexOfAnyExceptInRange(float.MinValue, float.MaxValue);
        if (invalid >= 0)
            throw new InvalidFileException(
                location,
                null,
                $"{values[invalid]} in frame {invalid / frames.Shape[1]}, feature {invalid % frames.Shape[1]}",
                "finite numbers",
                "extract the clip again, or leave it out"
            );
        return new(values, frames.Shape[0], frames.Shape[1], Label(path, arrays));
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
            double[] hot = [.. labels.Select(name => name == label ? 1.0 : 0.0)];
            var number = Array.IndexOf(hot, 1.0);
            if (number >= 0)
                arrays["label"] = NpyArray.Create(hot, hot.Length);
            arrays["emotion"] = NpyArray.Create((string[])[label], []);
            if (number >= 0)
                arrays["emotion_class"] = NpyArray.Create((long[])[number], []);
        }
        NpzFile.Write(path, arrays);
    }

    // A class index has no meaning without its list of labels, so only the name is used; but the two must not disagree.
    private static string? Label(string path, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        var emotion = Text(arrays, "emotion");
        var label = Text(arrays, "label");
        if (emotion is not null && label is not null && emotion != label)
            throw Contradiction(path, $"label says {InputFile.Quote(label)}, emotion says {InputFile.Quote(emotion)}");
        if (Number(arrays, "emotion_class") is { } number && Class(path, arrays) is { } other && number != other)
            throw Contradiction(
                path,
                string.Create(CultureInfo.InvariantCulture, $"label says class {other}, emotion_class says {number}")
            );
        return emotion ?? label;
    }

    private static string? Text(IReadOnlyDictionary<string, NpyArray> arrays, string key) =>
        arrays.TryGetValue(key, out var name) && name is { IsStringArray: true, Count: 1 } ? name.ToStrings()[0] : null;

    private static long? Number(IReadOnlyDictionary<string, NpyArray> arrays, string key) =>
        arrays.TryGetValue(key, out var number) && number is { IsStringArray: false, Count: 1 }
            ? number.ToInt64s()[0]
            : null;

    // The array label holds a class index or a one-hot vector, which may have a single class.
    private static long? Class(string path, IReadOnlyDictionary<string, NpyArray> arrays)
    {
        if (!arrays.TryGetValue("label", out var hot) || hot.IsStringArray || hot.Shape.Count == 0 || hot.Count == 0)
            return Number(arrays, "label");
        var values = hot.ToDoubles();
        var largest = values.Max();
        return values.Count(value => value == largest) == 1
            ? Array.IndexOf(values, largest)
            : throw Contradiction(path, "label names no single class");
    }

    private static InvalidFileException Contradiction(string path, string found) =>
        new(path, null, found, "one class", "find out which is correct, and extract the clip again");
}
