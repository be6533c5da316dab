namespace AttnCrnn.Export;

/// <summary>
/// An output format of runs: a folder with the models, and what their users must know. A format of a single model is an
/// <see cref="IModelExporter"/>. The formats are listed in <see cref="RunExporters"/>; how one is added is described in
/// docs/contributing/exporter.md.
/// </summary>
public interface IRunExporter
{
    /// <summary>The format's name, as in <c>export --to hub</c>: lower-case letters and digits.</summary>
    string Name { get; }

    /// <summary>What an export writes, as the object of a sentence, for help texts.</summary>
    string Description { get; }

    /// <summary>What the format can contain. Options that require anything else are errors.</summary>
    ExportFeatures Supports { get; }

    /// <summary>Writes a run into a new folder, completely or not at all.</summary>
    /// <param name="run">Its models and metrics.</param>
    /// <param name="folder">Output folder; it must not exist, or be empty.</param>
    /// <exception cref="ArgumentException">The format does not support an option.</exception>
    /// <exception cref="InvalidInputException">
    /// The folder is not empty, or a model or a file of the run cannot be exported.
    /// </exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled; nothing was written.</exception>
    Task<ExportResult> ExportAsync(
        RunExport run,
        string folder,
        RunExportOptions options,
        CancellationToken cancellationToken = default
    );
}
