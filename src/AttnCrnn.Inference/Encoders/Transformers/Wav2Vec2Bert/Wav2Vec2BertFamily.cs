using AttnCrnn.Encoders.Transformers.Layers;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Wav2Vec2Bert;

/// <summary>w2v-BERT 2.0 (Seamless Communication et al. 2023): Conformer layers over filter banks.</summary>
internal sealed class Wav2Vec2BertFamily : TransformersFamily
{
    public override string Name => "w2v-BERT 2.0";

    public override IReadOnlyList<string> ModelTypes { get; } = ["wav2vec2-bert"];

    public override string? DefaultLayersHelp => WaveformNetwork.MiddleLayers;

    protected override ISpeechNetwork Read(CheckpointFolder folder, JsonCursor config, SpeechOptions options)
    {
        var features = FilterBankSettings.Read(folder);
        return new Wav2Vec2BertNetwork(Wav2Vec2BertConfig.Read(config, features), features);
    }
}
