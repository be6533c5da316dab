using AttnCrnn.Features;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Runs;

/// <summary>A run with folds and one without, of the same four speakers.</summary>
public sealed class TrainedRuns : IDisposable
{
    internal static readonly string[] Voices = ["a", "b", "c", "d"];

    private readonly TempFolder folder = new();

    public TrainedRuns()
    {
        Store = SpeakerStoreBuilder.Create(PathOf("store"), SpeakerStoreBuilder.Clips(Voices, 9));
        Folds = Start("folds", folds: 3);
        Single = Start("single", folds: 0);
        Folds.Train(progress: null, CancellationToken.None);
        Single.Train(progress: null, CancellationToken.None);
    }

    internal FeatureStore Store { get; }

    internal TrainingRun Folds { get; }

    internal TrainingRun Single { get; }

    public void Dispose()
    {
        Folds.Dispose();
        Single.Dispose();
        Store.Dispose();
        folder.Dispose();
    }

    internal string PathOf(string name) => folder.PathOf(name);

    internal TrainingRun Start(string work, int folds) =>
        TrainingRun.Start(
            new()
            {
                DataFolders = [PathOf("store")],
                WorkFolder = PathOf(work),
                Experiment = new()
                {
                    Folds = folds,
                    Training = new()
                    {
                        Epochs = 1,
                        BatchSize = 8,
                        Threads = 1,
                    },
                },
            },
            RunProgram.Current
        );

    /// <summary>A store of other recordings, nine per speaker.</summary>
    internal FeatureStore CreateOthers(string name, IReadOnlyList<string> speakers)
    {
        FeatureStoreBuilder.Write(
            PathOf(name),
            SpeakerStoreBuilder.Encoder,
            SpeakerStoreBuilder
                .Clips(speakers, 9, seed: 7)
                .Select(
                    (clip, index) =>
                        new StoreClip($"/{name}/{index}.wav", clip.Label, clip.Speaker, clip.Values)
                        {
                            Key = $"{index + 1000:x64}",
                        }
                ),
            StorePrecision.Float32
        );
        return FeatureStore.Open([PathOf(name)]);
    }
}
