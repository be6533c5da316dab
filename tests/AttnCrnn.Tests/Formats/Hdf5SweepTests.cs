using AttnCrnn.Formats;
using static AttnCrnn.Tests.Formats.Hdf5Maker;

namespace AttnCrnn.Tests.Formats;

/// <summary>Values planted over the bytes of small HDF5 files: every one is refused or read rightly, in bounded memory.</summary>
public sealed class Hdf5SweepTests
{
    /// <summary>Groups, texts and arrays with headers of version 2, whose checksums cover all but values, names in heaps and free space.</summary>
    public static byte[] NewStyle
    {
        get
        {
            var maker = new Hdf5Maker();
            var heap = maker.Heap((1, "dense"u8.ToArray()), (2, "adam"u8.ToArray()));
            var kernel = maker.Array([2, 3], Float32Type, [.. Enumerable.Range(1, 6).SelectMany(i => BitConverter.GetBytes(i / 4f))]);
            var compact = maker.ArrayOf([1], Float32Type, [3, 0, 4, 0, .. BitConverter.GetBytes(0.5f)]);
            var vars = maker.Group(Link("0", kernel), Link("1", compact), Attribute("name", AnyText, Scalar, InHeap(5, heap, 1)));
            var counter = maker.Array([], Int64Type, BitConverter.GetBytes(3L));
            var optimizer = maker.Group(Link("0", counter), Attribute("name", AnyText, Scalar, InHeap(4, heap, 2)), Attribute("fixed", FixedText(3), Scalar, "abc"u8.ToArray()));
            return maker.File(maker.Group(Link("layers", maker.Group(Link("dense", maker.Group(Link("vars", vars))))), Link("optimizer", optimizer), Link("vars", maker.Group())));
        }
    }

    /// <summary>The same in the old style, which has no checksums.</summary>
    public static byte[] OldStyle
    {
        get
        {
            var maker = new Hdf5Maker();
            var heap = maker.Heap((1, "dense"u8.ToArray()));
            var kernel = maker.OldArray([2, 3], Float32Type, [.. Enumerable.Range(1, 6).SelectMany(i => BitConverter.GetBytes(i / 4f))]);
            var counter = maker.OldArray([], Int64Type, BitConverter.GetBytes(3L));
            var vars = maker.OldGroup([("0", kernel), ("1", counter)], Attribute("name", AnyText, Scalar, InHeap(5, heap, 1)));
            return maker.OldFile(maker.OldGroup([("layers", maker.OldGroup([("dense", vars)])), ("vars", maker.OldGroup([]))]));
        }
    }

    [Fact]
    public void A_value_planted_in_a_file_with_checksums_is_refused_or_changes_what_it_hits_and_no_more()
    {
        var image = NewStyle;
        var original = new Answer(image);
        var (planted, answered) = PlantedValues.Sweep(image, Enumerable.Range(0, image.Length), file => new Answer(file), (answer, at, bytes) =>
        {
            Assert.Equal(original.Arrays.Select(array => array with { Values = "" }), answer.Arrays.Select(array => array with { Values = "" }));
            foreach (var (before, after) in original.Arrays.Zip(answer.Arrays))
                if (at + bytes <= before.Offset || at >= before.Offset + before.Bytes) Assert.Equal(before.Values, after.Values);
            if (original.Arrays.All(array => at + bytes <= array.Offset || at >= array.Offset + array.Bytes)) Assert.Equal(original.Groups.Length, answer.Groups.Length);
        });
        Assert.Equal(PlantedValues.PerPlace * image.Length, planted + Cut(image));
        Assert.InRange(answered, 1, planted / 2);
    }

    [Fact]
    public void A_value_planted_in_a_file_without_checksums_is_refused_or_read_within_its_bytes()
    {
        var image = OldStyle;
        var (planted, answered) = PlantedValues.Sweep(image, Enumerable.Range(0, image.Length), file => new Answer(file), (answer, _, _) => answer.RequireWithin(image.Length));
        Assert.InRange(planted, 40_000, int.MaxValue);
        Assert.InRange(answered, 1, planted);
    }

    [Fact]
    public void A_value_planted_in_what_Keras_wrote_is_refused_or_read_within_its_bytes()
    {
        var image = Hdf5Listing.Weights("small_after_training");
        var places = Enumerable.Range(0, image.Length / 61).Select(i => i * 61); // 61 is prime: every place of a structure of 8 or 40 bytes comes by
        var (planted, _) = PlantedValues.Sweep(image, places, file => new Answer(file), (answer, _, _) => answer.RequireWithin(image.Length));
        Assert.InRange(planted, 20_000, int.MaxValue);
    }

    // Of the last places, where the wider values do not fit.
    private static int Cut(byte[] image) => Enumerable.Range(1, 7).Sum(left => 4 * ((int[])[2, 4, 8]).Count(size => size > left && left <= image.Length));

    /// <summary>Everything that a file gives.</summary>
    private sealed class Answer
    {
        public Answer(byte[] image)
        {
            var file = Hdf5File.Read("planted.h5", image);
            Groups = [.. file.Groups.Select(group => $"{group.Path} {string.Join(';', group.Texts)}")];
            Arrays = [.. file.Datasets.Select(dataset => new ArrayAnswer(dataset.Path, string.Join(',', dataset.Shape), dataset.Type, dataset.Offset, dataset.Bytes, Values(file, dataset)))];
        }

        public string[] Groups { get; }

        public ArrayAnswer[] Arrays { get; }

        public void RequireWithin(int length)
        {
            foreach (var array in Arrays) Assert.True(array.Offset >= 0 && array.Bytes >= 0 && array.Offset + array.Bytes <= length, array.ToString());
            Assert.InRange(Arrays.Sum(array => array.Bytes), 0, length);
        }

        private static string Values(Hdf5File file, Hdf5Dataset dataset) =>
            dataset.Type.Contains("float", StringComparison.Ordinal) ? string.Join(' ', file.ReadFloats(dataset.Path)) : string.Join(' ', file.ReadIntegers(dataset.Path));
    }

    private sealed record ArrayAnswer(string Path, string Shape, string Type, long Offset, long Bytes, string Values);
}
