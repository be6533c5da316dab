using System.Text.Json;
using AttnCrnn.Features.Npz;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.IntegrationTests.Cli;

/// <summary>Archives that Keras saved, given to the built program.</summary>
public sealed class KerasProgramTests : IDisposable
{
    private const string Labels = "n,c,h,s,a,f";

    private readonly TempFolder folder = new();

    private string At(string name) => folder.At(name);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Predict_takes_frames_with_labels_in_the_order_of_the_outputs_and_export_keeps_them()
    {
        var model = Fixtures.Path("keras", "lambda_named_gelu.keras");
        var expected = Frames("lambda_named_gelu.npz", "x", "y");
        var predicted = Run("predict", model, "clip.npz", "--json", "--labels", Labels);
        Assert.True(predicted.Code == 0, predicted.Error);
        Assert.Contains("names the function 'gelu_tanh'", predicted.Error, StringComparison.Ordinal);
        AssertProbabilities(expected, predicted.Output);
        var without = Run("predict", model, "clip.npz");
        Assert.True(
            without.Code == 3
                && without.Error.Contains(
                    "name the labels of its 6 outputs, in their order, with --labels a,b",
                    StringComparison.Ordinal
                ),
            without.Error
        );
        Assert.Equal(3, Run("predict", model, "clip.npz", "--labels", "a,b").Code);
        // Positional arguments are recordings, before and after --labels.
        foreach (
            var line in (string[][])
                [
                    ["predict", "--labels", Labels, model, "clip.npz", "--json"],
                    ["predict", model, "--labels", Labels, "clip.npz", "--json"],
                ]
        )
            Assert.Equal((0, predicted.Output), Run(line) is var result ? (result.Code, result.Output) : default);
        var threads = Run("predict", model, "clip.npz", "--labels", Labels, "--threads", "0");
        Assert.True(
            threads.Code == 2 && threads.Error.Contains("--threads 0: expected 1 to 1024", StringComparison.Ordinal),
            threads.Error
        );

        Assert.Equal(0, Run("export", model, "--to", "keras", "--labels", Labels, "--out", "own.keras").Code);
        var withLabels = Run("predict", "own.keras", "clip.npz", "--json"); // the model holds its labels
        Assert.Equal((0, predicted.Output), (withLabels.Code, withLabels.Output));
        Assert.Equal("", withLabels.Error.Trim()); // the tanh form of GELU is in the graph: no warning
        Assert.Equal(0, Run("export", model, "--to", "npz", "--labels", Labels, "--out", "w.npz").Code);
        Assert.Equal(Labels.Split(','), NpzFile.Read(At("w.npz"))["labels"].ToStrings());
    }

    [Fact]
    public void Recordings_need_an_encoder_of_matching_frames()
    {
        var model = Fixtures.Path("keras", "small.keras");
        WavWriter.Write(At("tone.wav"), ToneClipBuilder.Tone(1), 16000);
        string Said(params string[] more)
        {
            var (code, _, error) = Run(["predict", model, "tone.wav", "--labels", Labels, .. more]);
            Assert.Equal(more is ["--layers", _] ? 2 : 3, code);
            return error;
        }
        Assert.Contains(
            "does not name the encoder of its frames, 12 wide; give it with --encoder",
            Said(),
            StringComparison.Ordinal
        );
        Assert.Contains("name the encoder as well, with --encoder", Said("--layers", "7"), StringComparison.Ordinal);
        Assert.Contains(
            "the model takes frames 12 wide, and those of log-mel",
            Said("--encoder", "log-mel"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_feature_file_that_contradicts_itself_or_holds_NaN_is_rejected()
    {
        var model = Fixtures.Path("keras", "small.keras");
        var values = new float[10 * 12];
        void Refused(string says)
        {
            var (code, output, error) = Run("predict", model, "bad.npz", "--labels", Labels, "--json");
            Assert.Equal((3, ""), (code, output));
            Assert.Contains(says, error, StringComparison.Ordinal);
        }
        NpzFile.Write(
            At("bad.npz"),
            new Dictionary<string, NpyArray>
            {
                ["embeddings"] = NpyArray.Create(values, 10, 12),
                ["label"] = NpyArray.Create((double[])[0, 1, 0], 3),
                ["emotion_class"] = NpyArray.Create((long[])[2], []),
            }
        );
        Refused("label says class 1, emotion_class says 2");
        void Labelled(string key, NpyArray value, string other, NpyArray second) =>
            NpzFile.Write(
                At("bad.npz"),
                new Dictionary<string, NpyArray>
                {
                    ["embeddings"] = NpyArray.Create(values, 10, 12),
                    [key] = value,
                    [other] = second,
                }
            );
        Labelled("label", NpyArray.Create((string[])["happy"], []), "emotion", NpyArray.Create((string[])["sad"], []));
        Refused("label says 'happy', emotion says 'sad'");
        Labelled("label", NpyArray.Create((long[])[3], []), "emotion_class", NpyArray.Create((long[])[2], []));
        Refused("label says class 3, emotion_class says 2");
        Labelled("label", NpyArray.Create(new double[6], 6), "emotion_class", NpyArray.Create((long[])[0], []));
        Refused("label names no single class");
        values[17] = float.NaN;
        NpzFile.Write(
            At("bad.npz"),
            new Dictionary<string, NpyArray> { ["embeddings"] = NpyArray.Create(values, 10, 12) }
        );
        Refused("NaN in frame 1, feature 5");
        NpzFile.Write(
            At("bad.npz"),
            new Dictionary<string, NpyArray> { ["embeddings"] = NpyArray.Create(new float[130], 10, 13) }
        );
        Refused("found frames 13 wide, expected 12, ");
    }

    [Fact]
    public void Evaluate_and_train_take_an_archive_that_Keras_saved_again()
    {
        // Two clips of each of twelve speakers and three classes; the class determines the features.
        var encoder = new AttnCrnn.Encoders.EncoderDescription("test", "1", "", 100, 8, 1);
        var random = new Random(3);
        string[] names = ["calm", "glad", "sad"];
        var clips =
            from speaker in Enumerable.Range(0, 12)
            from label in Enumerable.Range(0, 3)
            from take in Enumerable.Range(0, 2)
            select new StoreClip(
                $"{speaker}-{label}-{take}.wav",
                names[label],
                $"s{speaker}",
                [
                    .. Enumerable
                        .Range(0, 30 * 8)
                        .Select(i => (float)(random.NextDouble() + (i % 8 % 3 == label ? 1 : 0))),
                ]
            );
        FeatureStoreBuilder.Write(At("features"), encoder, clips);
        var first = Run("train", "--data_dirs", "features", "--epochs", "3", "--quiet");
        Assert.True(first.Code == 0, first.Error);
        var best = Path.Combine(Directory.GetDirectories(At("checkpoints")).Single(), "best_attn_crnn_model.keras");
        KerasBuilder.FromFile(best).Without("attn_crnn.json").Save(At("again.keras"));

        string Figures(params string[] arguments)
        {
            var (code, output, error) = Run(["evaluate", .. arguments, "--data_dirs", "features", "--json", "--quiet"]);
            Assert.True(code == 0, error);
            return JsonDocument.Parse(output).RootElement.GetProperty("accuracy").GetRawText();
        }
        Assert.Equal(Figures(best), Figures("again.keras", "--labels", "calm,glad,sad"));
        Assert.NotEqual(Figures(best), Figures("again.keras", "--labels", "glad,sad,calm"));

        var second = Run(
            "train",
            "--data_dirs",
            "features",
            "--epochs",
            "1",
            "--init",
            "again.keras",
            "--labels",
            "calm,glad,sad",
            "--workdir",
            "second"
        );
        Assert.True(second.Code == 0, second.Error);
        Assert.Contains(
            "the weights are those of again.keras, the state of Adam is new",
            second.Error,
            StringComparison.Ordinal
        );
        Assert.Contains("if that model was trained on the test speakers", second.Output, StringComparison.Ordinal);
        using var saved = JsonDocument.Parse(
            File.ReadAllText(
                Directory
                    .GetFiles(
                        At(Path.Combine("second", "analysis_results")),
                        "config.json",
                        SearchOption.AllDirectories
                    )
                    .Single()
            )
        );
        Assert.Equal(At("again.keras"), saved.RootElement.GetProperty("init").GetString());
        var run = Path.GetFileName(Directory.GetDirectories(At(Path.Combine("second", "checkpoints"))).Single());
        var about = System.Text.Encoding.UTF8.GetString(
            KerasBuilder.FromFile(At(Path.Combine("second", "checkpoints", run, "best_attn_crnn_model.keras")))[
                "attn_crnn.json"
            ]
        );
        Assert.Contains("\"again.keras\"", about, StringComparison.Ordinal); // but not its folder
        Assert.DoesNotContain(folder.Path, about, StringComparison.Ordinal);
        File.Move(At("again.keras"), At("moved.keras"));
        var evaluated = Run("evaluate", run, "--workdir", "second"); // does not need the initial model
        Assert.True(
            evaluated.Code == 0 && evaluated.Output.Contains("again.keras", StringComparison.Ordinal),
            evaluated.Error
        );
        File.Move(At("moved.keras"), At("again.keras"));
        Assert.Equal(
            3,
            Run(
                "train",
                "--data_dirs",
                "features",
                "--init",
                "again.keras",
                "--labels",
                "calm,glad,angry",
                "--workdir",
                "third"
            ).Code
        );
        Assert.Equal(
            2,
            Run("train", "--data_dirs", "features", "--labels", "calm,glad,sad", "--workdir", "third").Code
        );
        Assert.False(Directory.Exists(At("third"))); // refused before anything was created
    }

    [Fact]
    public void A_clip_longer_than_a_fixed_length_is_named_when_a_store_is_evaluated()
    {
        string[] labels = Labels.Split(',');
        FeatureStoreBuilder.Write(
            At("features"),
            new("test", "1", "", 100, 12, 1),
            Enumerable
                .Range(0, 12)
                .Select(clip => new StoreClip(
                    $"{clip}.wav",
                    labels[clip % 6],
                    $"s{clip}",
                    new float[(clip == 7 ? 65 : 64) * 12]
                ))
        );
        var (code, _, error) = Run(
            "evaluate",
            Fixtures.Path("keras", "original_style.keras"),
            "--data_dirs",
            "features",
            "--labels",
            Labels
        );
        Assert.True(
            code == 3
                && error.Contains(
                    "7.wav: 65 frames: this model's input has a fixed length of 64 frames",
                    StringComparison.Ordinal
                ),
            error
        );
    }

    private float[] Frames(string fixture, string x, string y)
    {
        var arrays = KerasNetworkBuilder.Arrays(fixture);
        var (frames, width) = (arrays[x].Shape[^2], arrays[x].Shape[^1]);
        FeatureNpz.Write(At("clip.npz"), arrays[x].ToSingles().AsSpan(0, frames * width), frames, width, null, []);
        return arrays[y].ToSingles()[..6];
    }

    private static void AssertProbabilities(float[] expected, string json)
    {
        using var document = JsonDocument.Parse(json);
        float[] actual =
        [
            .. document
                .RootElement.GetProperty("probabilities")
                .EnumerateObject()
                .Select(probability => probability.Value.GetSingle()),
        ];
        FloatAssert.Near(expected, actual, 1e-5);
    }

    private (int Code, string Output, string Error) Run(params string[] arguments) =>
        BuiltProgram.Run(folder.Path, arguments);
}
