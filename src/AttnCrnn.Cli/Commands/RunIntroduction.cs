using System.Globalization;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Options;
using AttnCrnn.Reports;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>What train prints before the first epoch: clips, split and settings.</summary>
internal static class RunIntroduction
{
    private const int MaxVeryLongClips = 20; // lines

    /// <param name="initialPath">The model that initializes the weights, as the user gave it; null: none.</param>
    public static void Print(TrainingRun run, string? initialPath, ConsoleOutput console)
    {
        foreach (var finding in run.Store.InvalidClips)
            console.WriteError($"invalid: {finding.Path}: {OptionParser.FormatText(finding.Message)}");
        WriteNotices(run.Store.Notices, console);
        var experiment = run.Experiment;
        console.WriteMessage(
            $"{run.Store.Clips.Count} clips of {run.Store.Description.Encoder}; "
                + $"classes {string.Join(", ", experiment.Labels)}"
        );
        console.WriteMessage(ProtocolText.Describe(experiment.Splits[0].Facts));
        WriteNotices(experiment.Notices, console);
        if (DescribeUnaudited(experiment) is { } unaudited)
            console.WriteNotice(unaudited);
        foreach (var line in DescribeLongClips(experiment, run.Configuration.Experiment))
            console.WriteNotice(line);
        foreach (var line in DescribeVeryLongClips(experiment.LongClipWarnings))
            console.WriteNotice(line);
        if (experiment.SpeakerNormalization is { } report)
            console.WriteMessage(SpeakerNormalizationText.Summarize(report));
        if (experiment.SoftTargets is { } targets)
            console.WriteMessage(VoteText.Describe(targets));
        if (run.Configuration.Experiment.Initial is { } initial)
        {
            foreach (var notice in initial.Notices)
                console.WriteNotice(notice);
            console.WriteMessage(DescribeWarmStart(initialPath, initial.Info, run.Configuration));
        }
        foreach (var line in DescribeSettings(run.Configuration))
            console.WriteMessage(line);
    }

    /// <summary>Prints what the library says about the data.</summary>
    public static void WriteNotices(IEnumerable<OptionText> notices, ConsoleOutput console)
    {
        foreach (var notice in notices)
            console.WriteNotice(OptionParser.FormatText(notice));
    }

    /// <summary>The settings that are used, one line per group of the help.</summary>
    public static IEnumerable<string> DescribeSettings(RunConfiguration configuration) =>
        RunConfiguration
            .Table.Options.Where(option => option.UsedWhen?.Invoke(configuration) != false)
            .Select(option => (option.Group, option.Key, Value: option.Format(configuration), option.IsPath))
            .Where(option => !option.IsPath && option.Value is not ("" or "false"))
            .GroupBy(option => option.Group)
            .OrderBy(group => OptionGroups.All.ToList().IndexOf(group.Key))
            .Select(group =>
                $"{group.Key}: {string.Join(", ", group.Select(option => $"{option.Key} {option.Value}"))}"
            );

    private static string? DescribeUnaudited(Experiment experiment) =>
        experiment.UnauditedClips == 0
            ? null
            : $"not audited: {CountText.Format(experiment.UnauditedClips, "clip")}, whose near duplicates in other "
                + "subsets are not known: extract the same sources again to audit them, which reads the recordings "
                + "and keeps the frames";

    private static IEnumerable<string> DescribeLongClips(Experiment experiment, ExperimentOptions options)
    {
        var clips = experiment.LongClips.ToList();
        if (options.MaxSeconds is not { } limit)
            yield break;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{clips.Count} clips are longer than {limit} s (--max_seconds) and are left out"
        );
        foreach (var clip in clips)
            yield return string.Create(CultureInfo.InvariantCulture, $"left out: {clip.Path}: {clip.Seconds:0.00} s");
    }

    private static IEnumerable<string> DescribeVeryLongClips(IReadOnlyList<ClipWarning> warnings)
    {
        foreach (var warning in warnings.Take(MaxVeryLongClips))
            yield return $"warning: {warning.Path}: {OptionParser.FormatText(warning.Message)}";
        if (warnings.Count > 0)
            yield return $"{warnings.Count} clips are very long; --max_seconds S leaves out clips of more than S s";
    }

    private static string DescribeWarmStart(string? path, TrainedModelInfo model, RunConfiguration configuration) =>
        $"warm start from {path} with a new optimizer state. "
        + $"Its weights were trained with --normalize {NormalizationModes.Format(model.Normalization.Kind)}; "
        + "this run uses --normalize "
        + $"{RunConfiguration.Table[OptionKeys.Normalize].Format(configuration)}, with its own statistics"
        + (
            model.IsFixedLength
                ? $". Its input has a fixed length of {model.Padding} frames; the models of this run accept any length"
                : ""
        );
}
