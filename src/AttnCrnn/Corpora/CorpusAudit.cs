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
    /// <param name="progress">Clips processed, and their total; called from several threads.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static AuditReport Audit(
        IReadOnlyList<Clip> clips,
        int threads,
        Action<int, int>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var invalid = new string?[clips.Count];
        var warnings = new List<string>[clips.Count];
        var hashes = new string?[clips.Count];
        var seconds = new double[clips.Count];
        var seen = 0;
        Parallel.For(
            0,
            clips.Count,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            i =>
            {
                warnings[i] = [];
                try
                {
                    var waveform = AudioReader.Read(
                        clips[i].Path,
                        clips[i].StartSeconds,
                        clips[i].EndSeconds,
                        cancellationToken
                    );
                    seconds[i] = waveform.Seconds;
                    invalid[i] =
                        waveform.Samples.Length < MinSamples
                            ? $"{waveform.Seconds:0.###} s of sound, expected at least {MinSeconds} s"
                            : null;
                    warnings[i].AddRange(waveform.Warnings.Concat(FindWarnings(waveform.Samples)));
                    hashes[i] = Sha256.Compute(waveform.Samples);
                }
                catch (InvalidInputException fault)
                {
                    invalid[i] = fault.MessageWithout(clips[i].Path);
                }
                progress?.Invoke(Interlocked.Increment(ref seen), clips.Count);
            }
        );
        // Duplicates may end up in different subsets of a split, or have different labels.
        foreach (
            var same in Enumerable
                .Range(0, clips.Count)
                .Where(i => hashes[i] is not null && invalid[i] is null)
                .GroupBy(i => hashes[i])
                .Where(grouping => grouping.Count() > 1)
        )
        foreach (var i in same.Skip(1))
            warnings[i].Add(DescribeDuplicate(clips[i], clips[same.First()]));
        return new(
            seconds.Sum(),
            [
                .. Enumerable
                    .Range(0, clips.Count)
                    .Where(i => invalid[i] is not null)
                    .Select(i => new AuditFinding(clips[i].Path, invalid[i]!)),
            ],
            [
                .. Enumerable
                    .Range(0, clips.Count)
                    .Where(i => invalid[i] is null)
                    .SelectMany(i => warnings[i].Select(message => new AuditFinding(clips[i].Path, message))),
            ]
        );
    }

    private static string DescribeDuplicate(Clip clip, Clip first)
    {
        var labels = clip.Label == first.Label ? "" : $", but labeled {clip.Label} and not {first.Label}";
        return $"the same sound as {first.Path}{labels}";
    }

    private static IEnumerable<string> FindWarnings(float[] samples)
    {
        if (samples.Length == 0)
            yield break;
        if (samples.All(sample => sample == samples[0]))
            yield return "silent: every sample is the same";
        var clipped = samples.Count(sample => Math.Abs(sample) >= FullScale);
        if (clipped > ClippedFraction * samples.Length)
            yield return $"clipped: {100.0 * clipped / samples.Length:0.0}% of its samples are at full scale";
    }
}
