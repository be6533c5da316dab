using AttnCrnn.Formats;

namespace AttnCrnn.Audio;

/// <summary>A waveform of which parts are predicted.</summary>
/// <param name="Waveform">The whole, with all warnings.</param>
/// <param name="FileWarnings">Those of the file as a whole.</param>
/// <param name="FindWarnings">Those of the samples from a time to another, in seconds of the waveform.</param>
internal sealed record DividedWaveform(
    Waveform Waveform,
    IReadOnlyList<RecordingWarning> FileWarnings,
    Func<double, double, IReadOnlyList<RecordingWarning>> FindWarnings
);
