using AttnCrnn.IO;
using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Training;

/// <content>Model files and checkpoints.</content>
public sealed partial class Trainer
{
    /// <summary>Whether the run in this folder is finished.</summary>
    public static bool IsFinished(string resumeFolder) => Checkpoint.Read(resumeFolder, null) is { Finished: true };

    /// <summary>Paths of the checkpoints of a model folder, newest first.</summary>
    public static IReadOnlyList<string> ListCheckpoints(string modelFolder) =>
        Checkpoint.FindAll(ModelFolder.GetResumeFolder(modelFolder));

    /// <summary>
    /// Metrics of the epochs of the run in this folder, and its best epoch counted from 1; null if there is no
    /// checkpoint.
    /// </summary>
    public static (IReadOnlyList<EpochMetrics> History, int BestEpoch)? ReadHistory(string resumeFolder) =>
        Checkpoint.Read(resumeFolder, null) is { } state ? (state.History, state.Stopping.BestEpoch + 1) : null;

    /// <summary>The last checkpoint of the run in this folder, without its weights; null if there is none.</summary>
    internal static CheckpointState? ReadState(string resumeFolder) => Checkpoint.Read(resumeFolder, null);

    private double FitTemperature() =>
        TemperatureFit.Compute([.. job.Validation.Select(clip => clip.Label)], Predict(CancellationToken.None)).Value;

    // Restoring the best weights does not restore Adam's state: as in Keras, the final model has the state after the
    // last epoch, and the best model the state after the best epoch. Averaged weights have that of the weights that
    // training continues with, since Adam has no other.
    private void WriteFinalModels()
    {
        averaging.UseAverage(history.Count);
        if (options.Recipe == TrainingRecipe.Original)
            LoadBest();
        WriteModel(job.FinalPath);
        var best = LoadBest();
        // Fitted only once it is known which epoch is the best.
        var model = best.Info with { Temperature = FitTemperature() };
        WriteWithRecoveryHint(job.BestPath, () =>
            ModelFileWriter.Write(job.BestPath, model, best.Tensors, best.Optimizer)
        );
        averaging.UseTrained();
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
        WriteWithRecoveryHint(path, () =>
            ModelFileWriter.Write(path, model, Snapshot.CopyWeights(network.Parameters), CopyOptimizerState())
        );
    }

    private OptimizerState CopyOptimizerState() =>
        Snapshot.CopyOptimizerState(network.Parameters, Adam, step) with
        {
            WeightDecay = options.WeightDecay,
            GlobalClipNorm = options.ClipNorm > 0 ? options.ClipNorm : null,
        };

    // If the disk is full or read-only, the message lists the intact files: no file is overwritten in place.
    private void WriteWithRecoveryHint(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            string[] intact =
            [
                .. Checkpoint.FindAll(job.ResumeFolder).Take(1),
                .. File.Exists(job.BestPath) ? (string[])[job.BestPath] : [],
            ];
            var recoveryHint =
                intact.Length == 0 ? "Nothing was saved so far" : $"Intact files: {string.Join(" and ", intact)}";
            throw new TrainingException(
                $"{path} could not be written: {FileFailure.Describe(exception)}. {recoveryHint}; "
                    + "free disk space or grant write permission, then resume the run",
                exception
            )
            {
                CanResume = true,
            };
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
            PartialEpoch = partialEpoch,
            LearningRate = GetLearningRate(step),
            Stopping = stopping.State,
            Plateau = schedule.Plateau,
            Finished = finished,
            StoppedEarly = stoppedEarly,
            Fingerprint = plan.Fingerprint,
            FirstVersion = job.FirstCheckpointVersion,
            History = history,
        };
        WriteWithRecoveryHint(job.ResumeFolder, () =>
            Checkpoint.Write(job.ResumeFolder, state, network.Parameters, averaging)
        );
    }

    private CheckpointState? Restore()
    {
        var state = Checkpoint.Read(job.ResumeFolder, network.Parameters, averaging);
        if (state is null)
            return null;
        var expected =
            state.Version == CheckpointState.CurrentVersion ? plan.Fingerprint : plan.ComputeFingerprint(state.Version);
        if (state.Fingerprint != expected)
            throw new InvalidInputException(
                job.ResumeFolder,
                "the checkpoint was written with different clips or options; the features may have changed since: "
                    + "start a new run"
            );
        history.AddRange(state.History);
        step = state.Step;
        partialEpoch = state.PartialEpoch;
        stoppedEarly = state.StoppedEarly;
        stopping.State = state.Stopping;
        schedule.Restore(state.LearningRate, state.Plateau);
        return state;
    }
}
