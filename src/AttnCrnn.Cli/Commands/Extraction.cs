using System.Globalization;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Formats;

namespace AttnCrnn.Cli.Commands;

/// <summary>
/// Runs an extraction and prints its progress, errors and warnings; used by extract and demo.
/// </summary>
internal static class Extraction
{
    /// <summary>Extracts the clips of a corpus into a store.</summary>
    /// <exception cref="InterruptedException">The user pressed Ctrl-C.</exception>
    public static void Run(
        ConsoleOutput console,
        IEncoder encoder,
        ExtractionOptions options,
        Corpus corpus,
        CancellationToken cancellationToken
    )
    {
        console.WriteMessage($"encoder  {encoder.Description}");
        var report = Extract(console, encoder, options, corpus, cancellationToken);
        ReportFindings(console, report);
        console.WriteResultText(
            $"{CountText.Format(report.Written, "clip")} extracted, {report.AlreadyStored} already stored, "
                + $"{report.Errors.Count} invalid, {CountText.Format(report.Warnings.Count, "warning")}, "
                + $"{report.SecondsOfAudio / 60:0.0} minutes, in {options.OutputDirectory}",
            indent: 0
        );
        if (DescribeUnnamedClips(report) is { } text)
            console.WriteResultText(text, indent: 0);
        foreach (var decision in DescribeDecisions(report))
            console.WriteResultText(decision, indent: 0);
        foreach (var contradiction in report.Contradictions)
            console.WriteNotice($"warning: train refuses this store: {OptionParser.FormatText(contradiction)}");
        foreach (var recordings in report.EqualRecordings)
            console.WriteNotice($"warning: {OptionParser.FormatText(recordings)}");
        foreach (var found in new[] { report.TrimmedDuplicates, report.NearDuplicates, report.SharedSpeakers })
            if (found is not null)
                console.WriteNotice($"warning: {OptionParser.FormatText(found)}");
        foreach (var difference in report.BandwidthDifferences)
            console.WriteNotice($"warning: {OptionParser.FormatText(difference)}");
        if (report.Frames > 0)
            console.WriteMessage(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.Elapsed.TotalSeconds:0.0} s, {report.EncoderTimeFraction:0%} of the time in the encoder"
                )
            );
    }

    private static IEnumerable<string> DescribeDecisions(ExtractionReport report)
    {
        if (report.MissingRecordings.Count > 0)
            yield return $"{report.MissingRecordings.Count} clips of the sources have no recording at the moment (for "
                + $"example {report.MissingRecordings[0]}): the frames that the store has of them are kept";
        if (report.AuditedAgain > 0)
            yield return $"{CountText.Format(report.AuditedAgain, "clip")} of an earlier version had no audit: the "
                + "recordings were read again, and the stored frames are kept";
        if (report.ChangedClips > 0)
            yield return $"{report.ChangedClips} clips have another label, speaker or subset than at the last "
                + "extraction of their source, which is replaced";
    }

    private static string? DescribeUnnamedClips(ExtractionReport report)
    {
        if (report.Pruning is { } pruning)
            return $"removed from the store: {CountText.Format(pruning.Clips, "clip")} that the sources do not name; "
                + $"deleted or rewritten: {CountText.Format(pruning.Files, "file")} of frames";
        if (report.UnnamedClips == 0)
            return null;
        var others = report.UnnamedClips - report.ClipsWithoutSource;
        return $"{report.UnnamedClips} clips are in the store that the sources do not name: train uses {others}, which "
            + $"were extracted from other sources, and leaves out {report.ClipsWithoutSource}, which no source names "
            + "any more; --prune removes them all from the disk";
    }

    private static ExtractionReport Extract(
        ConsoleOutput console,
        IEncoder encoder,
        ExtractionOptions options,
        Corpus corpus,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return console.Track("extracting", reportProgress =>
                new FeatureExtractor(encoder, options, TimeProvider.System).Run(
                    corpus,
                    new InlineProgress<ExtractionProgress>(progress =>
                        reportProgress(
                            (double)progress.Processed / progress.Total,
                            $"{progress.Processed} of {progress.Total} clips, {progress.Rate:0} x real time"
                        )
                    ),
                    cancellationToken
                )
            );
        }
        catch (TooManyInvalidClipsException exception)
        {
            ReportFindings(console, exception.Report);
            throw;
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException(
                $"interrupted; completed clips are in {options.OutputDirectory}: run the same command again to continue"
            );
        }
    }

    private static void ReportFindings(ConsoleOutput console, ExtractionReport report)
    {
        foreach (var finding in report.Errors)
            console.WriteError($"invalid: {finding.Path}: {Format(finding)}");
        foreach (var finding in report.Warnings.Where(finding => !IsSummarized(finding.Name)))
            console.WriteNotice($"warning: {finding.Path}: {Format(finding)}");
        // Of all clips of a corpus or of none.
        ClipWarning[] narrow = [.. report.Warnings.Where(finding => finding.Name == RecordingWarning.LowBandwidth)];
        if (narrow.Length > 0)
            console.WriteNotice(
                $"warning: {RecordingWarning.LowBandwidth} of {CountText.Format(narrow.Length, "clip")}, for example "
                    + $"{narrow[0].Path}: {Format(narrow[0])}"
            );
        ClipWarning[] segments = [.. report.Warnings.Where(finding => finding.Name == RecordingWarning.SegmentEnd)];
        if (segments.Length > 0)
            console.WriteNotice(
                $"warning: {segments.Length} segments end after their recordings, for example {segments[0].Path}: "
                    + Format(segments[0])
            );
    }

    private static bool IsSummarized(string name) =>
        name is RecordingWarning.SegmentEnd or RecordingWarning.LowBandwidth;

    private static string Format(ClipWarning finding) => OptionParser.FormatText(finding.Message);
}
