using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Export;
using AttnCrnn.Models;
using AttnCrnn.Prediction;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>Exports a run, with its metrics, into a new folder.</summary>
internal static class ExportedRun
{
    /// <exception cref="UsageException">The arguments do not name one run and one folder, or an option does not
    /// apply.</exception>
    /// <exception cref="InvalidInputException">There is no such run, or the folder is not empty.</exception>
    public static async Task WriteAsync(
        IRunExporter exporter,
        ExportSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var name = RequireRun(exporter, settings);
        RefuseOptions(exporter, settings);
        if (RunPredictor.IsClassifier(settings.WorkFolder, name))
            throw new UsageException($"--to {exporter.Name}: {name} is a published classifier already");
        var run = RunExport.Find(settings.WorkFolder, name);
        var folder = GetFolder(exporter, settings, run);
        using var encoder = CreateEncoder(run, settings, console);
        var options = new RunExportOptions
        {
            License = settings.License,
            Labels = settings.Labels,
            Encoder = encoder is null
                ? null
                : await encoder
                    .GetAsync(OptionParser.FormatKey(ExportOptionKeys.Waveform.Name), cancellationToken)
                    .ConfigureAwait(false),
        };
        Print(await ExportAsync(exporter, run, folder, options, cancellationToken).ConfigureAwait(false), console);
    }

    private static async Task<ExportResult> ExportAsync(
        IRunExporter exporter,
        RunExport run,
        string folder,
        RunExportOptions options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await exporter.ExportAsync(run, folder, options, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw OutputFile.CreateError(folder, exception);
        }
    }

    private static void Print(ExportResult result, ConsoleOutput console)
    {
        foreach (var file in result.Files)
            console.WriteResult(file);
        foreach (var notice in result.Notices)
            console.WriteNotice(notice);
    }

    private static string RequireRun(IRunExporter exporter, ExportSettings settings) =>
        settings.Arguments.Count is 1 or 2
            ? settings.Arguments[0]
            : throw new UsageException($"--to {exporter.Name}: expected one run or model, then the new folder");

    private static string GetFolder(IRunExporter exporter, ExportSettings settings, RunExport run)
    {
        var argument = settings.Arguments is [_, var last] ? last : null;
        if (argument is not null && settings.Output is not null)
            throw new UsageException($"--out {settings.Output}: the folder is also an argument, {argument}; omit one");
        var folder = argument ?? settings.Output;
        if (folder is not null && string.IsNullOrWhiteSpace(folder))
            throw new UsageException("--out: the name is empty; add the name of a new folder, or omit the option");
        return folder ?? Path.Combine(settings.WorkFolder, exporter.Name, run.Name);
    }

    private static ModelEncoder? CreateEncoder(RunExport run, ExportSettings settings, ConsoleOutput console)
    {
        if (!settings.Waveform)
            return null;
        try
        {
            return new(
                ModelFile.Read(run.ModelPaths[0], settings.Labels).Info.Encoder,
                settings.Encoder,
                settings.Layers,
                threads: 1,
                console.WriteMessage
            );
        }
        catch (EncoderOptionException error)
        {
            throw EncoderUsage.ToUsageException(error);
        }
    }

    private static void RefuseOptions(IRunExporter exporter, ExportSettings settings)
    {
        ClassifierExport.RefuseOptions(settings.Arguments[0], settings);
        (OptionKey Key, bool IsSet, ExportFeatures Feature)[] requests =
        [
            (ExportOptionKeys.Waveform, settings.Waveform, ExportFeatures.Waveform),
            (ExportOptionKeys.Quantize, settings.Quantize is not null, ExportFeatures.Int8Weights),
        ];
        foreach (var request in requests)
            if (request.IsSet && !exporter.Supports.HasFlag(request.Feature))
                throw new UsageException(
                    $"{OptionParser.FormatKey(request.Key.Name)}: --to {exporter.Name} does not support it; omit the "
                        + "option"
                );
        if (settings is { Encoder: not null, Waveform: false } or { Layers: not null, Waveform: false })
            throw new UsageException(
                $"--encoder, --layers: --to {exporter.Name} uses them with --waveform only; add it, or omit them"
            );
    }
}
