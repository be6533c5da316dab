using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Onnx;
using AttnCrnn.Testing.Encoders;
using AttnCrnn.Testing.Encoders.References.Shapes;

namespace AttnCrnn.Tests.Encoders.Classifiers;

/// <summary>
/// Wav2Vec2BertForSequenceClassification, which sets masked frames to zero after the projection and divides by the sum
/// of the mask: in float64 from the hidden states and the mask that transformers computes (fixtures/encoders).
/// </summary>
public sealed class Wav2Vec2BertClassifierTests : IDisposable
{
    private const string Checkpoint = "wav2vec2-bert/w2v-bert-2.0-like";
    private const int Width = 24;
    private const int ProjectionWidth = 10;
    private const int Outputs = 4;
    private const double Tolerance = 5e-5; // of the hidden states

    private static readonly StoredTensor Projector = Create("projector.weight", 0.3f, ProjectionWidth, Width);
    private static readonly StoredTensor ProjectorBias = Create("projector.bias", 0.3f, ProjectionWidth);
    private static readonly StoredTensor Classifier = Create("classifier.weight", 0.5f, Outputs, ProjectionWidth);
    private static readonly StoredTensor ClassifierBias = Create("classifier.bias", 0.3f, Outputs);
    private static readonly StoredTensor LayerWeights = Create("layer_weights", 1, 3);

    private static readonly IReadOnlyDictionary<string, NpyArray> Reference = NpzFile.Read(
        Path.Combine(Fixtures.Path(["encoders", .. Checkpoint.Split('/')]), "expected.npz")
    );

    private readonly CheckpointVariant variant = new(Checkpoint);
    private readonly TempFolder folder = new();

    public void Dispose()
    {
        variant.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("even_frames", false)]
    [InlineData("odd_length", false)]
    [InlineData("even_frames", true)]
    [InlineData("odd_length", true)]
    public async Task The_mean_leaves_out_the_masked_frame(string clip, bool isWeighted)
    {
        AddHead(isWeighted);
        var waveform = Reference[$"{clip}/waveform"].ToSingles();
        float[] expected = [.. ComputeLogits(clip, isWeighted).Select(value => (float)value)];
        using var classifier = await SpeechClassifier.OpenAsync(
            variant.Path,
            new() { Threads = 1 },
            TestContext.Current.CancellationToken
        );

        FloatAssert.Near(expected, [.. classifier.Compute(waveform).Select(x => (float)x)], Tolerance, clip);

        OnnxClassifierExporter.Export(classifier, folder.PathOf("m.onnx"));
        using var session = OnnxSession.Load(folder.PathOf("m.onnx"), threads: 1);
        FloatAssert.Near(expected, session.Run(("samples", waveform, [waveform.Length])), Tolerance, clip);
    }

    private void AddHead(bool isWeighted)
    {
        variant.WithJson(CheckpointVariant.Config, json =>
        {
            json["id2label"] = new System.Text.Json.Nodes.JsonObject(
                "wxyz".Select((label, i) => KeyValuePair.Create($"{i}", (System.Text.Json.Nodes.JsonNode?)$"{label}"))
            );
            json["problem_type"] = "regression";
            json["use_weighted_layer_sum"] = isWeighted;
        });
        StoredTensor[] head = [Projector, ProjectorBias, Classifier, ClassifierBias];
        variant.WithTensors(tensors =>
        {
            foreach (var tensor in isWeighted ? [.. head, LayerWeights] : head)
                tensors.Add(tensor.Name, tensor);
        });
    }

    private static double[] ComputeLogits(string clip, bool isWeighted)
    {
        var states = Reference[$"{clip}/hidden_states"];
        var values = states.ToSingles();
        int[] valid =
        [
            .. Reference[$"{clip}/attention_mask"].ToSingles().Index().Where(x => x.Item > 0).Select(x => x.Index),
        ];
        var layers = states.Shape[0];
        var frames = states.Shape[1];
        double[] weights = isWeighted
            ? [.. LayerWeights.Values.Select(value => Math.Exp(value))]
            : [.. Enumerable.Range(0, layers).Select(layer => layer == layers - 1 ? 1.0 : 0)];
        double State(int frame, int feature) =>
            Enumerable
                .Range(0, layers)
                .Sum(layer => weights[layer] * values[(((layer * frames) + frame) * Width) + feature]) / weights.Sum();
        // The projection is linear: its mean is the projection of the mean.
        double[] mean = [.. Enumerable.Range(0, Width).Select(i => valid.Average(frame => State(frame, i)))];
        return ApplyLinear(ApplyLinear(mean, Projector, ProjectorBias), Classifier, ClassifierBias);
    }

    private static double[] ApplyLinear(double[] x, StoredTensor weight, StoredTensor bias) =>
        [
            .. bias.Values.Select(
                (value, row) => value + x.Select((v, i) => v * weight.Values[(row * x.Length) + i]).Sum()
            ),
        ];

    private static StoredTensor Create(string name, float scale, params int[] shape) =>
        new(
            name,
            shape,
            [.. Enumerable.Range(1, shape.Aggregate((a, b) => a * b)).Select(i => scale * MathF.Sin(i * i))]
        );
}
