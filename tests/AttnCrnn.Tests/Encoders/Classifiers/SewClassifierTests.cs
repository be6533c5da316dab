using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Testing.Encoders;
using AttnCrnn.Testing.Encoders.References.Shapes;

namespace AttnCrnn.Tests.Encoders.Classifiers;

/// <summary>SEW, whose layers need a whole group of frames: fewer are refused, as transformers fails on them.</summary>
public sealed class SewClassifierTests
{
    // The kernels and strides of the checkpoint: a frame has 200 samples, the next one begins after 160.
    private const int GroupSamples = 200 + 160;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_recording_without_a_whole_group_of_frames_is_too_short(bool isWeighted)
    {
        using var variant = new CheckpointVariant("sew/sew-like");
        variant
            .WithJson(CheckpointVariant.Config, json => json["use_weighted_layer_sum"] = isWeighted)
            .WithTensors(tensors => AddHead(tensors, isWeighted));
        using var classifier = await SpeechClassifier.OpenAsync(
            variant.Path,
            cancellationToken: TestContext.Current.CancellationToken
        );
        Assert.Equal(GroupSamples, classifier.MinSamples);
        Assert.Equal(2, classifier.Predict(new float[GroupSamples]).Length);
        var error = Assert.Throws<InvalidInputException>(() => classifier.Predict(new float[GroupSamples - 1]));
        Assert.Contains("too short for a frame of sew", error.Message, StringComparison.Ordinal);
    }

    private static void AddHead(Dictionary<string, StoredTensor> tensors, bool isWeighted)
    {
        var width = tensors
            .Values.First(tensor => tensor.Name.EndsWith("final_layer_norm.bias", StringComparison.Ordinal))
            .Shape[0];
        Add("projector.weight", 3, width);
        Add("projector.bias", 3);
        Add("classifier.weight", 2, 3);
        Add("classifier.bias", 2);
        if (isWeighted)
            Add(
                "layer_weights",
                1 + tensors.Keys.Count(name => name.EndsWith("attention.k_proj.weight", StringComparison.Ordinal))
            );

        void Add(string name, params int[] shape)
        {
            var count = shape.Aggregate((a, b) => a * b);
            tensors.Add(name, new(name, shape, [.. Enumerable.Range(0, count).Select(i => 0.1f * i)]));
        }
    }
}
