using AttnCrnn.Corpora;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Options;

namespace AttnCrnn.Runs;

/// <summary>What is checked before models predict clips that a user gave.</summary>
internal static class GivenClips
{
    /// <summary>Refuses clips that members of an ensemble were trained on.</summary>
    /// <remarks>
    /// A single model is evaluated on its training clips, and the report says so: whoever wants to know how well it
    /// fits them can. The mean of a run's folds has no such use: nearly every clip is a training clip of most members.
    /// </remarks>
    /// <exception cref="InvalidInputException">There are such clips.</exception>
    public static void RefuseEnsembleOnTrainingClips(TrainingOverlap? overlap, int clips)
    {
        if (
            overlap is not { Models: > 1 }
            || overlap.TrainingClips + (overlap.NearCopies ?? 0) is not (> 0 and var knownClips)
        )
            return;
        throw new InvalidInputException(
            OptionText.Create(
                $"{knownClips} of {clips} clips (for example {overlap.Example}) are training clips of the "
                    + $"{overlap.Models} models of this ensemble{DescribeCopies(overlap)}: expected clips that none "
                    + $"was trained on. Omit {OptionKeys.DataFolders} to evaluate each fold on its own test set, or "
                    + $"leave out these clips"
            )
        );
    }

    private static string DescribeCopies(TrainingOverlap overlap) =>
        overlap.NearCopies > 0 ? $", or have nearly the sound of one ({overlap.NearCopies})" : "";

    /// <summary>The protocol of an evaluation on all clips of a store, without speaker normalization.</summary>
    /// <param name="overlap">Which of the clips the model has seen; null if that is not known.</param>
    /// <exception cref="InvalidInputException">A label is mapped to a class that the model does not have.</exception>
    public static EvaluationProtocol CreateProtocol(
        FeatureStore store,
        TrainedModelInfo model,
        LabelRules rules,
        RepeatedClips repeatedClips,
        TrainingOverlap? overlap
    ) =>
        new()
        {
            SpeakersDisjoint = overlap is { SpeakersDisjoint: true },
            Overlap = overlap,
            LabelMap = MapLabels(
                store
                    .Clips.Index()
                    .ExceptBy(repeatedClips.Excluded, clip => clip.Index)
                    .Select(clip => clip.Item.Label),
                rules,
                model.Labels
            ),
            WarmStart = FindWarmStart(model),
            RepeatedClips = repeatedClips.Excluded.Count,
            Synthetic = store.Synthetic,
        };

    /// <summary>The classes of the clips' labels.</summary>
    /// <exception cref="InvalidInputException">A label is mapped to a class that the model does not have.</exception>
    public static LabelMap MapLabels(IEnumerable<string?> labels, LabelRules rules, IReadOnlyList<string> modelClasses)
    {
        var map = LabelMap.Create(labels, rules.Apply, modelClasses);
        var unknown = map
            .Labels.Where(label => label.Class is { } mapped && !modelClasses.Contains(mapped))
            .Select(label => $"{label.Class} ({label.Clips})")
            .ToList();
        if (unknown.Count == 0)
            return map;
        var missing = map.OnlyInModel.Count == 0 ? "" : $"; of {string.Join(", ", map.OnlyInModel)} there are no clips";
        throw new InvalidInputException(
            OptionText.Create(
                $"classes that only the clips have: {string.Join(", ", unknown)}; the model's are "
                    + $"{string.Join(", ", modelClasses)}{missing}. Merge them with {OptionKeys.Map} or leave them out "
                    + $"with {OptionKeys.Drop}"
            )
        );
    }

    // Null for random initialization.
    internal static string? FindWarmStart(TrainedModelInfo model) =>
        model.Training[OptionKeys.Init.Name] is { } path ? Path.GetFileName($"{path}") : null;
}
