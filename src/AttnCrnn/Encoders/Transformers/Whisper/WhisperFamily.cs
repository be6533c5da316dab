using AttnCrnn.IO;

namespace AttnCrnn.Encoders.Transformers.Whisper;

/// <summary>
/// The encoder of Whisper (Radford et al. 2022) and of models distilled from it: log-mel, two convolutions, then a
/// transformer. The decoder is neither loaded nor computed.
/// </summary>
internal sealed class WhisperFamily : ISpeechFamily
{
    public IReadOnlyList<string> ModelTypes { get; } = ["whisper"];

    public ISpeechNetwork Read(string folder, JsonCursor config, SpeechOptions options)
    {
        var network = WhisperConfig.Read(config);
        WhisperPreprocessor.Check(folder, network);
        return new WhisperNetwork(network, options.Context ?? WhisperContext.Clip);
    }
}
