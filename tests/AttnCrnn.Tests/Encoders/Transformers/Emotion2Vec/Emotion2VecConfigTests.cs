using System.Text;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Encoders.Transformers.Emotion2Vec;
using AttnCrnn.Formats.Yaml;
using AttnCrnn.IO;
using AttnCrnn.Testing.Encoders;

namespace AttnCrnn.Tests.Encoders.Transformers.Emotion2Vec;

/// <summary>The configuration of emotion2vec: what is read, and what is refused by its name.</summary>
public sealed class Emotion2VecConfigTests : IDisposable
{
    private const string Checkpoint = "emotion2vec-plus-like";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(
        "[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512,2,2)] + [(512,2,2)]",
        "512x10/5 512x3/2 512x3/2 512x3/2 512x3/2 512x2/2 512x2/2"
    )]
    [InlineData("[(8,3,1),(4, 2, 2),]*2", "8x3/1 4x2/2 8x3/1 4x2/2")]
    [InlineData(" [ ( 1 , 2 , 3 , ) ] ", "1x2/3")]
    public void A_specification_lists_convolutions(string specification, string expected) =>
        Assert.Equal(
            expected,
            string.Join(
                ' ',
                ConvolutionSpecification
                    .Parse(Specification(specification))
                    .Select(item => $"{item.Channels}x{item.Kernel}/{item.Stride}")
            )
        );

    [Theory]
    [InlineData("", 1)]
    [InlineData("[]", 3)]
    [InlineData("[(1,2)]", 6)]
    [InlineData("[(1,2,3,4)]", 9)]
    [InlineData("[(1,2,3)] - [(1,2,3)]", 11)]
    [InlineData("[(1,2,3)] * 101", 16)]
    [InlineData("[(1,2,3)] * 99999999999", 24)]
    [InlineData("[(1,2,0)]", 8)]
    [InlineData("[(65537,2,1)]", 8)]
    [InlineData("__import__('os')", 1)]
    [InlineData("[(1,2,3)", 9)]
    [InlineData("[(1,2,3)]; x", 10)]
    public void Another_expression_is_refused(string specification, int character)
    {
        var error = Assert.Throws<InvalidFileException>(() =>
            ConvolutionSpecification.Parse(Specification(specification))
        );
        Assert.Contains($"character {character})", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("layer_norm_first: false", "layer_norm_first: true", "layer_norm_first true")]
    [InlineData("conv_pos_pre_ln: false", "conv_pos_pre_ln: true", "conv_pos_pre_ln true")]
    [InlineData("learned_alibi: false", "learned_alibi: true", "learned_alibi true")]
    [InlineData("use_alibi_encoder: true", "use_alibi_encoder: false", "use_alibi_encoder false")]
    [InlineData("alibi_max_pos: null", "alibi_max_pos: 100", "alibi_max_pos 100")]
    [InlineData("project_dim: null", "project_dim: 12", "project_dim 12")]
    [InlineData("norm_affine: true", "norm_affine: false", "norm_affine false")]
    [InlineData("type: AUDIO", "type: IMAGE", "IMAGE")]
    [InlineData("num_alibi_heads: 4", "num_alibi_heads: 2", "num_alibi_heads")]
    [InlineData("num_heads: 4", "num_heads: 5", "num_heads 5")]
    [InlineData("[(16, 3, 2)] * 4", "[(16, 3, 60000)] * 4", "feature_encoder_spec with frames of more than 1 s")]
    [InlineData("norm_eps: 1e-05", "norm_eps: 0", "norm_eps 0")]
    [InlineData("mlp_ratio: 2.0", "mlp_ratio: 1e9", "mlp_ratio")]
    [InlineData("- none", "- encoder.", "encoder.")]
    [InlineData("- none", "", "an even number")]
    [InlineData("depth: 3", "depth: 100000", "depth 100000")]
    [InlineData("model: Emotion2vec", "model: Paraformer", "Paraformer")]
    public void A_setting_that_is_not_supported_is_refused_by_its_name(string from, string to, string expected)
    {
        Copy();
        var path = folder.PathOf("config.yaml");
        var text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
        var error = Assert.Throws<InvalidFileException>(Open);
        Assert.Contains("config.yaml", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// FunASR's load_pretrained_model removes the prefixes of scope_map alone, and leaves other weights random.
    /// </summary>
    [Theory]
    [InlineData("scope_map:\n- d2v_model.\n- none\n", "", false)]
    [InlineData("- d2v_model.", "- foo.", false)]
    [InlineData("- d2v_model.", "- module.\n- none\n- d2v_model.", true)]
    public void The_prefix_of_the_tensors_is_one_that_is_removed(string from, string to, bool isAccepted)
    {
        using var variant = new CheckpointVariant($"emotion2vec/{Checkpoint}");
        variant.WithText("config.yaml", from, to);
        void Create()
        {
            using var encoder = new SpeechEncoder(variant.Path, "x", null, new("last"));
        }
        if (isAccepted)
        {
            Create();
            return;
        }
        var error = Assert.Throws<InvalidInputException>(Create);
        Assert.Contains(
            "begin with 'd2v_model.', which scope_map in config.yaml",
            error.Message,
            StringComparison.Ordinal
        );
    }

    /// <summary>As emotion2vec_base.pt: a map that removes a prefix does not require it.</summary>
    [Fact]
    public void Tensors_without_a_prefix_need_no_map()
    {
        using var variant = new CheckpointVariant("emotion2vec/emotion2vec-base-like");
        using var encoder = new SpeechEncoder(variant.Path, "x", null, new("last"));
    }

    [Theory]
    [InlineData("../model.pt")]
    [InlineData("/etc/passwd")]
    [InlineData("model.bin")]
    [InlineData("")]
    public void The_weights_are_a_file_in_the_folder(string name)
    {
        Copy();
        var path = folder.PathOf("configuration.json");
        File.WriteAllText(
            path,
            File.ReadAllText(path).Replace("\"model.pt\"", $"\"{name}\"", StringComparison.Ordinal)
        );
        Assert.Contains("a .pt file", Assert.Throws<InvalidFileException>(Open).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_configuration_json_the_weights_are_model_pt()
    {
        Copy();
        File.Delete(folder.PathOf("configuration.json"));
        Open();
    }

    /// <summary>FunASR tests whether the setting is true.</summary>
    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("null", false)]
    public void Null_does_not_normalize(string value, bool expected)
    {
        using var variant = new CheckpointVariant($"emotion2vec/{Checkpoint}");
        variant.WithText("config.yaml", "normalize: true", $"normalize: {value}");
        var yaml = YamlFile.Parse("c.yaml", File.ReadAllBytes(variant.PathOf("config.yaml")), "a", "b");
        Assert.Equal(expected, Emotion2VecConfig.Read(yaml).Normalizes);
    }

    [Theory]
    [InlineData(1, new[] { 1 / 256.0 })]
    [InlineData(4, new[] { 0.25, 0.0625, 0.015625, 0.00390625 })]
    [InlineData(3, new[] { 0.0625, 0.00390625, 0.25 })]
    [InlineData(6, new[] { 0.25, 0.0625, 0.015625, 0.00390625, 0.5, 0.125 })]
    public void Slopes_are_those_of_ALiBi(int heads, double[] expected) =>
        Assert.Equal(expected, Emotion2VecBlocks.CreateSlopes(heads));

    private static JsonCursor Specification(string text) =>
        YamlFile
            .Parse(
                "c.yaml",
                Encoding.UTF8.GetBytes($"a: '{text.Replace("'", "''", StringComparison.Ordinal)}'"),
                "a",
                "b"
            )
            .Get("a");

    private void Open()
    {
        using var encoder = new SpeechEncoder(folder.Path, "x", null, new("last"));
    }

    private void Copy()
    {
        foreach (var file in Directory.EnumerateFiles(Fixtures.Path("encoders", "emotion2vec", Checkpoint)))
            File.Copy(file, folder.PathOf(Path.GetFileName(file)));
    }
}
