using AttnCrnn.Audio;
using AttnCrnn.IO;
using AttnCrnn.Models;

namespace AttnCrnn.Corpora;

/// <summary>A message about one clip.</summary>
public sealed record AuditFinding(string Path, string Message);

/// <summary>Result of an audit.</summary>
/// <param name="Seconds">Total duration of the readable clips.</param>
/// <param name="Errors">Invalid clips, in the order of the clips.</param>
/// <param name="Warnings">Warnings about valid clips, in the order of the clips.</param>
public sealed record AuditReport(
    double Seconds,
    IReadOnlyList<AuditFinding> Errors,
    IReadOnlyList<AuditFinding> Warnings
);

/// <summary>Checks every clip: missing, damaged, empty, too short, silent, clipped, NaN, or a duplicate.</summary>
public static class CorpusAudit
{
    // The log-mel frames that the network needs.
    private const int MinSamples = (NetworkOptions.MinFrames - 1) * LogMel.HopSamples;
    private const double MinSeconds = (double)MinSamples / Waveform.SampleRateHz;
    private const double ClippedFraction = 0.001;
    private const float FullScale = 0.9999f;

    /// <summary>Reads and checks every clip.</summary>
    /// <param name="channel">The channel of recordings whose clips have none of their own.</param>
    /// <param name="progress">Clips processed, and their total; called from several threads.</param>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static AuditReport Audit(
        IReadOnlyList<Clip> clips,
        int threads,
        AudioChannel channel = default,
        Action<int, int>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var audited = new AuditedClip[clips.Count];
        var processed = 0;
        Parallel.For(
            0,
            clips.Count,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = threads,

                CancellationToken = cancellationToken,
            },
            i =>
            {
                audited[i] = AuditClip(clips[i], channel, cancellationToken);
                progress?.Invoke(Interlocked.Increment(ref processed), clips.Count);
            }
        );
        AddDuplicates(audited);
        return new(
            audited.Sum(audit => audit.Seconds),
            [.. audited.Where(audit => audit.Error is not null).Select(audit => audit.CreateFinding(audit.Error!))],
            [
                .. audited
                    .Where(audit => audit.Error is null)
                    .SelectMany(audit => audit.Warnings.Select(audit.CreateFinding)),
            ]
        );
    }

    private static AuditedClip AuditClip(Clip clip, AudioChannel channel, CancellationToken cancellationToken)
    {
        try
        {
            var waveform = AudioReader.Read(clip.Path, clip.CreateReadOptions(channel), cancellationToken);
            var error =
                waveform.Samples.Length < MinSamples
                    ? $"{waveform.Seconds:0.###} s of audio, expected at least {MinSeconds} s"
                    : null;
            var hash = Sha256.Compute(waveform.Samples);
            return new(clip, waveform.Seconds, error, hash, [.. waveform.Warnings, .. FindWarnings(waveform.Samples)]);
        }
        catch (InvalidInputException exception)
        {
            return new(clip, Seconds: 0, exception.TextWithout(clip.Path).ToString(), Hash: "", []);
        }
    }

    // Duplicates may end up in different subsets of a split, or have different labels.
    private static void AddDuplicates(AuditedClip[] audited)
    {
        foreach (var duplicateAudits in audited.Where(audit => audit.Error is null).GroupBy(audit => audit.Hash))
        foreach (var audit in duplicateAudits.Skip(1))
            audit.Warnings.Add(DescribeDuplicate(audit.Clip, duplicateAudits.First().Clip));
    }

    private static string DescribeDuplicate(Clip clip, Clip first)
    {
        var labels = clip.Label == first.Label ? "" : $", but labeled {clip.Label} and not {first.Label}";
        return $"identical audio to {first.Path}{labels}";
    }

    private static IEnumerable<string> FindWarnings(float[] samples)
    {
        if (samples.Length == 0)
            yield break;
        if (samples.All(sample => sample == samples[0]))
            yield return "silent: all samples are equal";
        var clipped = samples.Count(sample => Math.Abs(sample) >= FullScale);
        if (clipped > ClippedFraction * samples.Length)
            yield return $"clipped: {100.0 * clipped / samples.Length:0.0}% of its samples are at full scale";
    }

    /// <param name="Error">Null for a valid clip.</param>
    /// <param name="Hash">Of the samples; empty if they cannot be read.</param>
    private sealed record AuditedClip(Clip Clip, double Seconds, string? Error, string Hash, List<string> Warnings)
    {
        public AuditFinding CreateFinding(string message) => new(Clip.Path, message);
    }
}
