using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Sew;

/// <summary>
/// SEW, squeezed and efficient wav2vec (Wu et al. 2022): wav2vec 2.0 whose layers run at a fraction of the frame rate.
/// SEW-D is another network.
/// </summary>
internal sealed class SewFamily : TransformersFamily
{
    public override string Name => "SEW";

    public override IReadOnlyList<string> ModelTypes { get; } = ["sew"];

    public override string? DefaultLayersHelp => WaveformNetwork.MiddleLayers;

    protected override ISpeechNetwork Read(CheckpointFolder folder, JsonCursor config, SpeechOptions options) =>
        new SewNetwork(SewConfig.Read(config), WaveformPreprocessing.Read(folder));
}
