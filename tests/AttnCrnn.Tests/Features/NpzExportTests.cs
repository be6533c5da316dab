using AttnCrnn.Audio;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Features.Npz;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Features;

/// <summary>
/// The reference implementation's .npz files, one per clip, as written by an extraction and an export.
/// </summary>
public sealed class NpzExportTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly LogMelEncoder encoder = new();

    private string Store => folder.PathOf("store");

    private string Files => folder.PathOf("files");

    public void Dispose()
    {
        encoder.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(StorePrecision.Float16)]
    [InlineData(StorePrecision.Float32)]
    public void An_export_has_the_stores_frames_and_clip_metadata(StorePrecision precision)
    {
        Run(
            Clips(5),
            new ExtractionOptions(Store)
            {
                Precision = precision,

                BytesPerShard = 1,
            }
        );
        var report = Export();
        Assert.Equal((5, 0, 0), (report.Written, report.AlreadyExported, report.InvalidClips.Count));
        using var store = FeatureStore.Open([Store]);
        using var files = FeatureStore.Open([Files]);
        Assert.Equal(store.Description with { Format = StoreFormat.Npz }, files.Description);
        Assert.Equal(
            store.Clips.Select(clip => clip with { File = "" }),
            files.Clips.Select(clip => clip with { File = "" })
        );
        for (var index = 0; index < 5; index++)
            Assert.Equal(FeatureStoreBuilder.ReadFrames(store, index), FeatureStoreBuilder.ReadFrames(files, index));
    }

    [Fact]
    public void A_folder_with_files_of_a_clip_that_the_store_does_not_give_any_more_is_refused_by_name()
    {
        var clips = Clips(4);
        Run(clips, new ExtractionOptions(Store));
        Export();
        Run(clips[1..], new ExtractionOptions(Store) { Prune = true });
        var exception = Assert.Throws<InvalidInputException>(() => Export());
        Assert.StartsWith(
            $"{Files}: 1 .npz files are of clips that the store does not give any more, for example "
                + Path.GetFileNameWithoutExtension(clips[0].Path),
            exception.Message,
            StringComparison.Ordinal
        );
        Directory.Delete(Files, recursive: true);
        Assert.Equal(3, Export().Written);
    }

    [Fact]
    public void Two_channels_of_a_recording_have_a_file_each()
    {
        var clip = Clips(1)[0];
        Clip[] clips = [clip with { Channel = AudioChannel.FromNumber(1) }, clip with { Channel = AudioChannel.Mix }];
        Run(clips, new ExtractionOptions(Store) { Format = StoreFormat.Npz });
        using var store = FeatureStore.Open([Store]);
        Assert.Equal(2, store.Clips.Select(stored => stored.File).Distinct().Count());
    }

    [Fact]
    public void Exported_files_equal_those_that_extract_writes()
    {
        var clips = Clips(4);
        Run(clips, new ExtractionOptions(Store) { Precision = StorePrecision.Float32 });
        Export();
        var directFolder = folder.PathOf("direct");
        Run(clips, new ExtractionOptions(directFolder) { Format = StoreFormat.Npz });
        Assert.Equal(Contents(directFolder), Contents(Files));
    }

    [Fact]
    public void Npz_files_have_the_arrays_of_the_reference_implementation()
    {
        Run(Clips(3), new ExtractionOptions(Files) { Format = StoreFormat.Npz });
        var original = NpzFile.Read(Fixtures.Path("numpy", "ravdess_03-01-05-01-01-01-01.npz"));
        var actual = NpzFile.Read(Directory.GetFiles(Files, "clip1_*.npz").Single());
        Assert.Equal(Kinds(original), Kinds(actual));
        Assert.Equal(80, actual["wav2vec_features"].Shape[1]);
        Assert.Equal(["sad"], actual["emotion"].ToStrings());
        Assert.Equal([0, 1], actual["label"].ToDoubles()); // index into [angry, sad]
        Assert.Equal([1], actual["emotion_class"].ToInt64s());

        static string Kind(NpyArray array) => array.IsStringArray ? "text" : $"{array.Type}";

        static IEnumerable<string> Kinds(IReadOnlyDictionary<string, NpyArray> arrays) =>
            arrays.Select(entry => $"{entry.Key} {Kind(entry.Value)} of {entry.Value.Shape.Count} dimensions").Order();
    }

    [Fact]
    public void A_clip_without_a_label_has_only_its_frames()
    {
        Run(
            [.. Clips(2).Select(clip => clip with { Label = null })],
            new ExtractionOptions(Files) { Format = StoreFormat.Npz }
        );
        Assert.Equal(["wav2vec_features"], NpzFile.Read(Directory.GetFiles(Files, "*.npz")[0]).Keys);
    }

    [Fact]
    public void The_shards_of_one_corpus_share_label_indices()
    {
        var clips = Clips(6);
        for (var shard = 1; shard <= 6; shard++)
            Run(
                clips,
                new ExtractionOptions(Files)
                {
                    Format = StoreFormat.Npz,

                    Partition = new(shard, 6),
                }
            );
        Assert.All(Directory.GetFiles(Files, "*.npz").Order(), (path, index) =>
            Assert.Equal([index % 2], NpzFile.Read(path)["emotion_class"].ToInt64s())
        );
    }

    [Fact]
    public void Equal_names_equal_audio_and_segments_get_separate_files()
    {
        var clips = Clips(1);
        var otherFolder = Path.Combine(Directory.CreateDirectory(folder.PathOf("other")).FullName, "clip0.wav");
        File.Copy(clips[0].Path, otherFolder);
        Clip[] allClips =
        [
            clips[0],
            clips[0] with
            {
                Path = otherFolder,
                Label = "calm",
            },
            clips[0] with
            {
                StartSeconds = 0.1,
                EndSeconds = 0.4,
            },
        ];
        Run(allClips, new ExtractionOptions(Store));
        Export();
        Run(allClips, new ExtractionOptions(folder.PathOf("direct")) { Format = StoreFormat.Npz });
        foreach (var exportFolder in (string[])[Files, folder.PathOf("direct")])
            Assert.Equal(
                ["angry", "angry", "calm"],
                Directory.GetFiles(exportFolder, "*.npz").Select(path => FeatureNpz.Read(path).Label).Order()
            );
    }

    [Fact]
    public void A_changed_label_is_written_into_the_clips_file()
    {
        var clips = Clips(2);
        Run(clips, new ExtractionOptions(Files) { Format = StoreFormat.Npz });
        var report = Run(
            [clips[0] with { Label = "calm" }, clips[1]],
            new ExtractionOptions(Files) { Format = StoreFormat.Npz }
        );
        Assert.Equal((1, 1), (report.Written, report.AlreadyStored));
        Assert.Equal(
            ["calm", "sad"],
            Directory.GetFiles(Files, "*.npz").Order().Select(path => FeatureNpz.Read(path).Label)
        );
        Run(clips, new ExtractionOptions(Store));
        Export(folder.PathOf("again"));
        Run([clips[0] with { Label = "calm" }, clips[1]], new ExtractionOptions(Store));
        Assert.Equal(
            (1, 1),
            (
                Export(folder.PathOf("again")) is var secondReport ? secondReport.Written : 0,
                secondReport.AlreadyExported
            )
        );
        Assert.Equal(
            ["calm", "sad"],
            Directory.GetFiles(folder.PathOf("again"), "*.npz").Order().Select(path => FeatureNpz.Read(path).Label)
        );
    }

    [Fact]
    public void An_interrupted_export_resumes_and_restores_missing_files()
    {
        var clips = Clips(6);
        Run(clips[..4], new ExtractionOptions(Store));
        using (var stop = new CancellationTokenSource())
        {
            var progress = new ProgressAction(index =>
            {
                if (index == 2)
                    stop.Cancel();
            });
            Assert.Throws<OperationCanceledException>(() =>
                NpzExport.Run(Store, Files, TimeProvider.System, progress, stop.Token)
            );
        }
        Assert.Equal((2, 2), (Export() is var report ? report.Written : 0, report.AlreadyExported));
        Run(clips, new ExtractionOptions(Store));
        File.Delete(Directory.GetFiles(Files, "clip0_*.npz").Single());
        Assert.Equal((3, 3), (Export() is var secondReport ? secondReport.Written : 0, secondReport.AlreadyExported));
        using var files = FeatureStore.Open([Files]);
        Assert.Equal(clips.Select(clip => clip.Path), files.Clips.Select(clip => clip.Path));
    }

    [Fact]
    public void Invalid_clips_are_named_and_remain_invalid()
    {
        Clip[] clips = [.. Clips(2), new(folder.PathOf("gone.wav"), "sad", null)];
        Run(clips, new ExtractionOptions(Store) { MaxInvalidFraction = 1 });
        Assert.EndsWith("gone.wav", Assert.Single(Export().InvalidClips).Path, StringComparison.Ordinal);
        using var files = FeatureStore.Open([Files]);
        Assert.Equal((2, 1), (files.Clips.Count, files.InvalidClips.Count));
    }

    [Fact]
    public void Speakers_of_a_known_corpus_are_derived_from_file_names()
    {
        Clip[] clips =
        [
            .. ((string[])["07", "08", "09"]).Select(actor => new Clip(
                folder.PathOf($"03-01-05-01-01-01-{actor}.wav"),
                "angry",
                $"ravdess_{actor}"
            )),
        ];
        foreach (var (clip, index) in clips.Select((clip, index) => (clip, index)))
            WavWriter.Write(clip.Path, ToneClipBuilder.Tone(3 + index), 16_000);
        Run(clips, new ExtractionOptions(Files) { Format = StoreFormat.Npz });
        foreach (
            var otherFolder in Directory.GetFiles(Files).Where(file => !file.EndsWith(".npz", StringComparison.Ordinal))
        )
            File.Delete(otherFolder);
        using var foreignStore = FeatureStore.Open([Files]);
        Assert.Equal(("angry", "ravdess_07"), (foreignStore.Clips[0].Label, foreignStore.Clips[0].Speaker));
    }

    [Fact]
    public void Concatenated_layers_are_one_row_per_frame()
    {
        using var layeredStore = new LayeredEncoder();
        new FeatureExtractor(layeredStore, new ExtractionOptions(Store), TimeProvider.System).Run(Clips(2), false);
        Export();
        Assert.Equal([5, 6], NpzFile.Read(Directory.GetFiles(Files, "*.npz")[0])["wav2vec_features"].Shape);
        using var store = FeatureStore.Open([Store]);
        using var files = FeatureStore.Open([Files]);
        Assert.Equal(FeatureStoreBuilder.ReadFrames(store, 1), FeatureStoreBuilder.ReadFrames(files, 1));
    }

    [Fact]
    public void Only_a_store_is_exported_and_only_into_another_folder()
    {
        Run(Clips(1), new ExtractionOptions(Store));
        Assert.Throws<InvalidInputException>(() => NpzExport.Run(folder.Path, Files, TimeProvider.System));
        Assert.Throws<InvalidInputException>(() => NpzExport.Run(Store, Store + "/", TimeProvider.System));
        using var store = new LayeredEncoder();
        new FeatureExtractor(store, new ExtractionOptions(Files), TimeProvider.System).Run(Clips(1), false);
        Assert.Throws<InvalidInputException>(() => Export());
    }

    private NpzExportReport Export(string? target = null) => NpzExport.Run(Store, target ?? Files, TimeProvider.System);

    private ExtractionReport Run(Clip[] clips, ExtractionOptions options) =>
        new FeatureExtractor(encoder, options, TimeProvider.System).Run(clips, false);

    private static Dictionary<string, string> Contents(string text) =>
        Directory
            .GetFiles(text, "*.npz")
            .ToDictionary(
                path => Path.GetFileName(path),
                path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))
            );

    private Clip[] Clips(int count) => ToneClipBuilder.Create(folder, count, "angry", "sad");

    private sealed class ProgressAction(Action<int> action) : IProgress<(int Processed, int Total)>
    {
        public void Report((int Processed, int Total) value) => action(value.Processed);
    }

    private sealed class LayeredEncoder : IEncoder
    {
        public EncoderDescription Description { get; } = new("layered", "1", "all", 100, 2, 3);

        public FrameMatrix Encode(ReadOnlySpan<float> waveform, CancellationToken cancellationToken = default) =>
            new([.. Enumerable.Range(0, 30).Select(i => i / 8f)], 5, 3, 2);

        public void Dispose() { }
    }
}
