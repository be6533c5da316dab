using AttnCrnn.Corpora.Splits;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Models;
using AttnCrnn.Training;

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
    private readonly string? unknownStart; // why the clips of a model that training started from are not known
    private readonly IReadOnlyList<string> chain; // the models, and those that they started from

    private TrainingClips(
        string modelName,
        IReadOnlyList<SeenClip> clips,
        IReadOnlyList<string> models,
        IReadOnlyList<string> chain,
        string? unknown,
        string? unknownStart
    )
    {
        ModelName = modelName;
        this.clips = clips;
        this.models = models;
        this.chain = chain;
        this.unknown = unknown;
        this.unknownStart = unknownStart;
    }

    /// <summary>Name of the models' run; of the file, if it is in no run's folder.</summary>
    public string ModelName { get; }

    /// <summary>
    /// Finds the clips of models, and of those whose weights their trainings started from, and so on.
    /// </summary>
    /// <param name="models">Model files, at least one; they may have been removed since.</param>
    public static TrainingClips Find(IReadOnlyList<string> models)
    {
        ArgumentNullException.ThrowIfNull(models);
        var name = RunDirectory.FindOfModel(models[0])?.Run.Name ?? Path.GetFileName(models[0]);
        var clips = new List<SeenClip>();
        List<string> chain = [.. models.Select(Path.GetFullPath)];
        string? unknownStart = null;
        for (var i = 0; i < chain.Count; i++)
        {
            var (clipsOfModel, reason) = FindClips(chain[i]);
            if (reason is not null && i < models.Count)
                return new(name, [], models, [], reason, unknownStart: null);
            if (reason is not null)
            {
                unknownStart ??= $"training started from the weights of {Path.GetFileName(chain[i])}, and {reason}";
                continue;
            }
            clips.AddRange(clipsOfModel);
            var (start, whyUnknown) = FindStart(chain[i]);
            unknownStart ??= whyUnknown;
            if (start is not null && !chain.Contains(start))
                chain.Add(start);
        }
        return new(name, clips, models, chain, unknown: null, unknownStart);
    }

    /// <summary>
    /// Names of the known corpora of the clips, sorted, with an empty one for other recordings; null if that is not
    /// known.
    /// </summary>
    internal IReadOnlyList<string>? ListCorpora() =>
        unknown is not null || unknownStart is not null || clips.Any(clip => clip.Corpus is null)
            ? null
            : [.. clips.Select(clip => clip.Corpus!).Distinct().Order(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Number of models whose training has not ended; those without checkpoints are not known.</summary>
    internal int CountUnfinished() =>
        models.Count(model =>
            Path.GetDirectoryName(Path.GetFullPath(model)) is { } folder
            && Trainer.ListCheckpoints(folder).Count > 0
            && !Trainer.IsFinished(ModelFolder.GetResumeFolder(folder))
        );

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
        var copies = TrainingRecordings
            .Find(chain, clips)
            ?.FindNearCopies([.. tested[Subset.Test].Select(clip => clip.Stored)]);
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
            TrainingCorpora = ListIfKnown(clips),
            EvaluatedCorpora = ListIfKnown(hashes),
            Example = knownClips.Concat(copies ?? []).FirstOrDefault()?.Name,
        };
        return unknownStart is null || overlap.SeenClips > 0 ? overlap : overlap with { Unknown = unknownStart };
    }

    // Sorted; empty if a clip is of no known corpus.
    private static IReadOnlyList<string> ListIfKnown(IReadOnlyList<SeenClip> clips) =>
        clips.All(clip => clip.Corpus is { Length: > 0 })
            ? [.. clips.Select(clip => clip.Corpus!).Distinct().Order(StringComparer.OrdinalIgnoreCase)]
            : [];

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

    // The model that training of a model started from, null for random initialization; or why it is not known.
    private static (string? Path, string? Unknown) FindStart(string model)
    {
        try
        {
            if (RunDirectory.FindOfModel(model) is var (run, _) && File.Exists(run.Configuration))
                return (run.ReadConfiguration(_ => { }).Experiment.InitialPath, null);
            return GivenClips.FindWarmStart(ModelFile.Read(model).Info) is { } name
                ? (null, $"training started from the weights of {name}, whose training clips are not known")
                : (null, null);
        }
        catch (InvalidInputException)
        {
            return (null, "from which weights its training started is not known");
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
