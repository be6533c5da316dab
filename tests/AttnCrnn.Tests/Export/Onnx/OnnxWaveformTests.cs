using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;
using AttnCrnn.Onnx;

namespace AttnCrnn.Tests.Export.Onnx;

/// <summary>
/// Waveform models in ONNX Runtime, against this program's encoders and network, on synthetic speech.
/// </summary>
public sealed class OnnxWaveformTests : IDisposable
{
    private const double Tolerance = 1e-4;

    private readonly TempFolder folder = new();

    private string Path => folder.PathOf("m.onnx");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("v2", "corpus", 0)]
    [InlineData("v2", "speaker", 0)]
    [InlineData("v1", "none", 500)]
    public void Log_mel_is_exported_with_the_model(string version, string normalization, int padding)
    {
        using var encoder = new LogMelEncoder();
        var network = version == "v1" ? NetworkOptions.CreateV1(80, 8) : new NetworkOptions(80, 8);
        AssertSame(
            RandomModelBuilder.Create(network, seed: 4, normalization, padding: padding, encoder: encoder.Description),
            encoder
        );
    }

    [Fact]
    public void Silent_bands_and_silence_give_the_same_features()
    {
        using var encoder = new LogMelEncoder();
        var graph = new GraphBuilder("front");
        graph.AddOutput(
            "frames",
            ((IGraphEncoder)encoder).AddToGraph(graph, graph.AddInput("samples", "samples")),
            -1,
            80
        );
        using var session = new OnnxSession(graph.ToModel(), threads: 1);
        float[] tone = [.. Enumerable.Range(0, 8000).Select(i => 0.9f * MathF.Sin(i * 0.3f))];
        foreach (var samples in (float[][])[tone, new float[1600], [.. tone.Take(480)], [.. Recordings().First()]])
        {
            var actual = session.Run(("samples", samples, [samples.Length]));
            var expected = encoder.Encode(samples).Values;
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 2e-6));
        }
    }

    [Theory]
    [InlineData("wav2vec2-base-like", "2")]
    [InlineData("wav2vec2-base-like-float16", "1-3")]
    [InlineData("wav2vec2-large-like", "last")]
    [InlineData("hubert-base-like", "all")]
    [InlineData("wavlm-large-like", "all")]
    [InlineData("unispeech-sat/unispeech-sat-large-like", "last")]
    [InlineData("data2vec-audio/data2vec-audio-base-like", "1-2")]
    [InlineData("wav2vec2-conformer/conformer-rel-pos-like", "all")]
    [InlineData("wav2vec2-conformer/conformer-rope-like", "last")]
    [InlineData("sew/sew-like", "all")]
    [InlineData("sew/sew-like", "last")]
    [InlineData("wav2vec2-bert/w2v-bert-2.0-like", "all")]
    [InlineData("emotion2vec/emotion2vec-plus-like", "last")]
    [InlineData("emotion2vec/emotion2vec-base-like", "all")]
    public void A_speech_encoder_is_exported_with_the_model(string checkpoint, string layers)
    {
        using var encoder = Open(checkpoint, layers);
        AssertSame(ModelOf(encoder), encoder);
    }

    [Theory]
    [InlineData("whisper-base-like", "all", EncoderContext.Clip)]
    [InlineData("whisper-base-like", "2", EncoderContext.Padded)]
    [InlineData("whisper-large-v3-like", "1-2", EncoderContext.Clip)]
    [InlineData("whisper-large-v3-like", "last", EncoderContext.Padded)]
    public void A_Whisper_encoder_is_exported_with_the_model(string checkpoint, string layers, EncoderContext context)
    {
        using var encoder = OpenWhisper(checkpoint, layers, context);
        AssertSame(ModelOf(encoder), encoder);
    }

    [Fact]
    public void The_built_in_encoder_and_network_fit_one_file_of_15_000_000_bytes()
    {
        using var encoder = (SpeechEncoder)EncoderCatalog.Open(new("whisper-tiny.en"), _ => { });
        var modelBuilder = RandomModelBuilder.Create(new NetworkOptions(384, 8), seed: 6, encoder: encoder.Description);
        Assert.Equal([Path], OnnxExporter.ExportWaveformModel(Path, modelBuilder.Model, modelBuilder.Tensors, encoder));
        Assert.InRange(new FileInfo(Path).Length, 1, 15_000_000);
        AssertSame(modelBuilder, encoder, write: false);
    }

    [Theory]
    [InlineData(EncoderContext.Clip, 1120)]
    [InlineData(EncoderContext.Padded, 961)]
    public void Audio_too_short_for_four_Whisper_frames_gives_NaN(EncoderContext context, int min)
    {
        using var encoder = OpenWhisper("whisper-base-like", "2", context);
        AssertMinSamples(ModelOf(encoder), encoder, min);
    }

    [Theory]
    [InlineData(EncoderContext.Clip)]
    [InlineData(EncoderContext.Padded)]
    public void Audio_longer_than_Whispers_window_gives_NaN_and_the_limit_is_documented(EncoderContext context)
    {
        using var encoder = OpenWhisper("whisper-base-like", "2", context);
        var modelBuilder = ModelOf(encoder);
        OnnxExporter.ExportWaveformModel(Path, modelBuilder.Model, modelBuilder.Tensors, encoder);
        using var session = OnnxSession.Load(Path, threads: 1);
        Assert.Equal("480000", session.Metadata["max_samples"]);
        var sound = new float[480_001];
        for (var i = 0; i < sound.Length; i++)
            sound[i] = MathF.Sin(i * 0.05f);
        Assert.All(session.Run(("samples", sound[..480_000], [480_000])), value => Assert.True(float.IsFinite(value)));
        Assert.All(session.Run(("samples", sound, [sound.Length])), value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void An_exported_file_needs_no_more_memory_than_predict()
    {
        var options = new SpeechOptions("2") { ChunkSeconds = 8 };
        using var encoder = new SpeechEncoder(
            Fixtures.Path("encoders", "whisper", "whisper-base-like"),
            "tiny",
            "1",
            options
        );
        var modelBuilder = ModelOf(encoder);
        OnnxExporter.ExportWaveformModel(Path, modelBuilder.Model, modelBuilder.Tensors, encoder);
        using var session = OnnxSession.Load(Path, threads: 1);
        Assert.Equal("128000", session.Metadata["max_samples"]);
    }

    [Fact]
    public void An_int8_encoder_is_exported_unchanged()
    {
        using var encoder = new SpeechEncoder(
            Fixtures.Path("encoders", "wav2vec2-large-like"),
            "tiny",
            "1",
            new SpeechOptions("2") { Precision = SpeechPrecision.Int8 }
        );
        AssertSame(ModelOf(encoder), encoder);
    }

    [Fact]
    public void Large_weights_are_stored_in_a_file_beside_the_model()
    {
        using var encoder = Open("wavlm-base-like", "1-3");
        var modelBuilder = ModelOf(encoder);
        var contents = OnnxExporter.ExportWaveformModel(Path, modelBuilder.Model, modelBuilder.Tensors, encoder);
        Assert.Equal([Path], contents);
        var fileBytes = new FileInfo(Path).Length;
        var files = OnnxExporter.ExportWaveformModel(
            Path,
            modelBuilder.Model,
            modelBuilder.Tensors,
            encoder,
            quantizeInt8: false,
            maxInlineBytes: 0
        );
        Assert.Equal([Path, Path + ".data"], files);
        Assert.True(new FileInfo(Path).Length < fileBytes / 2, "the model is not smaller without its weights");
        AssertSame(modelBuilder, encoder, write: false);
        var otherFolder = Directory.CreateDirectory(folder.PathOf("elsewhere")).FullName; // model and weights together
        foreach (var file in files)
            File.Move(file, System.IO.Path.Combine(otherFolder, System.IO.Path.GetFileName(file)));
        using var session = OnnxSession.Load(System.IO.Path.Combine(otherFolder, "m.onnx"), threads: 1);
        Assert.Equal(
            modelBuilder.Model.Labels.Count,
            session.Run(("samples", Recordings().First(), [Recordings().First().Length])).Length
        );
    }

    [Fact]
    public void Audio_too_short_for_four_log_mel_frames_gives_NaN()
    {
        using var encoder = new LogMelEncoder();
        AssertMinSamples(
            RandomModelBuilder.Create(new NetworkOptions(80, 3), seed: 4, encoder: encoder.Description),
            encoder,
            480
        );
    }

    [Theory]
    [InlineData("wav2vec2-base-like", 400 + (3 * 320))]
    [InlineData("wavlm-large-like", 400 + (3 * 320))]
    [InlineData("emotion2vec/emotion2vec-plus-like", 400 + (3 * 320))]
    [InlineData("sew/sew-like", 200 + (7 * 160))] // two frames of the convolutions per frame
    [InlineData("wav2vec2-bert/w2v-bert-2.0-like", 400 + (6 * 160))] // the last frame may be half padding
    public void Audio_too_short_for_four_speech_encoder_frames_gives_NaN(string checkpoint, int min)
    {
        using var encoder = Open(checkpoint, "2");
        AssertMinSamples(ModelOf(encoder), encoder, min);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_non_finite_sample_gives_NaN(float value)
    {
        using var encoder = new LogMelEncoder();
        var modelBuilder = RandomModelBuilder.Create(new NetworkOptions(80, 3), seed: 4, encoder: encoder.Description);
        OnnxExporter.ExportWaveformModel(Path, modelBuilder.Model, modelBuilder.Tensors, encoder);
        using var session = OnnxSession.Load(Path, threads: 1);
        float[] samples = [.. Recordings().First()];
        samples[^1] = value;
        Assert.All(session.Run(("samples", samples, [samples.Length])), probability =>
            Assert.True(float.IsNaN(probability))
        );
    }

    private void AssertMinSamples(RandomModelBuilder modelBuilder, IEncoder encoder, int min)
    {
        OnnxExporter.ExportWaveformModel(Path, modelBuilder.Model, modelBuilder.Tensors, encoder);
        using var session = OnnxSession.Load(Path, threads: 1);
        using var predictor = modelBuilder.Load(folder.Path);
        Assert.Equal($"{min}", session.Metadata["least_samples"]);
        var sound = Recordings().First();
        foreach (var count in (int[])[0, 1, 200, 201, 399, 400, min - 1])
            if (count < min)
                Assert.All(session.Run(("samples", sound[..count], [count])), probability =>
                    Assert.True(float.IsNaN(probability), $"{count} samples: {probability}")
                );
        var actual = session.Run(("samples", sound[..min], [min]));
        Assert.All(predictor.Predict([encoder.Encode(sound.AsSpan(0, min))])[0].Zip(actual), pair =>
            Assert.Equal(pair.First, pair.Second, Tolerance)
        );
        Assert.Throws<InvalidInputException>(() => predictor.Predict([encoder.Encode(sound.AsSpan(0, min - 1))]));
    }

    private static SpeechEncoder Open(string checkpoint, string layers) =>
        new(Fixtures.Path("encoders", checkpoint), "tiny", "1", new SpeechOptions(layers));

    private static SpeechEncoder OpenWhisper(string checkpoint, string layers, EncoderContext context) =>
        new(
            Fixtures.Path("encoders", "whisper", checkpoint),
            "tiny",
            "1",
            new SpeechOptions(layers) { Context = context }
        );

    private static RandomModelBuilder ModelOf(SpeechEncoder encoder)
    {
        var encoderDescription = encoder.Description;
        return RandomModelBuilder.Create(
            new NetworkOptions(encoderDescription.Width, 5) { EncoderLayers = encoderDescription.LayerCount },
            seed: 6,
            encoder: encoderDescription
        );
    }

    // Resampled and native 16 kHz, half a second each, and a clip whose length is not a multiple of the hop.
    private static IEnumerable<float[]> Recordings()
    {
        foreach (var name in (string[])["stereo48k_pcm_16.wav", "mono16k_pcm_16.wav", "digital_silence.wav"])
            yield return AudioReader.Read(Fixtures.Path("audio", name), null, null, default).Samples;
        var samples = NpzFile.Read(Fixtures.Path("encoders", "whisper-tiny.en", "expected.npz"))["voice/waveform"];
        yield return samples.ToSingles()[..^77];
    }

    private void AssertSame(RandomModelBuilder modelBuilder, IEncoder encoder, bool write = true)
    {
        if (write)
            OnnxExporter.ExportWaveformModel(Path, modelBuilder.Model, modelBuilder.Tensors, encoder);
        using var session = OnnxSession.Load(Path, threads: 2);
        using var predictor = modelBuilder.Load(folder.Path);
        foreach (var samples in Recordings())
        {
            var actual = session.Run(("samples", samples, [samples.Length]));
            var expected = predictor.Predict([encoder.Encode(samples)])[0];
            Assert.Equal(expected.Length, actual.Length);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        }
    }
}
