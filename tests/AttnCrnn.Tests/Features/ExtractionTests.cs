using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Features;

public sealed class ExtractionTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly LogMelEncoder encoder = new();

    private string StoreFolder => folder.PathOf("store");

    public void Dispose()
    {
        encoder.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(StorePrecision.Float16)]
    [InlineData(StorePrecision.Float32)]
    public void Stored_frames_equal_the_encoders(StorePrecision precision)
    {
        var clips = Clips(5);
        var report = Run(clips, new ExtractionOptions(StoreFolder) { Precision = precision });
        Assert.Equal((5, 5, 0, 0), (report.Requested, report.Written, report.AlreadyStored, report.Errors.Count));
        using var store = FeatureStore.Open([StoreFolder]);
        Assert.Equal(
            clips.Select(clip => (clip.Path, clip.Label, clip.Speaker)),
            store.Clips.Select(clip => (clip.Path, clip.Label, clip.Speaker))
        );
        for (var i = 0; i < clips.Length; i++)
        {
            var expected = encoder.Encode(AttnCrnn.Audio.AudioReader.Read(clips[i].Path).Samples);
            var frames = new float[store.Clips[i].Frames * 80];
            store.Read(i, frames);
            Assert.Equal(expected.Count, store.Clips[i].Frames);
            if (precision == StorePrecision.Float32)
                Assert.Equal(expected.Values, frames);
            else
                Assert.Equal([.. expected.Values.Select(value => (float)(Half)value)], frames);
        }
    }

    [Fact]
    public void Existing_frames_are_kept_and_metadata_is_updated()
    {
        var clips = Clips(6);
        Run(clips[..4]);
        var secondReport = Run(clips);
        Assert.Equal((2, 4), (secondReport.Written, secondReport.AlreadyStored));
        var relabeled = Run([clips[0] with { Label = "other" }, .. clips[1..]]);
        Assert.Equal((1, 5, 0), (relabeled.Written, relabeled.AlreadyStored, relabeled.Frames));
        using var store = FeatureStore.Open([StoreFolder]);
        Assert.Equal("other", store.Clips[0].Label);
        Assert.Equal(6, store.Clips.Count);
    }

    [Fact]
    public void A_changed_recording_is_read_again_and_equal_audio_is_stored_once()
    {
        var clips = Clips(2);
        Run(clips);
        WavWriter.Write(clips[1].Path, ToneClipBuilder.Tone(9), 16_000);
        File.Copy(clips[0].Path, folder.PathOf("copy.wav"));
        var report = Run([.. clips, new Clip(folder.PathOf("copy.wav"), "x", null)]);
        Assert.Equal((2, 1), (report.Written, report.AlreadyStored));
        using var store = FeatureStore.Open([StoreFolder]);
        Assert.Equal(3, store.Clips.Count);
        Assert.Equal(2, store.Clips.Select(clip => clip.Key).Distinct().Count());
        Assert.Equal(
            AttnCrnn.Audio.LogMel.CountFrames(ToneClipBuilder.Tone(9).Length),
            store.Clips.Single(clip => clip.Path == clips[1].Path).Frames
        );
    }

    [Fact]
    public void A_partial_file_of_a_killed_run_is_ignored_and_recomputed()
    {
        var clips = Clips(8);
        Run(clips[..4], new ExtractionOptions(StoreFolder) { BytesPerShard = 1 }); // one shard per clip
        var index = Directory.GetFiles(StoreFolder, "part-*.csv").Order().Last();
        File.Delete(index); // killed between the shard and its index
        File.WriteAllText(Path.Combine(StoreFolder, ".part-x-00000.safetensors.0.tmp"), "half"); // killed while writing
        using (var store = FeatureStore.Open([StoreFolder]))
            Assert.Equal(3, store.Clips.Count);
        var report = Run(clips);
        Assert.Equal((5, 3), (report.Written, report.AlreadyStored));
        using var completeStore = FeatureStore.Open([StoreFolder]);
        Assert.Equal(clips.Select(clip => clip.Path), completeStore.Clips.Select(clip => clip.Path));
    }

    [Fact]
    public void Several_runs_share_the_work()
    {
        var clips = Clips(7);
        Assert.Equal(4, Run(clips, new ExtractionOptions(StoreFolder) { Partition = new(1, 2) }).Written);
        Assert.Equal(3, Run(clips, new ExtractionOptions(StoreFolder) { Partition = new(2, 2) }).Written);
        using var store = FeatureStore.Open([StoreFolder]);
        Assert.Equal(7, store.Clips.Count);
    }

    [Fact]
    public void Too_many_invalid_clips_stop_the_run_and_valid_ones_are_kept()
    {
        var html = folder.PathOf("page.wav");
        File.WriteAllText(html, "<!DOCTYPE html><html></html>");
        Clip[] clips = [.. Clips(3), new(html, "x", null), new(folder.PathOf("gone.wav"), "x", null)];
        var exception = Assert.Throws<TooManyInvalidClipsException>(() => Run(clips));
        Assert.Equal(
            ["found an HTML page", "found no such file"],
            exception
                .Report.Errors.Select(warning => warning.Message.ToString())
                .Select(message => message[(message.IndexOf("found", StringComparison.Ordinal))..].Split(',')[0])
        );
        using (var store = FeatureStore.Open([StoreFolder]))
            Assert.Equal((3, 2), (store.Clips.Count, store.InvalidClips.Count));
        Assert.Equal(2, Run(clips, new ExtractionOptions(StoreFolder) { MaxInvalidFraction = 0.5 }).Errors.Count);
    }

    [Fact]
    public void A_value_that_float16_cannot_hold_is_an_error_that_names_the_clip()
    {
        using var encoder = new OverflowingEncoder();
        var clips = Clips(1);
        var exception = Assert.Throws<TooManyInvalidClipsException>(() =>
            new FeatureExtractor(encoder, new ExtractionOptions(StoreFolder), TimeProvider.System).Run(clips, false)
        );
        Assert.Contains(
            "store the frames as float32",
            Assert.Single(exception.Report.Errors).Message.ToString(),
            StringComparison.Ordinal
        );
        Assert.Equal(clips[0].Path, exception.Report.Errors[0].Path);
    }

    [Fact]
    public void Frames_of_another_encoder_are_rejected()
    {
        Run(Clips(1));
        Assert.Throws<InvalidInputException>(() =>
            Run(Clips(1), new ExtractionOptions(StoreFolder) { Precision = StorePrecision.Float32 })
        );
    }

    [Fact]
    public void Npz_files_per_clip_match_the_reference_implementation()
    {
        Run(Clips(3), new ExtractionOptions(StoreFolder) { Format = StoreFormat.Npz });
        Assert.Equal(3, Directory.GetFiles(StoreFolder, "*.npz").Length);
        using (var store = FeatureStore.Open([StoreFolder]))
            Assert.Equal(["l0", "l1", "l0"], store.Clips.Select(clip => clip.Label));
        foreach (
            var otherFolder in Directory
                .GetFiles(StoreFolder)
                .Where(path => !path.EndsWith(".npz", StringComparison.Ordinal))
        )
            File.Delete(otherFolder);
        using var foreignStore = FeatureStore.Open([StoreFolder]); // as files of another program
        Assert.Equal(["l0", "l1", "l0"], foreignStore.Clips.Select(clip => clip.Label));
        foreignStore.Read(0, new float[foreignStore.Clips[0].Frames * 80]);
    }

    [Fact]
    public void Feature_files_of_the_reference_implementation_are_read_as_a_store()
    {
        foreach (var name in (string[])["ravdess_03-01-05-01-01-01-01.npz", "cremad_1001_DFA_FEA_XX.npz"])
            File.Copy(Fixtures.Path("numpy", name), folder.PathOf(name));
        using var store = FeatureStore.Open([folder.Path]);
        Assert.Equal(
            [("fearful", "cremad_1001"), ("angry", "ravdess_01")],
            store.Clips.Select(clip => (clip.Label!, clip.Speaker!))
        );
    }

    [Fact]
    public void The_report_states_the_time_spent_in_the_encoder()
    {
        var clock = new ManualClock();
        using var encoder = new DelayedEncoder(clock);
        var report = new FeatureExtractor(encoder, new ExtractionOptions(StoreFolder) { Threads = 1 }, clock).Run(
            Clips(2),
            false,
            new ClockAdvancingProgress(clock)
        );
        Assert.Equal(TimeSpan.FromSeconds(8), report.Elapsed); // 2 clips: 3 s in the encoder and 1 s after it
        Assert.Equal(0.75, report.EncoderTimeFraction, 9);
        Assert.Equal(
            0,
            new FeatureExtractor(encoder, new ExtractionOptions(StoreFolder) { Threads = 1 }, clock)
                .Run(Clips(2), false, new ClockAdvancingProgress(clock))
                .EncoderTimeFraction
        );
    }

    private ExtractionReport Run(Clip[] clips, ExtractionOptions? options = null) =>
        new FeatureExtractor(encoder, options ?? new ExtractionOptions(StoreFolder), TimeProvider.System).Run(
            clips,
            false
        );

    private Clip[] Clips(int count) => ToneClipBuilder.Create(folder, count, "l0", "l1");

    private sealed class OverflowingEncoder : IEncoder
    {
        public EncoderDescription Description { get; } = new("loud", "1", "", 100, 2, 1);

        public FrameMatrix Encode(ReadOnlySpan<float> waveform, CancellationToken cancellationToken = default) =>
            new([.. Enumerable.Repeat(70_000f, 10)], 5, 1, 2);

        public void Dispose() { }
    }

    // A clock that advances on request.
    private sealed class ManualClock : TimeProvider
    {
        public long Seconds { get; set; } = 1;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }

    private sealed class DelayedEncoder(ManualClock clock) : IEncoder
    {
        public EncoderDescription Description { get; } = new("slow", "1", "", 100, 2, 1);

        public FrameMatrix Encode(ReadOnlySpan<float> waveform, CancellationToken cancellationToken = default)
        {
            clock.Seconds += 3;
            return new([.. Enumerable.Repeat(1f, 10)], 5, 1, 2);
        }

        public void Dispose() { }
    }

    private sealed class ClockAdvancingProgress(ManualClock clock) : IProgress<ExtractionProgress>
    {
        public void Report(ExtractionProgress value) => clock.Seconds++;
    }
}
