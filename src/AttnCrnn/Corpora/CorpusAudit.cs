using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.Audio.Speech;
using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Formats;
using AttnCrnn.IO;
using AttnCrnn.Models;

namespace AttnCrnn.Corpora;

/// <summary>A message about one clip.</summary>
/// <param name="Path">Path of the recording.</param>
/// <param name="Message">What was found.</param>
/// <param name="Name">Name of the finding, which does not change (docs/audit.md); empty for an error.</param>
public sealed record AuditFinding(string Path, OptionText Message, string Name = "")
{
    /// <summary>Of a finding about all clips: its numbers, without names of folders, for reports.</summary>
    internal string PublicDetail { get; init; } = "";
}

/// <summary>How clips are audited.</summary>
public sealed record AuditOptions
{
    /// <summary>Number of threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The channel of recordings whose clips have none of their own.</summary>
    public AudioChannel Channel { get; init; }

    /// <summary>
    /// The sources of the clips: the lengths of their recordings are compared within each, and their bandwidths between
    /// them. Empty for clips that were not read from sources; known corpora are told apart by their names in any case.
    /// </summary>
    public IReadOnlyList<CorpusSource> Sources { get; init; } = [];

    /// <summary>Whether to look for speech: about 2 ms per second of audio.</summary>
    public bool DetectsSpeech { get; init; } = true;
}

/// <summary>Result of an audit.</summary>
/// <param name="Seconds">Total duration of the readable clips.</param>
/// <param name="Errors">Invalid clips, in the order of the clips.</param>
/// <param name="Warnings">Warnings about valid clips, in the order of the clips.</param>
public sealed record AuditReport(
    double Seconds,
    IReadOnlyList<AuditFinding> Errors,
    IReadOnlyList<AuditFinding> Warnings
)
{
    /// <summary>[clips] seconds of speech; null for invalid clips, and if speech was not looked for.</summary>
    public IReadOnlyList<double?> SpeechSeconds { get; init; } = [];

    /// <summary>Findings about the corpus as a whole, with an empty path.</summary>
    public IReadOnlyList<AuditFinding> CorpusFindings { get; init; } = [];

    /// <summary>What to do about a finding, by its name; those of the warnings and of the corpus.</summary>
    public IReadOnlyDictionary<string, string> Remedies =>
        Warnings
            .Concat(CorpusFindings)
            .Select(finding => finding.Name)
            .Distinct()
            .ToDictionary(name => name, AuditFindings.GetRemedy);
}

/// <summary>
/// Checks every clip: missing, damaged, empty, too short, of unusual length, silent, clipped, NaN, with a DC
/// offset, of low bandwidth, without speech, labeled otherwise than its name says, a duplicate or a near duplicate; and
/// the speakers of all.
/// </summary>
public static class CorpusAudit
{
    // The log-mel frames that the network needs.
    private const int MinSamples = (NetworkOptions.MinFrames - 1) * LogMel.HopSamples;
    private const double MinSeconds = (double)MinSamples / Waveform.SampleRateHz;

    /// <summary>Reads and checks every clip.</summary>
    /// <param name="progress">Clips processed, and their total; called from several threads.</param>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static AuditReport Audit(
        IReadOnlyList<Clip> clips,
        AuditOptions options,
        Action<int, int>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentNullException.ThrowIfNull(options);
        var audited = new AuditedClip[clips.Count];
        var processed = 0;
        Parallel.For(
            0,
            clips.Count,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = options.Threads,

                CancellationToken = cancellationToken,
            },
            i =>
            {
                audited[i] = AuditClip(clips[i], options, cancellationToken);
                progress?.Invoke(Interlocked.Increment(ref processed), clips.Count);
            }
        );
        var origins = ClipOrigins.Find(clips, options.Sources);
        AddLengths(audited, origins);
        AddDuplicates(audited);
        AddNearDuplicates(audited);
        foreach (
            var (index, warning) in FileNameLabels.FindMismatches(
                [.. clips.Select(clip => (clip.Path, clip.Label))],
                origins
            )
        )
            audited[index].Warnings.Add(warning);
        return new(
            audited.Sum(audit => audit.Seconds),
            [
                .. audited
                    .Where(audit => audit.Error is not null)
                    .Select(audit => new AuditFinding(
                        audit.Clip.Path,
                        OptionText.Create($"{audit.Clip.SegmentText}{audit.Error!}")
                    )),
            ],
            [
                .. audited
                    .Where(audit => audit.Error is null)
                    .SelectMany(audit => audit.Warnings.Select(audit.CreateFinding)),
            ]
        )
        {
            SpeechSeconds = [.. audited.Select(audit => audit.SpeechSeconds)],
            CorpusFindings =
            [
                .. Auditing.CorpusFindings.Find(clips),
                .. BandwidthDifferences.Find(
                    audited.Zip(origins, (audit, origin) =>
                        new ClipBandwidth(origin, audit.Clip.Label, audit.BandwidthHz)
                    )
                ),
            ],
        };
    }

    private static AuditedClip AuditClip(Clip clip, AuditOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var readOptions = clip.CreateReadOptions(options.Channel) with { MeasuresBandwidth = true };
            var waveform = AudioReader.Read(clip.Path, readOptions, cancellationToken);
            var error =
                waveform.Samples.Length < MinSamples
                    ? OptionText.Create($"{waveform.Seconds:0.###} s of audio, expected at least {MinSeconds} s")
                    : null;
            var speech = options.DetectsSpeech ? VoiceActivityDetector.FindSpeech(waveform.Samples) : null;
            var warnings = RecordingChecks.CheckClip(waveform, speech).ToList();
            var facts = ClipAudit.Create(waveform, warnings.Select(warning => warning.Name));
            return new(clip, waveform.Seconds, error)
            {
                EqualKey = facts.TrimmedKey.Length > 0 ? facts.TrimmedKey : Sha256.Compute(waveform.Samples),
                Fingerprint = facts.Fingerprint.Length > 0 ? RecordingFingerprint.Parse(facts.Fingerprint) : null,
                BandwidthHz = facts.BandwidthHz,
                SpeechSeconds = speech?.Sum(segment => segment.Seconds),
                Warnings = warnings,
            };
        }
        catch (InvalidInputException exception)
        {
            return new(clip, Seconds: 0, exception.TextWithout(clip.Path));
        }
    }

    private static void AddLengths(AuditedClip[] audited, string[] origins)
    {
        int[] valid = [.. Enumerable.Range(0, audited.Length).Where(i => audited[i].Error is null)];
        var found = UnusualLengths.FindWithVeryLong(
            [.. valid.Select(i => audited[i].Seconds)],
            [.. valid.Select(i => origins[i])]
        );
        foreach (var (index, warning) in found)
            audited[valid[index]].Warnings.Add(warning);
    }

    // Duplicates may have different labels, or be in different subsets; train refuses both.
    private static void AddDuplicates(AuditedClip[] audited)
    {
        foreach (var duplicates in audited.Where(audit => audit.Error is null).GroupBy(audit => audit.EqualKey))
        {
            Clip[] clips = [.. duplicates.Select(audit => audit.Clip)];
            foreach (var (index, audit) in duplicates.Index().Skip(1))
                audit.Warnings.Add(new(AuditFindings.EqualRecordings, DescribeDuplicate(audit.Clip, clips[..index])));
        }
    }

    private static void AddNearDuplicates(AuditedClip[] audited)
    {
        AuditedClip[] valid = [.. audited.Where(audit => audit.Error is null)];
        foreach (var pair in NearDuplicates.Find([.. valid.Select(audit => audit.Fingerprint)]))
        {
            var first = valid[pair.First];
            var second = valid[pair.Second];
            if (first.EqualKey == second.EqualKey)
                continue;
            var difference =
                Differ(first.Clip.Label, second.Clip.Label)
                    ? $", but labeled {second.Clip.Label} and not {first.Clip.Label}"
                : Differ(first.Clip.Split, second.Clip.Split)
                    ? $", but in the subset {Manifest.GetName(second.Clip.Split)} and not "
                        + $"{Manifest.GetName(first.Clip.Split)}; train refuses them"
                : "";
            var rate = pair.BitErrorRate.ToString("0.00", CultureInfo.InvariantCulture);
            second.Warnings.Add(
                new(
                    AuditFindings.NearDuplicates,
                    $"nearly the same sound as {first.Clip.Path} (bit error rate {rate}){difference}"
                )
            );
        }
    }

    private static string DescribeDuplicate(Clip clip, Clip[] earlier)
    {
        const string remedy = "train refuses them: correct the manifest, or remove one of them";
        if (Array.Find(earlier, other => Differ(clip.Label, other.Label)) is { } otherLabel)
            return $"identical audio to {otherLabel.Path}, but labeled {clip.Label} and not {otherLabel.Label}; "
                + $"{remedy}";
        if (Array.Find(earlier, other => Differ(clip.Split, other.Split)) is { } otherSplit)
            return $"identical audio to {otherSplit.Path}, but in the subset {Manifest.GetName(clip.Split)} and not "
                + $"{Manifest.GetName(otherSplit.Split)}; {remedy}";
        return $"identical audio to {earlier[0].Path}";
    }

    private static bool Differ<T>(T a, T b) => a is not null && b is not null && !a.Equals(b);

    /// <param name="Error">Null for a valid clip.</param>
    private sealed record AuditedClip(Clip Clip, double Seconds, OptionText? Error)
    {
        /// <summary>Equal for clips with equal samples, except for silence at their ends.</summary>
        public string EqualKey { get; init; } = "";

        public RecordingFingerprint? Fingerprint { get; init; }

        public int? BandwidthHz { get; init; }

        public double? SpeechSeconds { get; init; }

        public List<RecordingWarning> Warnings { get; init; } = [];

        public AuditFinding CreateFinding(RecordingWarning warning) =>
            new(Clip.Path, OptionText.Create($"{Clip.SegmentText}{warning.Message}"), warning.Name);
    }
}
