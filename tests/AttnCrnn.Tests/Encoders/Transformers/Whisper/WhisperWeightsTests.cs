using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Formats.Checkpoints;

namespace AttnCrnn.Tests.Encoders.Transformers.Whisper;

/// <summary>Only the encoder's tensors up to the deepest requested layer are read.</summary>
public sealed class WhisperWeightsTests
{
    [Theory]
    [InlineData("0", 0, false)]
    [InlineData("2", 2, false)]
    [InlineData("1-2", 2, false)]
    [InlineData("last", 3, true)]
    [InlineData("all", 3, false)]
    public void A_checked_checkpoint_is_read_up_to_the_deepest_layer(string layers, int deepest, bool hasNorm)
    {
        using var checkpoint = new WhisperCheckpointBuilder(
            new()
            {
                Layers = 3,

                IsHalf = true,
            }
        );
        // Every tensor that is read is verified.
        checkpoint.WithChecksums(except: name => !IsRead(name, deepest, hasNorm));
        using var encoder = checkpoint.Open(layers);
        Assert.Equal(Bytes(checkpoint.Folder, deepest, hasNorm), encoder.WeightBytes);
    }

    [Fact]
    public void A_checkpoint_without_checksums_reads_the_same_bytes()
    {
        using var checkpoint = new WhisperCheckpointBuilder(
            new()
            {
                Layers = 3,

                IsHalf = true,
            }
        );
        using var encoder = checkpoint.Open("2");
        Assert.Equal(Bytes(checkpoint.Folder, deepest: 2, hasNorm: false), encoder.WeightBytes);
    }

    [Fact]
    public void The_built_in_encoder_reads_as_much_as_its_README_states()
    {
        var folder = Repository.Path("models", "whisper-tiny.en");
        using var encoder = new SpeechEncoder(folder, "whisper-tiny.en", null, new());
        Assert.Equal(Bytes(folder, deepest: 2, hasNorm: false), encoder.WeightBytes);
        var readme = File.ReadAllText(Path.Combine(folder, "README.md"));
        Assert.Contains($"{encoder.WeightBytes / 1e6:0.0} MB of the file", readme, StringComparison.Ordinal);
    }

    private static long Bytes(string folder, int deepest, bool hasNorm)
    {
        using var files = CheckpointFiles.Open(folder);
        return files.Tensors.Values.Where(tensor => IsRead(tensor.Name, deepest, hasNorm)).Sum(tensor => tensor.Bytes);
    }

    private static bool IsRead(string name, int deepest, bool hasNorm)
    {
        const string prefix = "model.encoder.";
        if (!name.StartsWith(prefix, StringComparison.Ordinal))
            return false; // the decoder's
        var parts = name[prefix.Length..].Split('.');
        return parts[0] switch
        {
            "layers" => int.Parse(parts[1]) < deepest,
            "layer_norm" => hasNorm,
            _ => true,
        };
    }
}
