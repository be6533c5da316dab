using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Models;

namespace AttnCrnn.Runs;

/// <summary>
/// The clips that models were trained and validated on: from the file beside each, which training writes, or, for runs
/// of earlier versions, from the run's configuration and features, if these are the same as at its start.
/// </summary>
public sealed class TrainingClips
{
    private readonly IReadOnlyList<SeenClip> clips;
    private readonly IReadOnlyList<string> models;
    private readonly string? unknown;
    private readonly string? start; // name of the model that training of the model started from

    private TrainingClips(
        string modelName,
        IReadOnlyList<SeenClip> clips,
        IReadOnlyList<string> models,
        string? unknown,
        string? start = null
    )
    {
        ModelName = modelName;
        this.clips = clips;
        this.models = models;
        this.unknown = unknown;
        this.start = start;
    }

    /// <summary>Name of the models' run; of the file, if it is in no run's folder.</summary>
    public string ModelName { get; }

    /// <summary>Finds the clips of models.</summary>
    /// <param name="models">Model files, at least one.</param>
    public static TrainingClips Find(IReadOnlyList<string> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        var name = RunDirectory.FindOfModel(models[0])?.Run.Name ?? Path.GetFileName(models[0]);
        var clips = new List<SeenClip>();
        foreach (var model in models)
        {
            var (clipsOfModel, reason) = FindClips(model);
            if (reason is not null)
                return new(name, [], models, reason);
            clips.AddRange(clipsOfModel);
        }
        return new(name, clips, models, unknown: null);
    }

    /// <summary>Finds the clips of a model that a training starts from.</summary>
    /// <param name="model">A model file, which may have been removed since.</param>
    internal static TrainingClips FindOfInitial(string model)
    {
        var found = Find([Path.GetFullPath(model)]);
        try
        {
            var start = GivenClips.FindWarmStart(ModelFile.Read(model).Info);
            return new(found.ModelName, found.clips, found.models, found.unknown, start);
        }
        catch (InvalidInputException)
        {
            return found; // removed since, or an archive without labels, of which no start is known
        }
    }

    /// <summary>Which of the evaluated clips, and of their speakers, are among these.</summary>
    /// <param name="evaluated">Indices in the store.</param>
    internal TrainingOverlap Compare(FeatureStore store, IReadOnlyList<int> evaluated)
    {
        if (unknown is not null)
            return new()
            {
                Models = models.Count,

                Unknown = unknown,
            };
        var trained = Collect(clips.Where(clip => clip.Subset == Subset.Train));
        var validated = Collect(clips.Where(clip => clip.Subset == Subset.Validation));
        var speakers = clips.Select(clip => clip.Speaker).Where(speaker => speaker.Length > 0).ToHashSet();
        var tested = evaluated
            .Select(clip => (Stored: store.Clips[clip], Hashes: SeenClip.Create(store.Clips[clip], Subset.Test)))
            .ToLookup(clip =>
                IsIn(trained, clip.Hashes) ? Subset.Train
                : IsIn(validated, clip.Hashes) ? Subset.Validation
                : Subset.Test
            );
        var recordings = TrainingRecordings.Find(models, clips);
        var copies = recordings?.FindNearCopies([.. tested[Subset.Test].Select(clip => clip.Stored)]);
        StoredClip[] knownClips =
        [
            .. tested[Subset.Train].Concat(tested[Subset.Validation]).Select(clip => clip.Stored),
        ];
        var hashes = tested.SelectMany(subset => subset).Select(clip => clip.Hashes).ToList();
        var overlap = new TrainingOverlap
        {
            Models = models.Count,
            TrainingClips = tested[Subset.Train].Count(),
            ValidationClips = tested[Subset.Validation].Count(),
            NearCopies = copies?.Count,
            SharedSpeakers = hashes.Select(clip => clip.Speaker).Distinct().Count(speakers.Contains),
            AllHaveSpeakers = clips.Concat(hashes).All(clip => clip.Speaker.Length > 0),
            TrainingCorpora = recordings?.Corpora ?? [],
            EvaluatedCorpora = TrainingRecordings.FindCorpora(evaluated.Select(clip => store.Clips[clip])),
            Example = knownClips.Concat(copies ?? []).FirstOrDefault()?.Name,
        };
        return start is null || overlap.SeenClips > 0
            ? overlap
            : overlap with
            {
                Unknown = $"it started from the weights of {start} itself",
            };
    }

    private static HashSet<string> Collect(IEnumerable<SeenClip> clips) =>
        [.. clips.SelectMany(clip => (string[])[clip.Frames, clip.Clip])];

    private static bool IsIn(HashSet<string> set, SeenClip clip) =>
        set.Contains(clip.Frames) || set.Contains(clip.Clip);

    // The reasons are in reports, which name no path of this machine.
    private static (IReadOnlyList<SeenClip> Clips, string? Reason) FindClips(string model)
    {
        try
        {
            if (TrainingClipsFile.Read(Path.GetDirectoryName(model)!) is { } clips)
                return (clips, null);
        }
        catch (InvalidInputException)
        {
            return ([], $"{TrainingClipsFile.FileName} beside it is damaged");
        }
        if (RunDirectory.FindOfModel(model) is not var (directory, fold))
            return ([], $"no {TrainingClipsFile.FileName} is beside it");
        try
        {
            return Recompute(directory, fold) is { } recomputed
                ? (recomputed, null)
                : ([], "the features of its run have changed since its start, or its start was not recorded");
        }
        catch (InvalidInputException)
        {
            return ([], "the configuration or the features of its run cannot be read");
        }
    }

    // Null if the features are not those of the run's start: with other clips, the split would be another one.
    private static List<SeenClip>? Recompute(RunDirectory directory, int? fold)
    {
        using var run = TrainingRun.Open(
            directory,
            directory.ReadConfiguration(_ => { }),
            RunProgram.Current,
            withInitialModel: false
        );
        return RunProvenance.HasManifest(directory.GetProvenancePath(null), run.Store)
            ? [.. TrainingClipsFile.List(run.Store, run.Experiment.Splits[(fold ?? 1) - 1])]
            : null;
    }
}
