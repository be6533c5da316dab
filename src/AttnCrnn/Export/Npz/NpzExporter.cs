using AttnCrnn.Models;

namespace AttnCrnn.Export.Npz;

/// <summary>Exports a model's weights to NumPy (<see cref="WeightsNpz"/>).</summary>
internal sealed class NpzExporter : IModelExporter
{
    public string Name => "npz";

    public string Extension => ".npz";

    public string Description => "the weights under Keras' names, for NumPy";

    public ExportFeatures Supports => ExportFeatures.None;

    public Task<ExportResult> ExportAsync(
        TrainedModel model,
        string path,
        ExportOptions options,
        CancellationToken cancellationToken = default
    )
    {
        options.ThrowIfUnsupported(this);
        cancellationToken.ThrowIfCancellationRequested();
        WeightsNpz.Write(path, model.Info, model.Tensors);
        return Task.FromResult(new ExportResult([path], []));
    }
}
