using System.Runtime.InteropServices;
using AttnCrnn.Formats.Hdf5;
using static AttnCrnn.Testing.Formats.Hdf5MessageBuilder;

namespace AttnCrnn.Tests.Formats.Hdf5;

/// <summary>
/// Mutations of small HDF5 files: each file is rejected or read correctly, in bounded memory.
/// </summary>
public sealed class Hdf5SweepTests
{
    private const int HeapStart = 104; // the new-style file's strings
    private const int HeapEnd = HeapStart + 16 + (2 * (16 + 8));

    /// <summary>
    /// Groups, strings and arrays with version 2 headers, whose checksums cover all but values, heaps and free space.
    /// </summary>
    public static byte[] NewStyle
    {
        get
        {
            var builder = new Hdf5Builder();
            var heap = builder.Heap((1, "dense"u8.ToArray()), (2, "adam"u8.ToArray()));
            var kernel = builder.Array(
                [2, 3],
                Float32Type,
                [.. Enumerable.Range(1, 6).SelectMany(i => BitConverter.GetBytes(i / 4f))]
            );
            var compact = builder.ArrayOf([1], Float32Type, [3, 0, 4, 0, .. BitConverter.GetBytes(0.5f)]);
            var vars = builder.Group(
                Link("0", kernel),
                Link("1", compact),
                Attribute("name", AnyText, Scalar, InHeap(5, heap, 1))
            );
            var counter = builder.Array([], Int64Type, BitConverter.GetBytes(3L));
            var optimizer = builder.Group(
                Link("0", counter),
                Attribute("name", AnyText, Scalar, InHeap(4, heap, 2)),
                Attribute("fixed", FixedText(3), Scalar, "abc"u8.ToArray())
            );
            return builder.File(
                builder.Group(
                    Link("layers", builder.Group(Link("dense", builder.Group(Link("vars", vars))))),
                    Link("optimizer", optimizer),
                    Link("vars", builder.Group())
                )
            );
        }
    }

    /// <summary>The same with old-style groups, which have no checksums.</summary>
    public static byte[] OldStyle
    {
        get
        {
            var builder = new Hdf5Builder();
            var heap = builder.Heap((1, "dense"u8.ToArray()));
            var kernel = builder.OldArray(
                [2, 3],
                Float32Type,
                [.. Enumerable.Range(1, 6).SelectMany(i => BitConverter.GetBytes(i / 4f))]
            );
            var counter = builder.OldArray([], Int64Type, BitConverter.GetBytes(3L));
            var vars = builder.OldGroup(
                [("0", kernel), ("1", counter)],
                Attribute("name", AnyText, Scalar, InHeap(5, heap, 1))
            );
            return builder.OldFile(
                builder.OldGroup([("layers", builder.OldGroup([("dense", vars)])), ("vars", builder.OldGroup([]))])
            );
        }
    }

    [Fact]
    public void A_mutation_of_a_file_with_checksums_changes_only_its_target()
    {
        var image = NewStyle;
        var original = new ParsedFile(image);
        var (mutationCount, accepted) = ByteMutation.Sweep(
            image,
            Enumerable.Range(0, image.Length),
            file => new ParsedFile(file),
            (parsed, offset, bytes) =>
            {
                parsed.RequireBytesOf(image);
                Assert.Equal(original.Arrays.Select(array => array.Where), parsed.Arrays.Select(array => array.Where));
                var isInTexts = offset + bytes > HeapStart && offset < HeapEnd;
                if (!isInTexts)
                    Assert.Equal(original.Groups, parsed.Groups);
            }
        );
        Assert.InRange(mutationCount, 15_000, int.MaxValue);
        Assert.InRange(accepted, 1, mutationCount / 2);
    }

    [Fact]
    public void A_mutated_file_without_checksums_is_read_within_bounds()
    {
        var image = OldStyle;
        var (mutationCount, accepted) = ByteMutation.Sweep(
            image,
            Enumerable.Range(0, image.Length),
            file => new ParsedFile(file),
            (parsed, _, _) => parsed.RequireBytesOf(image)
        );
        Assert.InRange(mutationCount, 40_000, int.MaxValue);
        Assert.InRange(accepted, 1, mutationCount);
    }

    [Fact]
    public void A_mutated_Keras_file_is_rejected_or_read_within_bounds()
    {
        var image = Hdf5Samples.ReadKerasWeights("another_architecture");
        // 5 divides the size of no structure, so every offset within a structure occurs.
        var offsets = Enumerable.Range(0, image.Length / 5).Select(i => i * 5);
        var (mutationCount, accepted) = ByteMutation.Sweep(
            image,
            offsets,
            file => new ParsedFile(file),
            (parsed, _, _) => parsed.RequireBytesOf(image)
        );
        Assert.InRange(mutationCount, 40_000, int.MaxValue);
        Assert.InRange(accepted, 1, mutationCount);
    }

    /// <summary>Everything that is read from a file.</summary>
    private sealed class ParsedFile
    {
        public ParsedFile(byte[] image)
        {
            var file = Hdf5Reader.Read("planted.h5", image);
            Groups = [.. file.Groups.Select(group => $"{group.Path} {string.Join(';', group.StringAttributes)}")];
            Arrays = [.. file.Datasets.Select(dataset => new ParsedArray(dataset, Values(file, dataset)))];
        }

        public string[] Groups { get; }

        public ParsedArray[] Arrays { get; }

        /// <summary>
        /// Asserts that arrays have the bytes at their addresses, and in total no more bytes than the file.
        /// </summary>
        public void RequireBytesOf(byte[] image)
        {
            foreach (var array in Arrays)
            {
                Assert.InRange(array.Dataset.Offset + array.Dataset.Bytes, 0, image.Length);
                if (array.Dataset.Type is "float32" or "int64")
                    Assert.True(
                        image.AsSpan((int)array.Dataset.Offset, (int)array.Dataset.Bytes).SequenceEqual(array.Values),
                        array.Where
                    );
            }
            Assert.InRange(Arrays.Sum(array => array.Dataset.Bytes), 0, image.Length);
        }

        private static byte[] Values(Hdf5Reader file, Hdf5Dataset dataset) =>
            dataset.Type.Contains("float", StringComparison.Ordinal)
                ? MemoryMarshal.AsBytes<float>(file.ReadFloats(dataset.Path)).ToArray()
                : MemoryMarshal.AsBytes<long>(file.ReadIntegers(dataset.Path)).ToArray();
    }

    private sealed record ParsedArray(Hdf5Dataset Dataset, byte[] Values)
    {
        public string Where =>
            $"{Dataset.Path} [{string.Join(',', Dataset.Shape)}] {Dataset.Type} at byte {Dataset.Offset}";
    }
}
