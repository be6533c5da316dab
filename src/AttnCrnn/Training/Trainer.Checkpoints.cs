using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Runs;
using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Training;

/// <content>Model files and checkpoints.</content>
public sealed partial class Trainer
{
    /// <summary>Whether the run in this folder is finished.</summary>
    public static bool IsFinished(string resumeFolder) => Checkpoint.Read(resumeFolder, null) is { Finished: true };

    /// <summary>Paths of the checkpoints of a model folder, newest first.</summary>
    public static IReadOnlyList<string> CheckpointsIn(string modelFolder) =>
        Checkpoint.FindAll(RunDirectory.ResumeFolderIn(modelFolder));

    /// <summary>
    /// Metrics of the epochs of the run in this folder, and its best epoch counted from 1; null if there is no
    /// checkpoint.
    /// </summary>
    public static (IReadOnlyList<EpochMetrics> History, int BestEpoch)? HistoryIn(string resumeFolder) =>
        Checkpoint.Read(resumeFolder, null) is { } state ? (state.History, state.Stopping.BestEpoch + 1) : null;

    private double FitTemperature() =>
        Temperature.Fit([.. job.Validation.Select(clip => clip.Label)], Predict(CancellationToken.None)).Value;

    // Restoring the best weights does not restore Adam's state: as in Keras, the final model has the state after the
    // last epoch, the best model that after the best epoch.
    private void WriteLast()
    {
        if (options.Recipe == "original")
            LoadBest();
        WriteModel(job.FinalPath);
        var best = LoadBest();
        // Fitted only once it is known which epoch is the best.
        var model = best.Model with { Temperature = FitTemperature() };
        WriteOrExplain(job.BestPath, () => ModelFile.Write(job.BestPath, model, best.Tensors, best.Optimizer));
    }

    private void WriteModel(string path)
    {
        var model = new TrainedModelInfo(
            network.Options,
            job.Labels,
            job.Encoder,
            plan.Normalization,
            Temperature: 1,
            job.Synthetic,
            plan.Padding,
            job.Configuration,
            job.Version
        )
        {
            Saved = job.Started,
        };
        WriteOrExplain(path, () =>
            ModelFile.Write(
                path,
                model,
                Snapshot.Weights(network.Parameters),
                Snapshot.Optimizer(network.Parameters, Adam, step)
            )
        );
    }

    // On a full or read-only disk, names the files that are intact: nothing is written in place.
    private void WriteOrExplain(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            string[] intact =
            [
                .. Checkpoint.FindAll(job.ResumeFolder).Take(1),
                .. File.Exists(job.BestPath) ? (string[])[job.BestPath] : [],
            ];
            var saved =
                intact.Length == 0 ? "Nothing was saved so far" : $"Intact files: {string.Join(" and ", intact)}";
            throw new TrainingException(
                $"{path} could not be written: {fault.Message.TrimEnd('.')}. {saved}; free disk space or grant write "
                    + "permission, then resume with train --resume",
                fault
            );
        }
    }

    private TrainedModel LoadBest()
    {
        var best = ModelFile.Read(job.BestPath, withOptimizer: true);
        foreach (var (tensor, parameter) in best.Tensors.Zip(network.Parameters.All))
            tensor.Values.CopyTo(parameter.Values.Span);
        return best;
    }

    private void Save(bool finished)
    {
        var state = new CheckpointState
        {
            Epochs = history.Count,
            Step = step,
            Part = part,
            LearningRate = learningRate,
            Stopping = stopping.State,
            Plateau = plateau.State,
            Finished = finished,
            StoppedEarly = stoppedEarly,
            Fingerprint = plan.Fingerprint,
            FirstVersion = job.FirstCheckpointVersion,
            History = history,
        };
        WriteOrExplain(job.ResumeFolder, () => Checkpoint.Write(job.ResumeFolder, state, network.Parameters));
    }

    private CheckpointState? Restore()
    {
        var state = Checkpoint.Read(job.ResumeFolder, network.Parameters);
        if (state is null)
            return null;
        var expected =
            state.Version == CheckpointState.CurrentVersion ? plan.Fingerprint : plan.FingerprintOf(state.Version);
        if (state.Fingerprint != expected)
            throw new InvalidInputException(
                job.ResumeFolder,
                "the checkpoint is of other clips or options than this run has; the features may "
                    + "have changed since: start a new run"
            );
        history.AddRange(state.History);
        step = state.Step;
        part = state.Part;
        learningRate = state.LearningRate;
        stoppedEarly = state.StoppedEarly;
        stopping.State = state.Stopping;
        plateau.State = state.Plateau;
        return state;
    }
}
