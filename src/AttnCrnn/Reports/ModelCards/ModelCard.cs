using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Prediction;
using AttnCrnn.Reports.ModelCards.Sections;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports.ModelCards;

/// <summary>
/// A model card: what a model is, its data, how it was evaluated, its limits and its intended use, as Markdown with the
/// header of the Hugging Face hub, and as a page. It is made to be published: it contains no path and no speaker name.
/// docs/model-card.md describes it.
/// </summary>
public sealed record ModelCard
{
    /// <summary>File name of the card in a run's analysis folder.</summary>
    public const string FileName = "MODEL_CARD.md";

    private ModelCard() { }

    /// <summary>Name of the run or model.</summary>
    public required string Name { get; init; }

    /// <summary>Identifier of the model's license, as the hub spells it; null: the author has not chosen one.</summary>
    public string? License { get; init; }

    /// <summary>The model files, at least one; all have the same labels and encoder.</summary>
    internal IReadOnlyList<CardModel> Models { get; init; } = [];

    /// <summary>The evaluation; null: the models are not evaluated.</summary>
    internal CardMetrics? Metrics { get; init; }

    /// <summary>
    /// The corpora on which the models, and those that they started from, were trained; null: not known.
    /// </summary>
    internal CardCorpora? TrainingCorpora { get; init; }

    /// <summary>The corpora of the evaluated clips.</summary>
    internal CardCorpora Corpora { get; init; } = CardCorpora.None;

    /// <summary>Plots beside the card, in the order of the card.</summary>
    internal IReadOnlyList<CardImage> Plots { get; init; } = [];

    /// <summary>How the published files are used; null: the card lies in the folder of the run.</summary>
    internal CardSection? Usage { get; init; }

    /// <summary>What all models have in common; without the path of an encoder's folder.</summary>
    internal TrainedModelInfo Info => Models[0].Info with { Encoder = PublicEncoder.Create(Models[0].Info.Encoder) };

    /// <summary>
    /// Whether the model was trained on other clips of the corpora of the evaluated clips, as far as the split says.
    /// </summary>
    internal bool IsOfEvaluatedCorpora => Metrics?.Summary.Split.Method != SplitMethodNames.GivenClips;

    /// <summary>Whether the model was trained or evaluated on synthetic speech.</summary>
    internal bool IsSynthetic => Info.Synthetic || Metrics is { Summary.Synthetic: true };

    /// <summary>Collects what a card contains.</summary>
    /// <param name="name">Name of the run or model, without a path.</param>
    /// <param name="modelPaths">The model file, or those of the folds.</param>
    /// <param name="analysisFolder">Folder of the evaluation's metrics; null: the models are not evaluated.</param>
    /// <param name="license">The license of the model; null: the author has not chosen one.</param>
    /// <param name="labels">[classes], for an archive without labels; null: the archive must have them.</param>
    /// <exception cref="InvalidInputException">A model, or a file of the evaluation, is damaged.</exception>
    public static ModelCard Read(
        string name,
        IReadOnlyList<string> modelPaths,
        string? analysisFolder,
        string? license = null,
        IReadOnlyList<string>? labels = null
    )
    {
        ArgumentNullException.ThrowIfNull(modelPaths);
        var areNamedAlike = modelPaths.Select(Path.GetFileName).Distinct().Count() < modelPaths.Count;
        return new()
        {
            Name = name,
            License = license,
            Models =
            [
                .. modelPaths.Select(path => new CardModel(
                    GetPublicName(path, areNamedAlike),
                    ModelIdentity.ComputeFileHash(path),
                    ModelFile.Read(path, labels).Info
                )),
            ],
            Metrics = analysisFolder is null ? null : CardMetrics.Read(analysisFolder),
            TrainingCorpora = TrainingClips.Find(modelPaths).ListCorpora() is { } corpora
                ? CardCorpora.Create(corpora)
                : null,
            Corpora = analysisFolder is null ? CardCorpora.None : CardCorpora.Read(analysisFolder),
            Plots = analysisFolder is null ? [] : CardPlots.Read(analysisFolder),
        };
    }

    /// <summary>The card as Markdown, with the hub's header in YAML.</summary>
    public string ToMarkdown() => CardHeader.Format(this) + "\n" + CardMarkdown.Format(Title, CreateSections());

    /// <summary>The card as a page that needs no other file and no network.</summary>
    public string ToPage() => CardPage.Format(Name, Title, CreateSections());

    /// <summary>Writes <see cref="ToMarkdown"/> into a folder, atomically.</summary>
    /// <param name="folder">An analysis folder.</param>
    public void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), ToMarkdown());

    /// <summary>Writes <see cref="ToPage"/>, atomically.</summary>
    public void WritePage(string path) => AtomicFile.WriteText(path, ToPage());

    private string Title => $"{Name}: speech emotion recognition, {Info.Labels.Count} classes";

    private IReadOnlyList<CardSection> CreateSections() =>
        [
            // One line each, in the order of the card.
            SummarySection.Create(this),
            UseSection.Create(this),
            RegulationSection.Create(),
            ModelSection.Create(this),
            DataSection.Create(this),
            EvaluationSection.Create(this),
            LimitsSection.Create(this),
            .. Usage is null ? (CardSection[])[] : [Usage],
            FilesSection.Create(this),
        ];

    // The folders of folds tell their models apart.
    private static string GetPublicName(string path, bool areNamedAlike) =>
        areNamedAlike
            ? $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileName(path)}"
            : Path.GetFileName(path);
}
