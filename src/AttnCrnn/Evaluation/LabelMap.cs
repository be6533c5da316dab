namespace AttnCrnn.Evaluation;

/// <summary>What became of a label of the evaluated clips.</summary>
/// <param name="Label">The corpus' label.</param>
/// <param name="Class">The class of its clips; null: they are left out.</param>
/// <param name="Clips">Number of clips with the label.</param>
public sealed record MappedLabel(string Label, string? Class, int Clips);

/// <summary>
/// The labels of clips that a user gave, and the classes of the model: after training on one corpus and evaluating on
/// another, each may have classes that the other lacks.
/// </summary>
/// <param name="Labels">The labels of the clips, sorted.</param>
/// <param name="ModelClasses">[classes] of the model.</param>
public sealed record LabelMap(IReadOnlyList<MappedLabel> Labels, IReadOnlyList<string> ModelClasses)
{
    /// <summary>Classes of the model of which there is no evaluated clip, in the order of the model.</summary>
    public IReadOnlyList<string> OnlyInModel =>
        [.. ModelClasses.Where(modelClass => Labels.All(label => label.Class != modelClass))];

    /// <summary>Labels of clips that are left out, since they are mapped to no class.</summary>
    public IReadOnlyList<MappedLabel> LeftOut => [.. Labels.Where(label => label.Class is null)];

    /// <summary>Labels whose class has another name.</summary>
    public IReadOnlyList<MappedLabel> Renamed =>
        [.. Labels.Where(label => label.Class is { } mapped && mapped != label.Label)];

    /// <summary>Counts labels and maps them.</summary>
    /// <param name="labels">[clips]; null for a clip without a label.</param>
    /// <param name="map">The class of a label; null if its clips are left out.</param>
    internal static LabelMap Create(
        IEnumerable<string?> labels,
        Func<string, string?> map,
        IReadOnlyList<string> modelClasses
    ) =>
        new(
            [
                .. labels
                    .OfType<string>()
                    .CountBy(label => label)
                    .OrderBy(label => label.Key, StringComparer.Ordinal)
                    .Select(label => new MappedLabel(label.Key, map(label.Key), label.Value)),
            ],
            modelClasses
        );
}
