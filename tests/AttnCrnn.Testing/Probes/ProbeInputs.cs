using AttnCrnn.Encoders;
using AttnCrnn.Evaluation;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Models;
using AttnCrnn.Numerics.Random;
using AttnCrnn.Reports;
using AttnCrnn.Testing.Corpora;
using AttnCrnn.Testing.Features;

namespace AttnCrnn.Testing.Probes;

/// <summary>
/// The inputs of commands: recordings, stores, runs and an encoder. Every command finds them in the same folder, which
/// is restored before each, so that paths do not differ.
/// </summary>
internal sealed class ProbeInputs : IDisposable
{
    /// <summary>The name of the run.</summary>
    public const string Run = "attn_crnn_v2_20260131_235959";

    /// <summary>The name of a run that has only predictions, of the clips of <see cref="Run"/>.</summary>
    public const string EvaluatedRun = "attn_crnn_v2_20260201_000000";

    private const int ClipsPerSpeaker = 6;

    // Of few speakers, confidence intervals hardly depend on the seed.
    private const int StoreSpeakers = 11;

    private const string NameWithoutEncoder = "without_encoder.keras";

    private static readonly string[] Labels = ["angry", "happy", "joy", "sad"];

    private readonly TempFolder folder = new();

    public ProbeInputs()
    {
        Directory.CreateDirectory(Template("clips"));
        WriteRecordings();
        WriteRun();
        WritePredictions(Run, seed: 1);
        WritePredictions(EvaluatedRun, seed: 2);
        WriteStore("other", clipsOfLabel: [2, 2, 1, 1]);
        WriteStore("features", clipsOfLabel: [1, 1, 2, 2]);
        // An older export, which an export replaces with a message.
        File.WriteAllText(Template("runs", "checkpoints", Run, "best_attn_crnn_model.onnx"), "");
        using var whisper = new WhisperCheckpointBuilder(new() { Positions = 1500 });
        Copy(whisper.Folder, Template("whisper"));
        using (var database = CorpusTree.Create("audformat", seconds: 2))
            Copy(database.Path, Template("database"));
        Copy(Fixtures.Path("encoders", "heads", "hubert-large-superb-like"), Template("classifier"));
        WriteModel(new(EncoderDescription.Unknown, "", "", 0, whisper.Shape.Width, 1), Template(NameWithoutEncoder));
        Restore();
    }

    /// <summary>The folder of the commands.</summary>
    public string Folder => folder.PathOf("work");

    public string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>Path of the run's model.</summary>
    public string Model => PathOf("runs", "checkpoints", Run, "best_attn_crnn_model.keras");

    /// <summary>Path of a model that does not name its encoder, which is "whisper" with layer 1.</summary>
    public string ModelWithoutEncoder => PathOf(NameWithoutEncoder);

    /// <summary>Removes what a command wrote.</summary>
    public void Restore()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
        Copy(folder.PathOf("template"), Folder);
    }

    public void Dispose() => folder.Dispose();

    private string Template(params string[] parts) => folder.PathOf(["template", .. parts]);

    // Tones of all labels by three speakers, a long one for chunks, and a damaged file.
    private void WriteRecordings()
    {
        List<string> lines = ["path,label,speaker"];
        for (var clip = 0; clip < 3 * ClipsPerSpeaker; clip++)
        {
            var seconds = clip == 0 ? 9.5 : 0.4 + (0.05 * clip);
            WavWriter.Write(Template("clips", $"{clip:00}.wav"), LogMelModels.Sweep(seconds), 16_000);
            lines.Add($"clips/{clip:00}.wav,{Labels[clip % Labels.Length]},s{clip / ClipsPerSpeaker}");
        }
        File.WriteAllText(Template("clips", "damaged.wav"), "RIFF");
        lines.Add("clips/damaged.wav,sad,s0");
        File.WriteAllLines(Template("clips.csv"), lines);
        var first = lines[1].Split(',');
        File.WriteAllLines(
            Template("conflict.csv"),
            [.. lines, string.Join(',', ["./" + first[0], "other", .. first[2..]])]
        );
        foreach (var actor in (string[])["01", "16", "21"])
            WavWriter.Write(Template("ravdess", $"03-01-05-01-01-01-{actor}.wav"), LogMelModels.Sweep(0.4), 16_000);
        // Acted as angry, heard as neutral.
        const string name = "IMPROV-S01A-F01-P-FM01";
        WavWriter.Write(Template("improv", $"MSP-{name}.wav"), LogMelModels.Sweep(0.4), 16_000);
        File.WriteAllText(Template("improv", "Evaluation.txt"), $"UTD-{name}.avi; N; A:3; V:3; D:3 ; N:4;\n");
    }

    private void WritePredictions(string run, int seed)
    {
        var predictions = PredictionBuilder.CreateRandom(seed, StoreSpeakers, ClipsPerSpeaker);
        var folder = Template("runs", "analysis_results", run);
        PredictionsCsv.Write(Path.Combine(folder, "predictions.csv"), PredictionBuilder.Labels, predictions);
        File.WriteAllText(
            Path.Combine(folder, "metrics.json"),
            MetricsJson.Serialize(PredictionBuilder.Result(predictions))
        );
    }

    private void WriteRun()
    {
        using var encoder = new LogMelEncoder();
        WriteModel(encoder.Description, Template("runs", "checkpoints", Run, "best_attn_crnn_model.keras"));
    }

    private static void WriteModel(EncoderDescription encoder, string path)
    {
        var network = new NetworkOptions(encoder.FrameWidth, Labels.Length)
        {
            Conv1Filters = 8,
            Conv2Filters = 8,
            LstmUnits = 6,
            DenseUnits = 10,
        };
        var model = RandomModelBuilder.Create(network, seed: 1, encoder: encoder);
        ModelFileWriter.Write(
            path,
            model.Model with
            {
                Labels = Labels,

                Synthetic = true,
            },
            model.Tensors
        );
    }

    private void WriteStore(string name, int[] clipsOfLabel)
    {
        using var encoder = new LogMelEncoder();
        List<StoreClip> clips = [];
        for (var speaker = 0; speaker < StoreSpeakers; speaker++)
        for (var label = 0; label < Labels.Length; label++)
        for (var clip = 0; clip < clipsOfLabel[label]; clip++)
        {
            var values = CreateFrames(clips.Count, encoder.Description.FrameWidth);
            clips.Add(new($"/{name}/{clips.Count}.wav", Labels[label], $"s{speaker}", values));
        }
        clips.Add(new($"/{name}/damaged.wav", "sad", "s0", []) { Problem = "damaged" });
        FeatureStoreBuilder.Write(Template(name), encoder.Description, clips);
    }

    // The spectra of the clips differ by far more than their frames, so that their predictions differ.
    private static float[] CreateFrames(int clip, int width)
    {
        const float spectralContrast = 8;
        var random = new RandomStream(3).ForStream(RandomStreamId.Demo, (uint)clip);
        var values = new float[(16 + (clip % 5)) * width];
        random.FillNormal(values);
        var spectrum = values[..width];
        for (var index = 0; index < values.Length; index++)
            values[index] += spectralContrast * spectrum[index % width];
        return values;
    }

    private static void Copy(string source, string target)
    {
        foreach (var path in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }
    }
}
