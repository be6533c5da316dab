using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Conformer;

/// <summary>
/// wav2vec 2.0 with Conformer layers (Gulati et al. 2020, Wang et al. 2020), and relative or rotary positions.
/// </summary>
internal sealed class ConformerFamily : TransformersFamily
{
    public override string Name => "Wav2Vec2-Conformer";

    public override IReadOnlyList<string> ModelTypes { get; } = ["wav2vec2-conformer"];

    public override string? DefaultLayersHelp => WaveformNetwork.MiddleLayers;

    protected override ISpeechNetwork Read(CheckpointFolder folder, JsonCursor config, SpeechOptions options) =>
        new ConformerNetwork(ConformerConfig.Read(config), WaveformPreprocessing.Read(folder));
}
