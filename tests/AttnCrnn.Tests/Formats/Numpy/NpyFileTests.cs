using System.Text.Json;
using AttnCrnn.Features.Npz;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.Formats.Numpy;

/// <summary>Against files that NumPy 2.4 saved (tests/fixtures/numpy).</summary>
public sealed class NpyFileTests
{
    [Fact]
    public void Every_type_order_and_version_is_read_as_by_NumPy()
    {
        using var expected = JsonDocument.Parse(File.ReadAllText(Fixtures.Path("numpy", "expected.json")));
        var count = 0;
        foreach (var entry in expected.RootElement.EnumerateObject())
        {
            if (!entry.Name.EndsWith(".npy", StringComparison.Ordinal))
                continue;
            var array = NpyFile.Read(Fixtures.Path("numpy", entry.Name));
            Assert.Equal(
                entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()),
                array.Shape
            );
            var values = entry.Value.GetProperty("values").EnumerateArray().ToArray();
            if (array.IsStringArray)
                Assert.Equal(values.Select(value => value.GetString()), array.ToStrings());
            else
            {
                Assert.Equal(values.Select(value => value.GetDouble()), array.ToDoubles());
                Assert.Equal(values.Select(value => (float)value.GetDouble()), array.ToSingles());
            }
            count++;
        }
        Assert.True(count >= 20, $"{count} arrays, expected at least 20");
    }

    public static TheoryData<string> Refused =>
        new(
            "header_calls_code.npy",
            "header_length_past_end.npy",
            "negative_shape.npy",
            "not_numpy.npy",
            "pickle_inside.npz",
            "pickle_that_runs_code.npy",
            "pickled_history_dict.npy",
            "shape_larger_than_file.npy",
            "shape_overflows_int64.npy",
            "trailing_garbage.npy",
            "truncated.npy",
            "truncated.npz",
            "zip_bomb.npz",
            "path_traversal.npz",
            "has_nan.npz",
            "no_frames.npz",
            "wrong_width.npz",
            "label_contradicts_emotion.npz"
        );

    [Theory]
    [MemberData(nameof(Refused))]
    public void Invalid_files_are_rejected_with_the_remedy_in_bounded_memory(string name)
    {
        var path = Fixtures.Path("numpy", "refuse", name);
        var allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        var exception = Assert.Throws<InvalidFileException>(() =>
            _ = name.EndsWith(".npz", StringComparison.Ordinal)
                ? (object)FeatureNpz.Read(path, 768)
                : NpyFile.Read(path)
        );
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocatedBefore, 0, 8 << 20);
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
        Assert.NotEmpty(exception.Found);
        Assert.NotEmpty(exception.Expected);
        Assert.NotEmpty(exception.Remedy);
    }

    [Fact]
    public void Every_invalid_NumPy_fixture_has_its_test() =>
        Assert.Equal(
            Directory.GetFiles(Fixtures.Path("numpy", "refuse")).Select(Path.GetFileName).Order(),
            Refused.Select(row => row.Data).Order()
        );

    [Theory]
    [InlineData("ravdess_03-01-05-01-01-01-01.npz", 9, "angry")]
    [InlineData("cremad_1001_DFA_FEA_XX.npz", 11, "fearful")]
    [InlineData("older_key_cremad_1002_IEO_HAP_HI.npz", 6, "happy")]
    [InlineData("float64_big_endian.npz", 5, null)]
    public void Feature_files_of_the_reference_implementation_are_read(string name, int frames, string? label)
    {
        var clip = FeatureNpz.Read(Fixtures.Path("numpy", name));
        Assert.Equal((frames, 768, label), (clip.Frames, clip.Width, clip.Label));
        Assert.Equal(frames * 768, clip.Values.Length);
    }

    [Fact]
    public void Written_files_round_trip()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.npz");
        try
        {
            NpzFile.Write(
                path,
                new Dictionary<string, NpyArray>
                {
                    ["a/b"] = NpyArray.Create([1f, 2, 3, 4, 5, 6], 2, 3),
                    ["count"] = NpyArray.Create([7L], []),
                    ["names"] = NpyArray.Create((string[])["naïve", "x"], 2),
                }
            );
            var arrays = NpzFile.Read(path);
            Assert.Equal([1f, 2, 3, 4, 5, 6], arrays["a/b"].ToSingles());
            Assert.Equal([2, 3], arrays["a/b"].Shape);
            Assert.Empty(arrays["count"].Shape);
            Assert.Equal([7L], arrays["count"].ToInt64s());
            Assert.Equal(["naïve", "x"], arrays["names"].ToStrings());
            var bytes = File.ReadAllBytes(path);
            NpzFile.Write(path, arrays);
            Assert.Equal(bytes, File.ReadAllBytes(path));
            FeatureNpz.Write(path, [1f, 2, 3, 4], 2, 2, "sad", []);
            var clip = FeatureNpz.Read(path);
            Assert.Equal((2, 2, "sad"), (clip.Frames, clip.Width, clip.Label));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_failed_write_keeps_the_old_file_and_leaves_no_other()
    {
        using var folder = new TempFolder();
        var path = folder.PathOf("x.txt");
        AtomicFile.WriteText(path, "old");
        Assert.Throws<InvalidOperationException>(() =>
            AtomicFile.Write(path, _ => throw new InvalidOperationException())
        );
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(folder.Path));
    }
}
