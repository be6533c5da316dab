using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AttnCrnn.Audio;

namespace AttnCrnn.Corpora;

/// <summary>Something to say about one clip.</summary>
public sealed record AuditFinding(string Path, string Message);

/// <summary>What an audit found.</summary>
/// <param name="Seconds">Of all clips that can be read.</param>
/// <param name="Errors">Clips that cannot be used, in their order.</param>
/// <param name="Warnings">Clips that can be used though something is amiss, in their order.</param>
public sealed record AuditReport(
    double Seconds,
    IReadOnlyList<AuditFinding> Errors,
    IReadOnlyList<AuditFinding> Warnings
);

/// <summary>Listens to every clip: missing, damaged, empty, too short, silent, clipped, NaN, twice under different names.</summary>
public static class CorpusAudit
{
    private const int MinSamples = 3 * 160; // four frames of 10 ms
    private const double ClippedFraction = 0.001;
    private const float FullScale = 0.9999f;

    /// <summary>Reads every clip's recording and says what is missing, damaged, silent, clipped, empty or doubled.</summary>
    /// <param name="progress">Clips seen, and of how many; called from several threads.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public static AuditReport Audit(
        IReadOnlyList<Clip> clips,
        int threads,
        Action<int, int>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        var invalid = new string?[clips.Count];
        var warning = new List<string>[clips.Count];
        var hashes = new string?[clips.Count];
        var seconds = new double[clips.Count];
        var seen = 0;
        Parallel.For(
            0,
            clips.Count,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
            at =>
            {
                warning[at] = [];
                try
                {
                    var waveform = AudioReader.Read(
                        clips[at].Path,
                        clips[at].StartSeconds,
                        clips[at].EndSeconds,
                        cancellationToken
                    );
                    seconds[at] = waveform.Seconds;
                    invalid[at] =
                        waveform.Samples.Length < MinSamples
                            ? $"{waveform.Seconds:0.###} s of sound, expected at least 0.03 s"
                            : null;
                    warning[at].AddRange(waveform.Warnings.Concat(FindWarnings(waveform.Samples)));
                    hashes[at] = Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(waveform.Samples.AsSpan())));
                }
                catch (InvalidInputException fault)
                {
                    invalid[at] = fault.Message.StartsWith(clips[at].Path, StringComparison.Ordinal)
                        ? fault.Message[clips[at].Path.Length..].TrimStart(':', ' ')
                        : fault.Message;
                }
                progress?.Invoke(Interlocked.Increment(ref seen), clips.Count);
            }
        );
        // The same sound twice may be on two sides of a split, or carry two labels.
        foreach (
            var same in Enumerable
                .Range(0, clips.Count)
                .Where(at => hashes[at] is not null && invalid[at] is null)
                .GroupBy(at => hashes[at])
                .Where(grouping => grouping.Count() > 1)
        )
        foreach (var at in same.Skip(1))
            warning[at]
                .Add(
                    $"the same sound as {clips[same.First()].Path}{(clips[at].Label == clips[same.First()].Label ? "" : $", but labelled {clips[at].Label} and not {clips[same.First()].Label}")}"
                );
        return new(
            seconds.Sum(),
            [
                .. Enumerable
                    .Range(0, clips.Count)
                    .Where(at => invalid[at] is not null)
                    .Select(at => new AuditFinding(clips[at].Path, invalid[at]!)),
            ],
            [
                .. Enumerable
                    .Range(0, clips.Count)
                    .Where(at => invalid[at] is null)
                    .SelectMany(at => warning[at].Select(what => new AuditFinding(clips[at].Path, what))),
            ]
        );
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
