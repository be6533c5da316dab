using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Encoders;

namespace AttnCrnn.Tests.Cli;

/// <summary>What the commands say about the data, before the work and with their options spelled as here.</summary>
public sealed class DataNoticesTests : IDisposable
{
    private static readonly EncoderDescription Encoder = new("test", "1", "", 50, 2, 1);

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Train_and_evaluate_say_that_a_clip_is_in_two_folders()
    {
        WriteStore("one", Clips());
        WriteStore("two", Clips().Where(clip => clip.Split == Subset.Test));
        var (code, output, error) = await TrainAsync("one", "two");
        Assert.True(code == 0, error);
        Assert.Contains("4 clips are in more than one feature folder", error, StringComparison.Ordinal);
        Assert.Contains("clips    4 of 1 speaker, 2 classes", output, StringComparison.Ordinal);
        var run = Path.GetFileName(Assert.Single(Directory.GetDirectories(folder.PathOf("work", "checkpoints"))));
        (code, output, error) = await InProcessProgram.RunAsync("evaluate", run, "--workdir", folder.PathOf("work"));
        Assert.True(code == 0, error);
        Assert.Contains("4 clips are in more than one feature folder", error, StringComparison.Ordinal);
        Assert.Contains("clips    4 of 1 speaker, 2 classes", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_without_test_clips_is_in_the_headline()
    {
        WriteStore("one", Clips().Where(clip => clip is not { Split: Subset.Test, Label: "b" }));
        var (code, output, error) = await TrainAsync("one");
        Assert.True(code == 0, error);
        Assert.Contains("no test clips of b: UAR is the mean", error, StringComparison.Ordinal);
        Assert.Contains("clips    2 of 1 speaker, 1 of 2 classes", output, StringComparison.Ordinal);
        Assert.Contains("classes  UAR is the mean recall over 1 of 2 classes (a)", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Subset.Validation, "the manifest has no validation (val) rows")]
    [InlineData(Subset.Test, "the split has no test set")]
    public async Task A_manifest_without_a_subset_is_refused_before_the_run_has_a_folder(
        Subset missing,
        string expected
    )
    {
        WriteStore("one", Clips().Select(clip => clip.Split == missing ? clip with { Split = Subset.Train } : clip));
        var (code, _, error) = await TrainAsync("one");
        Assert.Equal(3, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.PathOf("work")));
    }

    [Fact]
    public async Task Clips_without_a_subset_are_named_where_a_subset_is_missing()
    {
        WriteStore("one", Clips().Where(clip => clip.Split != Subset.Test));
        WriteStore("two", Clips().Where(clip => clip.Split == Subset.Test).Select(clip => clip with { Split = null }));
        Assert.Contains(
            "the split has no test set, and 4 clips have no subset (/20.wav, /21.wav, /22.wav, /23.wav): give some",
            (await TrainAsync("one", "two")).Error,
            StringComparison.Ordinal
        );
        WriteStore("three", Clips().Select(clip => clip.Split == Subset.Train ? clip with { Split = null } : clip));
        Assert.Contains(
            "4 test clips, and 16 clips have no subset (/00.wav, /01.wav, /02.wav, /03.wav, /04.wav and 11 others); "
                + "give",
            (await TrainAsync("three")).Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_working_folder_that_cannot_be_written_is_an_invalid_input_with_its_option()
    {
        WriteStore("one", Clips());
        File.WriteAllText(folder.PathOf("work"), "a file");
        var (code, _, error) = await TrainAsync("one");
        Assert.Equal(3, code);
        Assert.Contains($"{folder.PathOf("work")}: the folder cannot be written (", error, StringComparison.Ordinal);
        Assert.Contains("choose another one with --workdir", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("extract", "choose another one with --out")]
    [InlineData("corpus", "choose a writable file with --out")]
    public async Task An_output_that_cannot_be_written_is_an_invalid_input_with_its_option(
        string command,
        string expected
    )
    {
        ToneClipBuilder.Create(folder, 1, "a");
        File.WriteAllText(folder.PathOf("file"), "");
        string[] encoder = command == "extract" ? ["--encoder", "log-mel"] : [];
        var (code, _, error) = await InProcessProgram.RunAsync([
            command,
            folder.PathOf("clip0.wav"),
            "--out",
            folder.PathOf("file", "x.csv"),
            .. encoder,
        ]);
        Assert.Equal(3, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extract_counts_clips_that_the_sources_do_not_name_and_removes_them_when_asked()
    {
        var clips = ToneClipBuilder.Create(folder, 6, "a", "b");
        var manifest = folder.PathOf("clips.csv");
        string[] extract = ["extract", manifest, "--encoder", "log-mel", "--out", folder.PathOf("store")];
        Manifest.Write(manifest, clips);
        Assert.Equal(0, (await InProcessProgram.RunAsync(extract)).Code);
        Manifest.Write(manifest, clips[2..]);
        Assert.Contains(
            "2 clips are in the store that the sources do not name: train uses 0, which were extracted from other "
                + "sources, and leaves out 2, which no source names any more; --prune removes them all from the disk",
            (await InProcessProgram.RunAsync(extract)).Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "removed from the store: 2 clips that the sources do not name",
            (await InProcessProgram.RunAsync([.. extract, "--prune"])).Output,
            StringComparison.Ordinal
        );
        var (code, _, refusal) = await InProcessProgram.RunAsync([.. extract, "--prune", "--shard", "1/2"]);
        Assert.Equal(2, code);
        Assert.Contains("then run --prune once without --shard", refusal, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> TrainAsync(params string[] stores) =>
        InProcessProgram.RunAsync([
            "train",
            "--data_dirs",
            .. stores.Select(store => folder.PathOf(store)),
            "--workdir",
            folder.PathOf("work"),
            "--epochs",
            "1",
        ]);

    private void WriteStore(string name, IEnumerable<StoreClip> clips) =>
        FeatureStoreBuilder.Write(folder.PathOf(name), Encoder, clips);

    // Six speakers with two clips of each class: four train, one validates, one tests.
    private static IEnumerable<StoreClip> Clips() =>
        Enumerable
            .Range(0, 24)
            .Select(i => new StoreClip($"/{i:00}.wav", i % 2 == 0 ? "a" : "b", $"s{i / 4}", CreateFrames(i))
            {
                Key = $"{i:x64}",

                Split =
                    i < 16 ? Subset.Train
                    : i < 20 ? Subset.Validation
                    : Subset.Test,
            });

    private static float[] CreateFrames(int clip) =>
        [.. Enumerable.Range(0, 40).Select(i => (float)Math.Sin(i + (clip % 2 * 3)))];
}
