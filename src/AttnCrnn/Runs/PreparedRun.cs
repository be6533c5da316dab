using AttnCrnn.Corpora.Splits;
using AttnCrnn.Features;
using AttnCrnn.Options;

namespace AttnCrnn.Runs;

/// <summary>The parts of a run that exist before its folders.</summary>
internal sealed record PreparedRun(RunConfiguration Configuration, Experiment Experiment, FeatureStore Store)
    : IDisposable
{
    public static PreparedRun Create(RunConfiguration configuration, bool withInitialModel)
    {
        var experiment = configuration.Experiment with
        {
            Initial = withInitialModel ? configuration.ReadInitialModel() : null,
        };
        var store = FeatureStore.Open([.. configuration.DataFolders.Select(Path.GetFullPath)]);
        try
        {
            var resolved = (configuration with { Experiment = experiment }).Resolve(store.Description.Encoder);
            var experimentOfStore = new Experiment(store, resolved.Experiment);
            var prepared = new PreparedRun(RecordSplit(resolved, experimentOfStore), experimentOfStore, store);
            prepared.RequireFold();
            prepared.RequireTest();
            return prepared;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    // Which split auto is depends on the data, and must not depend on the version that resumes the run.
    private static RunConfiguration RecordSplit(RunConfiguration configuration, Experiment experiment)
    {
        if (configuration.Experiment is not { Split: SplitMethod.Default, ClipsIfTooFewSpeakers: false })
            return configuration;
        var method = experiment.Splits[0].Facts.Kind switch
        {
            SplitKind.Speaker or SplitKind.SpeakerList => SplitMethod.Speaker,
            SplitKind.Manifest => SplitMethod.Manifest,
            _ => SplitMethod.Random,
        };
        return configuration with { Experiment = configuration.Experiment with { Split = method } };
    }

    // The number of folds is known only now if each fold is a speaker.
    private void RequireFold()
    {
        if (Configuration.Fold is { } fold && !Experiment.FoldNumbers.Contains(fold))
            throw new InvalidOptionsException([
                new(
                    OptionKeys.Fold,
                    $"{fold}",
                    Experiment.Splits[0].Facts.Folds == 0
                        ? "the run has no folds"
                        : $"expected 1 to {Experiment.Splits.Count}"
                ),
            ]);
    }

    // Here, and not after hours of training.
    private void RequireTest()
    {
        if (!Configuration.SkipsEvaluation && Experiment.Splits.All(split => split.Facts.Test.Clips == 0))
            throw SplitRefusal.CreateMissingTest(Experiment.ListUnassigned());
    }

    public void Dispose() => Store.Dispose();
}
