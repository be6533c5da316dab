using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2;

/// <summary>
/// wav2vec 2.0 (Baevski et al. 2020), HuBERT (Hsu et al. 2021), WavLM (Chen et al. 2022), UniSpeech (Wang et al. 2021)
/// and UniSpeech-SAT (Chen et al. 2022): convolutions over the samples, then a transformer.
/// </summary>
internal sealed class Wav2Vec2Family : TransformersFamily
{
    public override string Name => "wav2vec 2.0, HuBERT, WavLM, UniSpeech";

    public override IReadOnlyList<string> ModelTypes { get; } =
    ["wav2vec2", "hubert", "wavlm", "unispeech", "unispeech-sat"];

    public override string? DefaultLayersHelp => WaveformNetwork.MiddleLayers;

    protected override IReadOnlyCollection<string> UnconfirmedSettings =>
        [.. base.UnconfirmedSettings, "do_stable_layer_norm"];

    protected override ISpeechNetwork Read(CheckpointFolder folder, JsonCursor config, SpeechOptions options) =>
        new Wav2Vec2Network(Wav2Vec2Config.Read(config), WaveformPreprocessing.Read(folder));
}
