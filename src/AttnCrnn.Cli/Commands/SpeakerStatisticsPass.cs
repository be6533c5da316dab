using AttnCrnn.Cli.Terminal;
using AttnCrnn.Models;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Cli.Commands;

/// <summary>
/// The first of two passes over what predict is to judge: each speaker's figures over all their clips of this call, known before any is judged. Of a long
/// recording that is judged by windows, they are over all windows end to end, whatever the hop, and each counts as a clip.
/// </summary>
internal sealed class SpeakerStatisticsPass
{
    private const long MaxBytes = 1L << 30;

    private readonly SpeakerStatistics statistics;
    private readonly Dictionary<PredictClip, IReadOnlyList<PredictionWindow>> kept = [];
    private readonly bool keeps;
    private long bytes;

    /// <param name="width">Numbers a frame.</param>
    /// <param name="clips">Each is heard once, however often it is named.</param>
    /// <param name="chunks">A clip's pieces, end to end.</param>
    /// <param name="keeps">Whether these are the pieces that will be judged: what was encoded is then kept for it, up to 1 GiB.</param>
    public SpeakerStatisticsPass(
        int width,
        IReadOnlyList<PredictClip> clips,
        Func<PredictClip, IEnumerable<PredictionWindow>> chunks,
        bool keeps
    )
    {
        (statistics, this.keeps) = (new(width), keeps);
        foreach (var clip in clips.Where(clip => clip.Speaker is not null).Distinct())
        {
            try
            {
                Hear(clip, [.. chunks(clip)]);
            }
            catch (InvalidInputException)
            {
                // It is said where the clip is to be judged, in its place.
            }
        }
    }

    /// <summary>What a clip is normalised by; null: the corpus' figures.</summary>
    public FeatureNormalization? Create(PredictClip clip) => statistics.Compute(clip.Speaker);

    /// <summary>A clip's pieces, if they were kept; they are given once.</summary>
    public IReadOnlyList<PredictionWindow>? Take(PredictClip clip) => kept.Remove(clip, out var chunks) ? chunks : null;

    /// <summary>Says which clips go by whose figures.</summary>
    public void Report(ConsoleOutput console, IReadOnlyList<PredictClip> clips)
    {
        string[] speakers = [.. clips.Select(clip => clip.Speaker).OfType<string>().Distinct()];
        string[] scarce = [.. speakers.Where(speaker => statistics.Compute(speaker) is null)];
        var (own, unnamed) = (clips.Count(clip => Create(clip) is not null), clips.Count(clip => clip.Speaker is null));
        if (own > 0)
            console.Info(
                $"transductive: {own} of {clips.Count} recordings are normalised by the statistics of all that this call has of their own speaker ({Names([.. speakers.Except(scarce)])})"
            );
        if (scarce.Length > 0)
            console.Info(
                $"too little for statistics of their own, so the training corpus' are used: {Names(scarce)} (a speaker needs {SpeakerStatistics.MinClips} recordings or windows, and {SpeakerStatistics.MinFrames} frames)"
            );
        if (unnamed > 0)
            console.Info(
                $"the model normalises by speaker, and {unnamed} of {clips.Count} recordings name none, so the training corpus' statistics are used: say whose they are with --speaker, or in a manifest's column"
            );
    }

    private static string Names(string[] speakers)
    {
        const int named = 5;
        return $"{string.Join(", ", speakers.Take(named))}{(speakers.Length > named ? $" and {speakers.Length - named} more" : "")}";
    }

    private void Hear(PredictClip clip, IReadOnlyList<PredictionWindow> chunks)
    {
        // A piece that is too short to be judged counts for nothing.
        foreach (var chunk in chunks.Where(chunk => chunk.Frames.Count >= NetworkOptions.MinFrames))
            statistics.Add(
                clip.Speaker!,
                chunk.Frames.Values.AsSpan(0, chunk.Frames.Count * chunk.Frames.Layers * chunk.Frames.Width)
            );
        var size = chunks.Sum(chunk => 4L * chunk.Frames.Values.Length);
        if (!keeps || bytes + size > MaxBytes)
            return;
        kept.Add(clip, chunks);
        bytes += size;
    }
}
