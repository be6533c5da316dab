using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Export;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Options;
using AttnCrnn.Prediction;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>Converts a model or a feature store.</summary>
internal sealed class ExportCommand : OptionCommand<ExportSettings>
{
    public ExportCommand()
        : base(
            "export",
            $"Convert a model, a published classifier or a feature store: {DescribeFormats()}.",
            ExportSettings.Options,
            new(
                "RUN|MODEL|STORE [DIR]",
                "Run name or folder, latest (the run fetched last), model file, store folder, or a published "
                    + "classifier: a checkpoint folder or OWNER/NAME of the hub; for --to hub, then the new folder."
            )
        ) { }

    public override async Task<int> RunAsync(
        ExportSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (RunExporters.Find(settings.Format ?? "") is { } runExporter)
        {
            await ExportedRun.WriteAsync(runExporter, settings, console, cancellationToken).ConfigureAwait(false);
            return ExitCode.Success;
        }
        if (settings.Arguments is not [var name])
            throw new UsageException("expected one run, model or store");
        var exporter = ModelExporters.Find(settings.Format ?? "")
            ?? throw new UsageException($"--to is missing: expected {JoinAllNames()}");
        foreach (var (key, feature) in ListRequests(settings))
            RequireSupport(exporter, key, feature);
        if (settings.License is not null)
            throw new UsageException(
                $"--license: --to {exporter.Name} writes no model card; choose --to "
                    + $"{string.Join(" or --to ", RunExporters.All.Select(other => other.Name))}, or omit the option"
            );
        if (settings.Output is { } outputPath)
            OutputFile.RequireName(outputPath);
        if (File.Exists(Path.Combine(name, StoreDescription.FileName)))
            ExportStore(name, exporter, settings, console, cancellationToken);
        else if (RunPredictor.IsClassifier(settings.WorkFolder, name))
            await ClassifierExport.RunAsync(name, exporter, settings, console, cancellationToken).ConfigureAwait(false);
        else
            await ExportModelAsync(name, exporter, settings, console, cancellationToken).ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static string DescribeFormats() =>
        string.Join("; ", ModelExporters.All.Select(exporter => $"--to {exporter.Name} writes {exporter.Description}"))
        + $"; --to {StoreExport.Format} of a store writes its frames, one file per clip"
        + string.Concat(
            RunExporters.All.Select(exporter => $"; --to {exporter.Name} of a run writes {exporter.Description}")
        );

    private static string JoinAllNames() =>
        $"{string.Join(", ", ModelExporters.All.Select(exporter => exporter.Name))} or "
        + string.Join(", ", RunExporters.All.Select(exporter => exporter.Name));

    private static string JoinNames(IEnumerable<IModelExporter> exporters, string prefix = "")
    {
        string[] names = [.. exporters.Select(exporter => prefix + exporter.Name)];
        return names.Length == 1 ? names[0] : $"{string.Join(", ", names[..^1])} or {names[^1]}";
    }

    // The options that a format may not support, if they are given.
    private static IEnumerable<(OptionKey Key, ExportFeatures Feature)> ListRequests(ExportSettings settings)
    {
        if (settings.Waveform)
            yield return (ExportOptionKeys.Waveform, ExportFeatures.Waveform);
        if (settings.Quantize is not null)
            yield return (ExportOptionKeys.Quantize, ExportFeatures.Int8Weights);
        if (settings.Encoder is not null)
            yield return (OptionKeys.Encoder, ExportFeatures.EncoderDescription);
        if (settings.Layers is not null)
            yield return (OptionKeys.Layers, ExportFeatures.EncoderDescription);
    }

    private static void RequireSupport(IModelExporter exporter, OptionKey key, ExportFeatures feature)
    {
        if (!exporter.Supports.HasFlag(feature))
            throw new UsageException(
                $"{OptionParser.FormatKey(key.Name)}: --to {exporter.Name} does not support it; choose "
                    + $"{JoinNames(ModelExporters.All.Where(other => other.Supports.HasFlag(feature)), "--to ")}, "
                    + "or omit the option"
            );
    }

    private static void ExportStore(
        string name,
        IModelExporter exporter,
        ExportSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (exporter.Name != StoreExport.Format)
            throw new UsageException(
                $"--to {exporter.Name}: {name} is a feature store, which can only be exported to {StoreExport.Format}"
            );
        if (settings.Labels is not null)
            throw new UsageException($"--labels: {name} is a feature store, not a model; omit the option");
        ClassifierExport.RefuseOptions(name, settings);
        var folder = settings.Output ?? Path.TrimEndingDirectorySeparator(name) + "_npz";
        StoreExport.Run(name, folder, console, cancellationToken);
    }

    private static async Task ExportModelAsync(
        string name,
        IModelExporter exporter,
        ExportSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        ClassifierExport.RefuseOptions(name, settings);
        var paths = RunDirectory.FindModels(Path.GetFullPath(settings.WorkFolder), name);
        if (paths.Count > 1)
            throw new UsageException(
                $"{name} has {paths.Count} folds: choose one of their models, for example {paths[0]}"
            );
        var path = settings.Output ?? GetDefaultPath(paths[0], exporter, settings);
        ExportOutput.Check(path, paths, exporter);
        var model = ModelFile.Read(
            paths[0],
            settings.Labels,
            withOptimizer: exporter.Supports.HasFlag(ExportFeatures.OptimizerState)
        );
        foreach (var notice in model.Notices)
            console.WriteNotice(notice);
        using var modelEncoder = ChooseEncoder(model.Info, settings, console);
        var options = new ExportOptions { QuantizeInt8 = settings.Quantize is not null };
        if (settings.Waveform)
            options = options with
            {
                Encoder = await modelEncoder
                    .GetAsync(OptionParser.FormatKey(ExportOptionKeys.Waveform.Name), cancellationToken)
                    .ConfigureAwait(false),
            };
        else if (settings.Encoder is not null)
            model = await AddEncoderAsync(model, modelEncoder, cancellationToken).ConfigureAwait(false);
        await ExportOutput
            .WriteAsync(path, exporter, () => exporter.ExportAsync(model, path, options, cancellationToken), console)
            .ConfigureAwait(false);
    }

    private static string GetDefaultPath(string modelPath, IModelExporter exporter, ExportSettings settings) =>
        ModelExporters.GetDefaultPath(
            modelPath,
            exporter,
            ListRequests(settings).Aggregate(ExportFeatures.None, (all, request) => all | request.Feature)
        );

    private static ModelEncoder ChooseEncoder(
        TrainedModelInfo modelInfo,
        ExportSettings settings,
        ConsoleOutput console
    )
    {
        try
        {
            return new(modelInfo.Encoder, settings.Encoder, settings.Layers, threads: 1, console.WriteMessage);
        }
        catch (EncoderOptionException error)
        {
            throw EncoderUsage.ToUsageException(error);
        }
    }

    // An archive saved by Keras does not contain the encoder; the output can.
    private static async Task<TrainedModel> AddEncoderAsync(
        TrainedModel model,
        ModelEncoder modelEncoder,
        CancellationToken cancellationToken
    )
    {
        if (!model.Info.Encoder.IsUnknown)
            throw new UsageException(
                $"--encoder: the model already has its encoder, {model.Info.Encoder}; omit the option"
            );
        var encoder = await modelEncoder
            .GetAsync(OptionParser.FormatKey(OptionKeys.Encoder.Name), cancellationToken)
            .ConfigureAwait(false);
        return model with { Info = model.Info with { Encoder = encoder.Description } };
    }
}
