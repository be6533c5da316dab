using AttnCrnn.Models;

namespace AttnCrnn.Export;

/// <summary>
/// An output format of trained models. The formats of this program are listed in <see cref="ModelExporters"/>; how one
/// is added is described in docs/contributing/exporter.md.
/// </summary>
public interface IModelExporter
{
    /// <summary>The format's name, as in <c>export --to onnx</c>: lower-case letters and digits.</summary>
    string Name { get; }

    /// <summary>The extension of the file, with its dot.</summary>
    string Extension { get; }

    /// <summary>What an export writes, as the object of a sentence, for help texts: <c>an ONNX model</c>.</summary>
    string Description { get; }

    /// <summary>What the format can contain. Options that require anything else are errors.</summary>
    ExportFeatures Supports { get; }

    /// <summary>
    /// All files that an export to a path may write: the path itself first, then companion files next to it. The
    /// program checks them before it exports, so that none replaces a file that no export wrote.
    /// </summary>
    IReadOnlyList<string> ListFiles(string path) => [path];

    /// <summary>Writes a model, each file atomically; the same model and options give the same bytes.</summary>
    /// <param name="model">
    /// The model; with Adam's state if the format <see cref="Supports"/> it and the model has it.
    /// </param>
    /// <param name="path">Output file, replaced if it exists; its folder is created if missing.</param>
    /// <exception cref="ArgumentException">
    /// The format does not support an option, or tensors, encoder and model are inconsistent.
    /// </exception>
    /// <exception cref="InvalidInputException">The model cannot be exported with these options.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled; no file was changed.</exception>
    Task<ExportResult> ExportAsync(
        TrainedModel model,
        string path,
        ExportOptions options,
        CancellationToken cancellationToken = default
    );
}
