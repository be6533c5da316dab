using AttnCrnn.Cli.Terminal;
using AttnCrnn.Formats;
using AttnCrnn.Interop;
using AttnCrnn.Model;
using AttnCrnn.Training;

namespace AttnCrnn.Cli.Commands;

/// <summary>
/// The first of two passes over what predict is to judge: each speaker's figures over all their clips of this call, known before any is judged. Of a long
/// recording that is judged by windows, they are over all windows end to end, whatever the hop, and each counts as a clip.
/// </summary>
internal sealed class SpeakerPass
{
    private const long MostBytes = 1L << 30;

    private readonly SpeakerStatistics statistics;
    private readonly Dictionary<PredictClip, IReadOnlyList<PredictPiece>> kept = [];
    private readonly bool keeps;
    private long bytes;

    /// <param name="width">Numbers a frame.</param>
    /// <param name="clips">Each is heard once, however often it is named.</param>
    /// <param name="pieces">A clip's pieces, end to end.</param>
    /// <param name="keeps">Whether these are the pieces that will be judged: what was encoded is then kept for it, up to 1 GiB.</param>
    public SpeakerPass(int width, IReadOnlyList<PredictClip> clips, Func<PredictClip, IEnumerable<PredictPiece>> pieces, bool keeps)
    {
        (statistics, this.keeps) = (new(width), keeps);
        foreach (var clip in clips.Where(clip => clip.Speaker is not null).Distinct())
        {
            try
            {
                Hear(clip, [.. pieces(clip)]);
            }
            catch (RefusedException)
            {
                // It is said where the clip is to be judged, in its place.
            }
        }
    }

    /// <summary>What a clip is normalised by; null: the corpus' figures.</summary>
    public Normalisation? Of(PredictClip clip) => statistics.Of(clip.Speaker);

    /// <summary>A clip's pieces, if they were kept; they are given once.</summary>
    public IReadOnlyList<PredictPiece>? Take(PredictClip clip) => kept.Remove(clip, out var pieces) ? pieces : null;

    /// <summary>Says which clips go by whose figures.</summary>
    public void Say(Shell shell, IReadOnlyList<PredictClip> clips)
    {
        string[] speakers = [.. clips.Select(clip => clip.Speaker).OfType<string>().Distinct()];
        string[] scarce = [.. speakers.Where(speaker => statistics.Of(speaker) is null)];
        var (own, unnamed) = (clips.Count(clip => Of(clip) is not null), clips.Count(clip => clip.Speaker is null));
        if (own > 0)
            shell.Say($"transductive: {own} of {clips.Count} recordings are normalised by the statistics of all that this call has of their own speaker ({Names([.. speakers.Except(scarce)])})");
        if (scarce.Length > 0)
            shell.Say($"too little for statistics of their own, so the training corpus' are used: {Names(scarce)} (a speaker needs {SpeakerStatistics.LeastClips} recordings or windows, and {SpeakerStatistics.LeastFrames} frames)");
        if (unnamed > 0)
            shell.Say($"the model normalises by speaker, and {unnamed} of {clips.Count} recordings name none, so the training corpus' statistics are used: say whose they are with --speaker, or in a manifest's column");
    }

    private static string Names(string[] speakers)
    {
        const int named = 5;
        return $"{string.Join(", ", speakers.Take(named))}{(speakers.Length > named ? $" and {speakers.Length - named} more" : "")}";
    }

    private void Hear(PredictClip clip, IReadOnlyList<PredictPiece> pieces)
    {
        // A piece that is too short to be judged counts for nothing.
        foreach (var piece in pieces.Where(piece => piece.Frames.Count >= NetworkOptions.LeastFrames))
            statistics.Add(clip.Speaker!, piece.Frames.Values.AsSpan(0, piece.Frames.Count * piece.Frames.Layers * piece.Frames.Width));
        var size = pieces.Sum(piece => 4L * piece.Frames.Values.Length);
        if (!keeps || bytes + size > MostBytes) return;
        kept.Add(clip, pieces);
        bytes += size;
    }
}
