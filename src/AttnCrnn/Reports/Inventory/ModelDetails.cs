using AttnCrnn.Models;
using AttnCrnn.Options;
using AttnCrnn.Prediction;
using AttnCrnn.Reports.ModelCards;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports.Inventory;

/// <summary>A model file with its hash.</summary>
/// <param name="Path">Absolute path.</param>
/// <param name="Sha256">SHA-256 of the file.</param>
/// <param name="Info">Labels, network, encoder and training options.</param>
public sealed record ModelFileDetails(string Path, string Sha256, TrainedModelInfo Info);

/// <summary>Everything that is known about a model file, a run, or an evaluation.</summary>
public sealed record ModelDetails
{
    private ModelDetails() { }

    /// <summary>Name of the run, or of the model file.</summary>
    public required string Name { get; init; }

    /// <summary>The run of the models; null: a model file that is in no run.</summary>
    public RunOverview? Run { get; init; }

    /// <summary>The model files: one, or those of the folds; none for an evaluation.</summary>
    public IReadOnlyList<ModelFileDetails> Files { get; init; } = [];

    /// <summary>SHA-256 by which predictions name the models; null: there are none.</summary>
    public string? Sha256 => Files.Count == 0 ? null : ModelIdentity.Combine([.. Files.Select(file => file.Sha256)]);

    /// <summary>Description of the models; null: there are none.</summary>
    public TrainedModelInfo? Model => Files.Count == 0 ? null : Files[0].Info;

    /// <summary>Training options that are not the defaults of this version, by key.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Options { get; init; } = [];

    /// <summary>Names of the folders of features that the models were trained on.</summary>
    public IReadOnlyList<string> DataNames { get; init; } = [];

    /// <summary>The model card; null: there are no models.</summary>
    public ModelCard? Card { get; init; }

    /// <summary>The evaluation; null: not evaluated.</summary>
    internal CardMetrics? Metrics { get; init; }

    /// <summary>What limits the results, a sentence or a few each.</summary>
    public IReadOnlyList<string> Limits { get; init; } = [];

    /// <summary>Reads a model, a run or an evaluation.</summary>
    /// <param name="workFolder">Folder of the runs.</param>
    /// <param name="name">Name or folder of a run, <c>latest</c>, a model file, or the name of an evaluation.</param>
    /// <param name="labels">[classes], for an archive without labels; null: the archive must have them.</param>
    /// <exception cref="RunWithoutModelException">The run has no model yet.</exception>
    /// <exception cref="InvalidInputException">There is no such run or file, or a file is damaged.</exception>
    public static ModelDetails Read(string workFolder, string name, IReadOnlyList<string>? labels = null)
    {
        var folder = Path.GetFullPath(workFolder);
        if (FindEvaluation(folder, name) is { } evaluation)
            return new()
            {
                Name = evaluation.Name,
                Run = RunInventory.ReadRun(evaluation),
                Metrics = CardMetrics.Read(evaluation.Analysis),
            };
        var paths = RunDirectory.FindModels(folder, name);
        var origin = ModelOrigin.Find(paths);
        var card = ModelCard.Read(
            RunDirectory.GetModelName(folder, name),
            paths,
            origin?.AnalysisFolder,
            labels: labels
        );
        ModelFileDetails[] files =
        [
            .. paths.Zip(card.Models, (path, model) => new ModelFileDetails(path, model.Sha256, model.Info)),
        ];
        return new()
        {
            Name = card.Name,
            Run = origin is null ? null : RunInventory.ReadRun(origin.Directory),
            Files = files,
            Card = card,
            Options = ChangedOptions.List(files[0].Info),
            DataNames = ReadDataNames(files[0].Info),
            Metrics = card.Metrics,
            Limits = [.. ModelCards.Sections.LimitsSection.List(card)],
        };
    }

    // An evaluation has metrics, and no models.
    private static RunDirectory? FindEvaluation(string workFolder, string name)
    {
        if (name.IndexOfAny(['/', '\\']) >= 0 || Path.Exists(name) || name == RunFolders.Latest)
            return null;
        var run = new RunDirectory(workFolder, name);
        var isEvaluation =
            !Directory.Exists(run.Checkpoints) && File.Exists(Path.Combine(run.Analysis, MetricsJson.FileName));
        return isEvaluation ? run : null;
    }

    private static IReadOnlyList<string> ReadDataNames(TrainedModelInfo model) =>
        model.Training[OptionKeys.DataFolders.Name] is System.Text.Json.Nodes.JsonArray names
            ? [.. names.Select(name => $"{name}")]
            : [];
}
