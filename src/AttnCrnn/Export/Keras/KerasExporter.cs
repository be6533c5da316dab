using AttnCrnn.Models;

namespace AttnCrnn.Export.Keras;

/// <summary>
/// Exports a model as the archive that a training writes (docs/models.md): of an archive saved by Keras, one with
/// labels and encoder.
/// </summary>
internal sealed class KerasExporter : IModelExporter
{
    public string Name => "keras";

    public string Extension => ModelFile.Extension;

    public string Description => "a model archive";

    public ExportFeatures Supports => ExportFeatures.EncoderDescription | ExportFeatures.OptimizerState;

    public Task<ExportResult> ExportAsync(
        TrainedModel model,
        string path,
        ExportOptions options,
        CancellationToken cancellationToken = default
    )
    {
        options.ThrowIfUnsupported(this);
        cancellationToken.ThrowIfCancellationRequested();
        ModelFileWriter.Write(path, model.Info, model.Tensors, model.Optimizer);
        return Task.FromResult(new ExportResult([path], model.Optimizer is null ? [NotCompiled] : []));
    }

    private const string NotCompiled =
        "the archive has no Adam state: the output is not compiled, and Keras would train it with a new optimizer";
}
