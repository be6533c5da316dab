using AttnCrnn.Metrics;
using AttnCrnn.Models;
using AttnCrnn.Options;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Training;

/// <content>Evaluation on the validation set, with the averaged weights.</content>
public sealed partial class Trainer
{
    private Classification Validate(CancellationToken cancellationToken)
    {
        try
        {
            if (options.BatchNorm == BatchNormStatistics.Recalibrated && network.HasBatchNorm)
                Recalibrate(cancellationToken);
            return Classification.Compute(
                [.. job.Validation.Select(clip => clip.Label)],
                Predict(cancellationToken),
                job.Labels
            );
        }
        catch (OperationCanceledException)
        {
            averaging.UseTrained();
            Save(finished: false);
            throw;
        }
    }

    private void Recalibrate(CancellationToken cancellationToken)
    {
        foreach (var batch in ReadEvaluationBatches(job.Train, cancellationToken))
            network.AccumulateStatistics(batch);
        network.UpdateRunningStatistics();
    }

    // Without augmentation; a batch is valid until the next one is requested.
    private IEnumerable<PackedBatch> ReadEvaluationBatches(
        IReadOnlyList<TrainingClip> evaluatedClips,
        CancellationToken cancellationToken
    )
    {
        var clips = evaluatedClips.ToArray();
        for (var first = 0; first < clips.Length; first += options.BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return evaluationBatches.BuildEvaluationBatch(
                clips.AsMemory(first, Math.Min(options.BatchSize, clips.Length - first))
            );
        }
    }

    private List<double[]> Predict(CancellationToken cancellationToken)
    {
        var result = new List<double[]>();
        foreach (var batch in ReadEvaluationBatches(job.Validation, cancellationToken))
        {
            var rows = probabilities.Rows(0, batch.ClipCount, job.Labels.Count);
            network.Predict(batch, rows);
            for (var slot = 0; slot < batch.ClipCount; slot++)
            {
                double[] row = [.. rows[slot].ToArray().Select(probability => (double)probability)];
                if (row.Any(double.IsNaN))
                    throw new TrainingException(
                        OptionText.Create($"the network's probabilities became NaN: lower {OptionKeys.LearningRate}")
                    );
                result.Add(row);
            }
        }
        return result;
    }
}
