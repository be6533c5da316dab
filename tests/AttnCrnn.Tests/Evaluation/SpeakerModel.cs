using AttnCrnn.Evaluation;
using AttnCrnn.Models;
using AttnCrnn.Prediction;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Evaluation;

/// <summary>A model with speaker normalization, trained on eight voices; tests share it.</summary>
public sealed class SpeakerModel : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly Ensemble model;

    public SpeakerModel()
    {
        var options = new TrainingOptions
        {
            Epochs = 10,
            BatchSize = 8,
            Threads = 2,
            LearningRate = 3e-3,
            Normalize = NormalizationMode.Speaker,
        };
        string[] speakers = [.. Enumerable.Range(1, 8).Select(number => $"voice-of-{number}")];
        using var store = SpeakerStoreBuilder.Create(folder.PathOf("store"), SpeakerStoreBuilder.Clips(speakers, 12));
        var experiment = new Experiment(store, new() { Training = options });
        Run = RunDirectory.Create(folder.Path, "v2", TimeProvider.System);
        foreach (var fold in experiment.FoldNumbers)
            experiment.Train(fold, new(Run, [], "test", TimeProvider.System), null, CancellationToken.None);
        Result = experiment.Evaluate(Run, CancellationToken.None);
        model = Ensemble.Load(RunDirectory.FindModels(Run.WorkFolder, Run.Name), 2);
    }

    internal RunDirectory Run { get; }

    /// <summary>The evaluation on the test speakers of the training's store.</summary>
    internal EvaluationResult Result { get; }

    /// <summary>Evaluates the model on other speakers and microphones.</summary>
    /// <param name="speakers">null: a speaker who is not named.</param>
    internal EvaluationResult EvaluateOthers(string name, params string?[] speakers)
    {
        var clips = SpeakerStoreBuilder.Clips(speakers, 12, loudest: 300, seed: 9);
        using var store = SpeakerStoreBuilder.Create(folder.PathOf(name), clips);
        return Experiment.EvaluateAll(store, model, new(), CancellationToken.None);
    }

    public void Dispose()
    {
        model.Dispose();
        folder.Dispose();
    }
}
