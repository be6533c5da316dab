using System.Text.Json.Nodes;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Testing.Encoders;

namespace AttnCrnn.Tests.Encoders.Classifiers;

/// <summary>A checkpoint without a head, or with one that does not fit, is an error and never a guess.</summary>
public sealed class ClassifierErrorTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("wav2vec2-base-like", "no classification head (no tensors of one)")]
    [InlineData("wav2vec2-ctc-head", "no classification head (no tensors of one)")]
    [InlineData("emotion2vec/emotion2vec-base-like", "no classification head")]
    public async Task A_checkpoint_without_a_head(string checkpoint, string expected)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() =>
            SpeechClassifier.OpenAsync(
                Fixtures.Path("encoders", checkpoint),
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("projector.weight and classifier.weight", error.Message, StringComparison.Ordinal);
    }

    /// <summary>The tensors decide: architectures may name any class.</summary>
    [Fact]
    public async Task The_architecture_of_the_configuration_is_ignored()
    {
        using var classifier = await OpenAsync("hubert-base-classifier", json =>
            json["architectures"] = new JsonArray("HubertForCTC")
        );
        Assert.Equal(6, classifier.Labels.Count);
    }

    [Theory]
    [InlineData("hubert-large-superb-like", "use_weighted_layer_sum", "false", "has layer_weights, but")]
    [InlineData("hubert-base-classifier", "use_weighted_layer_sum", "true", "has no layer_weights, but")]
    [InlineData("hubert-base-classifier", "id2label", """{"0": "a", "1": "b"}""", "2 labels for a head with 6 outputs")]
    [InlineData("audeering-dimensional", "id2label", """{"0": "a", "1": "b", "2": "a"}""", "have the same label")]
    [InlineData("audeering-dimensional", "id2label", """{"0": "a", "1": "b", "3": "c"}""", "index from 0 to 2")]
    [InlineData("audeering-dimensional", "id2label", """{"0": "a", "1": "b", "x": "c"}""", "index from 0 to 2")]
    [InlineData("audeering-dimensional", "problem_type", "\"ranking\"", "problem_type \"ranking\"")]
    [InlineData("soxan-wav2vec2-mean", "pooling_mode", "\"attentive\"", "pooling_mode \"attentive\"")]
    public async Task A_configuration_that_contradicts_the_head(
        string checkpoint,
        string key,
        string value,
        string expected
    )
    {
        var error = await Assert.ThrowsAnyAsync<InvalidInputException>(() =>
            OpenAsync(checkpoint, json => json[key] = JsonNode.Parse(value))
        );
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_labels_the_outputs_are_numbered_and_a_notice_says_so()
    {
        var notices = new List<string>();
        using var classifier = await OpenAsync("audeering-dimensional", json => json.Remove("id2label"), notices.Add);
        Assert.Equal(["LABEL_0", "LABEL_1", "LABEL_2"], classifier.Labels);
        Assert.Contains("3 outputs", Assert.Single(notices), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\u001b[31m")]
    [InlineData("a\nb")]
    [InlineData("\u202ea")]
    [InlineData("  ")]
    public async Task Labels_with_control_characters_are_refused(string label)
    {
        var error = await Assert.ThrowsAsync<InvalidInputException>(() =>
            OpenAsync("audeering-dimensional", json => json["id2label"]!["1"] = label)
        );
        Assert.StartsWith(folder.PathOf("config.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains("correct the labels", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.All(character => !char.IsControl(character)), error.Message);
    }

    [Fact]
    public async Task Labels_of_tokens_txt_with_control_characters_are_refused()
    {
        var error = await OpenEmotion2VecAsync("neutral\u0007");
        Assert.Contains("tokens.txt: the label", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_of_which_none_is_used_are_refused()
    {
        var error = await OpenEmotion2VecAsync("unuse");
        Assert.Contains("all 9 labels begin with unuse", error.Message, StringComparison.Ordinal);
    }

    /// <summary>FunASR alone omits outputs by their labels.</summary>
    [Fact]
    public async Task Outputs_of_transformers_are_all_used()
    {
        using var classifier = await OpenAsync("audeering-dimensional", json => json["id2label"]!["1"] = "unused");
        Assert.Equal(3, classifier.Labels.Count);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("single_label_classification", false)]
    [InlineData("multi_label_classification", true)]
    [InlineData("regression", true)]
    public async Task Softmax_of_a_single_output_is_refused(string? type, bool isAccepted)
    {
        using var variant = new CheckpointVariant("heads/wav2vec2-large-classifier");
        variant
            .WithJson(CheckpointVariant.Config, json =>
            {
                json["id2label"] = new JsonObject { ["0"] = "arousal" };
                json["problem_type"] = type;
            })
            .WithTensors(tensors =>
            {
                foreach (var name in (string[])["classifier.weight", "classifier.bias"])
                {
                    var tensor = tensors[name];
                    int[] shape = [1, .. tensor.Shape[1..]];
                    tensors[name] = new(name, shape, tensor.Values[..(tensor.Values.Length / tensor.Shape[0])]);
                }
            });
        Task<SpeechClassifier> Open() =>
            SpeechClassifier.OpenAsync(variant.Path, cancellationToken: TestContext.Current.CancellationToken);
        if (isAccepted)
        {
            using var classifier = await Open();
            Assert.Single(classifier.Predict(new float[4000]));
            return;
        }
        var error = await Assert.ThrowsAsync<InvalidInputException>(Open);
        Assert.Contains("set problem_type to \"regression\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sum")]
    [InlineData("max")]
    public async Task Another_pooling_gives_other_values(string mode)
    {
        float[] samples = [.. Enumerable.Range(0, 4000).Select(i => MathF.Sin(i * 0.1f))];
        using var mean = await OpenAsync("soxan-wav2vec2-mean", _ => { });
        var expected = mean.Predict(samples);
        using var other = await OpenAsync("soxan-wav2vec2-mean", json => json["pooling_mode"] = mode);
        Assert.NotEqual(expected, other.Predict(samples));
    }

    [Fact]
    public async Task Classes_of_which_several_hold_have_independent_probabilities()
    {
        using var classifier = await OpenAsync("soxan-wav2vec2-mean", json =>
            json["problem_type"] = "multi_label_classification"
        );
        Assert.Equal(ClassifierOutput.IndependentProbabilities, classifier.Output);
        float[] samples = [.. Enumerable.Range(0, 4000).Select(i => MathF.Sin(i * 0.1f))];
        double[] expected = [.. classifier.Compute(samples).Select(value => 1 / (1 + Math.Exp(-value)))];
        Assert.Equal(expected, classifier.Predict(samples));
    }

    [Theory]
    [InlineData("wav2vec2-large-classifier", "classifier.bias", float.NaN)]
    [InlineData("wav2vec2-large-classifier", "classifier.bias", float.NegativeInfinity)]
    [InlineData("audeering-dimensional", "classifier.out_proj.bias", float.NaN)]
    public async Task Outputs_that_are_not_finite_are_an_error(string checkpoint, string tensor, float value)
    {
        using var variant = new CheckpointVariant($"heads/{checkpoint}");
        variant.WithTensors(tensors => tensors[tensor].Values[1] = value);
        using var classifier = await SpeechClassifier.OpenAsync(
            variant.Path,
            cancellationToken: TestContext.Current.CancellationToken
        );
        var error = Assert.Throws<InvalidInputException>(() => classifier.Predict(new float[4000]));
        Assert.Equal(
            $"the classifier's outputs are not finite ({classifier.PublishedLabels[1]}: {value}); its weights are "
                + "damaged or overflow: download it again, or use another checkpoint",
            error.Message
        );
    }

    /// <param name="prefix">Before each label.</param>
    private static async Task<InvalidInputException> OpenEmotion2VecAsync(string prefix)
    {
        using var variant = new CheckpointVariant("emotion2vec/emotion2vec-plus-like");
        variant.WithFile("tokens.txt", string.Join('\n', Enumerable.Range(0, 9).Select(i => $"{prefix}{i}")));
        return await Assert.ThrowsAsync<InvalidInputException>(() =>
            SpeechClassifier.OpenAsync(variant.Path, cancellationToken: TestContext.Current.CancellationToken)
        );
    }

    private Task<SpeechClassifier> OpenAsync(
        string checkpoint,
        Action<JsonObject> change,
        Action<string>? notice = null
    )
    {
        foreach (var file in Directory.EnumerateFiles(Fixtures.Path("encoders", "heads", checkpoint)))
            File.Copy(file, folder.PathOf(Path.GetFileName(file)), overwrite: true);
        var json = JsonNode.Parse(File.ReadAllText(folder.PathOf("config.json")))!.AsObject();
        change(json);
        File.WriteAllText(folder.PathOf("config.json"), json.ToJsonString());
        return SpeechClassifier.OpenAsync(
            folder.Path,
            new()
            {
                Threads = 1,

                Notice = notice,
            },
            TestContext.Current.CancellationToken
        );
    }
}
