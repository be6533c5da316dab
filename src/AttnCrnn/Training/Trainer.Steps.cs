using AttnCrnn.Models;
using AttnCrnn.Models.Losses;
using AttnCrnn.Models.Optimizers;
using AttnCrnn.Numerics.Threading;
using AttnCrnn.Options;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Training;

/// <content>What a training step consists of, and why it failed.</content>
public sealed partial class Trainer
{
    private TrainingStep CreateTrainingStep(WorkerPool workers) =>
        new(
            network,
            LossFunctions.Create(new(options.Loss, options.FocalGamma, options.LabelSmoothing), job.Labels.Count),
            OptimizerAlgorithms.Create(
                new(options.Optimizer, options.WeightDecay, options.ClipNorm),
                network.Parameters,
                workers
            )
        );

    private OptionText DescribeNonFiniteLoss(int epoch, double loss, ReadOnlySpan<TrainingClip> clips)
    {
        const int maxNames = 8;
        var names = new List<string>();
        foreach (var clip in clips[..Math.Min(maxNames, clips.Length)])
            names.Add(job.Frames.GetName(clip.Source));
        if (clips.Length > maxNames)
            names.Add($"{clips.Length - maxNames} more");
        return OptionText.Create(
            $"epoch {epoch + 1}, step {partialEpoch.Steps + 1}: the loss is {loss}; clips of the batch: "
                + $"{string.Join(", ", names)}. Check these clips, lower {OptionKeys.LearningRate} "
                + $"({GetLearningRate(step)}), or use {OptionKeys.Normalize} corpus"
        );
    }
}
