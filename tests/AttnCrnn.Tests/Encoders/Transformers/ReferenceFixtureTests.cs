using System.Text.Json.Nodes;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.IO;
using AttnCrnn.Testing.Encoders.References;
using AttnCrnn.Testing.Encoders.References.Shapes;

namespace AttnCrnn.Tests.Encoders.Transformers;

/// <summary>The float64 references against the output of transformers and FunASR.</summary>
public sealed class ReferenceFixtureTests
{
    private const double Tolerance = 5e-5;

    private static readonly Dictionary<string, Emotion2VecShape> Emotion2VecShapes = new()
    {
        ["emotion2vec-plus-like/model.pt"] = new()
        {
            Width = 24,
            Heads = 4,
            PrenetLayers = 2,
            Layers = 3,
            PositionGroups = 8,
        },
        ["emotion2vec-base-like/emotion2vec_base.pt"] = new()
        {
            Prefix = "",
            Width = 36,
            Heads = 12,
            PrenetLayers = 1,
            Layers = 2,
            PositionGroups = 12,
        },
    };

    [Theory]
    [InlineData("data2vec-audio/data2vec-audio-base-like")]
    [InlineData("data2vec-audio/data2vec-audio-ctc-head")]
    [InlineData("sew/sew-like")]
    [InlineData("unispeech-sat/unispeech-large-like")]
    [InlineData("unispeech-sat/unispeech-sat-base-like")]
    [InlineData("unispeech-sat/unispeech-sat-large-like")]
    [InlineData("wav2vec2-bert/w2v-bert-2.0-like")]
    [InlineData("wav2vec2-conformer/conformer-rel-pos-like")]
    [InlineData("wav2vec2-conformer/conformer-rope-like")]
    public void A_reference_matches_transformers(string checkpoint)
    {
        var folder = Fixtures.Path(["encoders", .. checkpoint.Split('/')]);
        var shape = ReadShape(folder);
        var tensors = ReadTensors(folder);
        AssertStates(folder, waveform => shape.Encode(tensors, waveform));
    }

    [Theory]
    [InlineData("emotion2vec-plus-like/model.pt")]
    [InlineData("emotion2vec-base-like/emotion2vec_base.pt")]
    public void The_reference_of_emotion2vec_matches_FunASR(string file)
    {
        var path = Fixtures.Path(["encoders", "emotion2vec", .. file.Split('/')]);
        var shape = Emotion2VecShapes[file];
        using var files = CheckpointFiles.Open(Path.GetDirectoryName(path)!, [Path.GetFileName(path)], null);
        var tensors = files
            .Tensors.Keys.Where(name => name.StartsWith(shape.Prefix, StringComparison.Ordinal))
            .ToDictionary(name => name[shape.Prefix.Length..], name => ReadDoubles(files, name));
        AssertStates(Path.GetDirectoryName(path)!, waveform => shape.Encode(tensors, waveform));
    }

    [Theory]
    [InlineData("even_frames")]
    [InlineData("odd_length")]
    public void The_features_of_Wav2Vec2_BERT_match_transformers(string clip)
    {
        var expected = NpzFile.Read(Fixtures.Path("encoders", "wav2vec2-bert", "w2v-bert-2.0-like", "expected.npz"));
        var waveform = expected[$"{clip}/waveform"].ToSingles();
        var (features, mask) = SeamlessFeatures.Compute(waveform, bands: 80, padding: 1);
        FloatAssert.Near(
            expected[$"{clip}/input_features"].ToDoubles(),
            [.. features.SelectMany(frame => frame)],
            Tolerance,
            clip
        );
        Assert.Equal(expected[$"{clip}/attention_mask"].ToInt64s(), mask.Select(isReal => isReal ? 1L : 0));
    }

    private static void AssertStates(string folder, Func<float[], ReferenceStates> encode)
    {
        const string suffix = "/waveform";
        var expected = NpzFile.Read(Path.Combine(folder, "expected.npz"));
        foreach (var key in expected.Keys.Where(key => key.EndsWith(suffix, StringComparison.Ordinal)))
        {
            var clip = key[..^suffix.Length];
            var states = encode(expected[key].ToSingles());
            FloatAssert.Near(
                expected[$"{clip}/hidden_states"].ToDoubles(),
                [.. states.HiddenStates.SelectMany(state => state).SelectMany(frame => frame)],
                Tolerance,
                $"{clip}/hidden_states"
            );
            FloatAssert.Near(
                expected[$"{clip}/last_hidden_state"].ToDoubles(),
                [.. states.LastHiddenState.SelectMany(frame => frame)],
                Tolerance,
                $"{clip}/last_hidden_state"
            );
        }
    }

    private static ICheckpointShape ReadShape(string folder)
    {
        var config = ReadJson(folder, "config.json");
        var preprocessor = ReadJson(folder, "preprocessor_config.json");
        return (string?)config["model_type"] switch
        {
            "data2vec-audio" => new Data2VecAudioShape(config, preprocessor),
            "sew" => new SewShape(config, preprocessor),
            "wav2vec2-bert" => new Wav2Vec2BertShape(config, preprocessor),
            "wav2vec2-conformer" => new ConformerShape(config, preprocessor),
            _ => new Wav2Vec2Shape(config, preprocessor),
        };
    }

    private static JsonNode ReadJson(string folder, string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(folder, file)))!;

    // Those of the encoder, without its name in a checkpoint with heads.
    private static Dictionary<string, double[]> ReadTensors(string folder)
    {
        string[] prefixes = ["data2vec_audio.", "unispeech_sat.", "wav2vec2_conformer.", ""];
        using var files = CheckpointFiles.Open(folder);
        var prefix = prefixes.First(prefix =>
            files.Tensors.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal))
        );
        return files
            .Tensors.Values.Where(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Where(tensor => ElementTypes.IsFloat(tensor.Type))
            .ToDictionary(tensor => tensor.Name[prefix.Length..], tensor => ReadDoubles(files, tensor.Name));
    }

    private static double[] ReadDoubles(CheckpointFiles files, string name) =>
        Array.ConvertAll(CheckpointBuilder.Read(files, name), value => (double)value);
}
