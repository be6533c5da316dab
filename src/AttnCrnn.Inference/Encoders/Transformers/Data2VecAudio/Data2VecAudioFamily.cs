using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Data2VecAudio;

/// <summary>
/// data2vec for speech (Baevski et al. 2022): wav2vec 2.0 with several position convolutions and norms after every
/// convolution over the samples.
/// </summary>
internal sealed class Data2VecAudioFamily : TransformersFamily
{
    public override string Name => "data2vec-audio";

    public override IReadOnlyList<string> ModelTypes { get; } = ["data2vec-audio"];

    public override string? DefaultLayersHelp => WaveformNetwork.MiddleLayers;

    protected override ISpeechNetwork Read(CheckpointFolder folder, JsonCursor config, SpeechOptions options) =>
        new Data2VecAudioNetwork(Data2VecAudioConfig.Read(config), WaveformPreprocessing.Read(folder));
}
