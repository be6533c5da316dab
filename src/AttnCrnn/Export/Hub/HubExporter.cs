using AttnCrnn.Export.Onnx;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Prediction;
using AttnCrnn.Reports.ModelCards;

namespace AttnCrnn.Export.Hub;

/// <summary>
/// Exports a run as the folder that one uploads to the Hugging Face hub (docs/model-card.md): models, model card,
/// configuration, metrics, plots and a script that predicts. It contains no path, no name of a speaker or recording,
/// and no predictions or logs.
/// </summary>
internal sealed class HubExporter : IRunExporter
{
    /// <summary>The model card: the hub shows the file of this name.</summary>
    public const string ReadMe = "README.md";

    /// <summary>The model card as a page.</summary>
    public const string Page = "model_card.html";

    public string Name => "hub";

    public string Description =>
        "a folder to upload to the Hugging Face hub: models, model card, metrics, without what is private";

    public ExportFeatures Supports => ExportFeatures.Waveform | ExportFeatures.EncoderDescription;

    public async Task<ExportResult> ExportAsync(
        RunExport run,
        string folder,
        RunExportOptions options,
        CancellationToken cancellationToken = default
    )
    {
        options.ThrowIfUnsupported(this);
        cancellationToken.ThrowIfCancellationRequested();
        RequireSingleModel(run, options);
        using var output = NewFolder.Create(folder);
        var models = await WriteModelsAsync(run, output.Path, options, cancellationToken).ConfigureAwait(false);
        WriteDescriptions(run, output.Path, options, models);
        var files = output.Commit();
        return new(
            files,
            [.. ListNotices(run, options, models), .. models.SelectMany(model => model.Notices).Distinct()]
        );
    }

    private static void RequireSingleModel(RunExport run, RunExportOptions options)
    {
        if (options.Encoder is not null && run.ModelPaths.Count > 1)
            throw new InvalidInputException(
                run.Name,
                OptionText.Create(
                    $"has {run.ModelPaths.Count} folds, and {Options.OptionKeys.Waveform} would include the encoder "
                        + $"in each of their models: omit the option, or choose one of the models, for example "
                        + $"{run.ModelPaths[0]}"
                )
            );
    }

    private static async Task<IReadOnlyList<HubModel>> WriteModelsAsync(
        RunExport run,
        string folder,
        RunExportOptions options,
        CancellationToken cancellationToken
    )
    {
        var onnx = new OnnxExporter();
        List<HubModel> models = [];
        foreach (var path in run.ModelPaths)
        {
            var trained = ModelFile.Read(path, options.Labels);
            var model = PublicModel.Create(trained);
            var stem = run.ModelPaths.Count == 1 ? "model" : Path.GetFileName(Path.GetDirectoryName(path));
            var keras = Path.Combine(folder, stem + ModelFile.Extension);
            // Without the state of the optimizer, which is twice as large and of use only to continue the training.
            ModelFileWriter.Write(keras, model.Info, model.Tensors);
            var exported = await onnx.ExportAsync(
                    model,
                    Path.Combine(folder, stem + onnx.Extension),
                    new() { Encoder = options.Encoder },
                    cancellationToken
                )
                .ConfigureAwait(false);
            models.Add(
                new(stem + ModelFile.Extension, stem + onnx.Extension, ModelIdentity.ComputeFileHash(keras), model.Info)
                {
                    Notices = [.. trained.Notices, .. exported.Notices],
                    HasFolderEncoder = PublicEncoder.IsFolder(trained.Info.Encoder) && options.Encoder is null,
                }
            );
        }
        return models;
    }

    private static void WriteDescriptions(
        RunExport run,
        string folder,
        RunExportOptions options,
        IReadOnlyList<HubModel> models
    )
    {
        var takesSamples = options.Encoder is not null;
        AtomicFile.WriteText(
            Path.Combine(folder, HubConfig.FileName),
            HubConfig.Format(run.Name, models, takesSamples)
        );
        AtomicFile.WriteText(Path.Combine(folder, HubScript.FileName), HubScript.Format(models[0].Info, takesSamples));
        if (run.AnalysisFolder is { } analysis)
            HubMetrics.Copy(analysis, folder);
        var card = ModelCard.Read(
            run.Name,
            [.. models.Select(model => Path.Combine(folder, model.KerasFile))],
            run.AnalysisFolder,
            options.License
        );
        card = card with { Usage = HubUsage.Create(models, takesSamples) };
        foreach (var plot in card.Plots)
            AtomicFile.WriteBytes(Path.Combine(folder, plot.FileName), plot.Png);
        AtomicFile.WriteText(Path.Combine(folder, ReadMe), card.ToMarkdown());
        card.WritePage(Path.Combine(folder, Page));
    }

    private static IEnumerable<string> ListNotices(
        RunExport run,
        RunExportOptions options,
        IReadOnlyList<HubModel> models
    )
    {
        if (run.AnalysisFolder is null)
            yield return "the model is not evaluated: the model card has no metrics";
        if (options.License is null)
            yield return "the model card states no license: without one, others may not use the model";
        if (models.Count > 1)
            yield return $"{models.Count} models, one per fold, whose probabilities are averaged; the metrics are "
                + "those of the single models";
        if (models.Any(model => model.HasFolderEncoder))
            yield return "the encoder was read from a folder, which is not part of the export: publish it as well, or "
                + "include it";
    }
}
