using AttnCrnn.Options;

namespace AttnCrnn.Encoders.Classifiers;

/// <summary>A recording, or a window of one, is longer than a classifier takes at once.</summary>
internal sealed class RecordingLengthException : InvalidInputException
{
    private readonly double seconds;
    private readonly double maxSeconds;

    /// <param name="seconds">Length of the recording.</param>
    public RecordingLengthException(double seconds, double maxSeconds)
        : base(Describe(seconds, maxSeconds))
    {
        this.seconds = seconds;
        this.maxSeconds = maxSeconds;
    }

    private RecordingLengthException(string file, double seconds, double maxSeconds)
        : base(file, Describe(seconds, maxSeconds))
    {
        this.seconds = seconds;
        this.maxSeconds = maxSeconds;
    }

    internal override InvalidInputException AddFile(string file) =>
        new RecordingLengthException(file, seconds, maxSeconds);

    /// <summary>The error in an evaluation, which has no windows.</summary>
    /// <param name="file">The recording.</param>
    public InvalidInputException ToEvaluationError(string file) =>
        new(
            file,
            OptionText.Create(
                $"{seconds:0.0} s, and recordings of more than {maxSeconds:0} s cannot be evaluated with this "
                    + $"classifier: cut it into shorter ones, or leave it out"
            )
        );

    private static OptionText Describe(double seconds, double maxSeconds) =>
        OptionText.Create(
            $"{seconds:0.0} s, and this classifier takes at most {maxSeconds:0} s at once: use windows of at most "
                + $"{maxSeconds:0} s ({OptionKeys.Window})"
        );
}
