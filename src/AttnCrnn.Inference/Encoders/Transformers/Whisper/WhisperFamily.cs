using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Whisper;

/// <summary>
/// The encoder of Whisper (Radford et al. 2022) and of models distilled from it: log-mel, two convolutions, then a
/// transformer. The decoder is neither loaded nor computed.
/// </summary>
internal sealed class WhisperFamily : TransformersFamily
{
    public override string Name => "Whisper";

    public override string TrainingDefaultsName => Name;

    public override IReadOnlyList<string> ModelTypes { get; } = ["whisper"];

    public override string? DefaultLayersHelp => "the middle layer (tiny: 2, base: 3)";

    public override IReadOnlyList<EncoderContext> Contexts { get; } = [EncoderContext.Clip, EncoderContext.Padded];

    // No setting of the preprocessor changes the features: those that could are refused.
    public override IEnumerable<string> ListHashedFiles(CheckpointFolder folder) => Layout.HashedFiles;

    // The context is the last part of every revision of this family, and of no other.
    public override bool Describes(EncoderDescription description) => description.Context is not null;

    protected override ISpeechNetwork Read(CheckpointFolder folder, JsonCursor config, SpeechOptions options)
    {
        var network = WhisperConfig.Read(config);
        WhisperPreprocessor.Check(folder, network);
        return new WhisperNetwork(network, options.Context ?? EncoderContext.Clip);
    }
}
