using System.Text.Json;

namespace AttnCrnn.Training.Progress;

/// <summary>
/// Records the events of a training as they happen, one JSON object per line: <c>progress.jsonl</c>, whose format is
/// documented in docs/progress.md. A resumed training appends to the file.
/// </summary>
/// <remarks>
/// A line is written with a single call, so that a reader sees whole lines. The last line can be incomplete if the
/// system failed; the next training removes it.
/// </remarks>
public sealed class ProgressLog : IProgress<TrainingProgress>, IDisposable
{
    /// <summary>Version of the format. A reader ignores events and fields that it does not know.</summary>
    public const int FormatVersion = 1;

    // Enough for a progress display, and at most a few kilobytes per epoch.
    private const int MaxStepsPerEpoch = 20;
    private const int MaxMessageLength = 2000;

    private readonly ProgressFile file;
    private readonly LoggedTraining training;
    private readonly TimeProvider clock;

    /// <summary>Opens or creates the file, and removes an incomplete last line.</summary>
    /// <param name="path">Its folder is created if it does not exist.</param>
    /// <param name="clock">Clock of the events' times.</param>
    /// <exception cref="TrainingException">The file cannot be written.</exception>
    public ProgressLog(string path, LoggedTraining training, TimeProvider clock)
    {
        this.training = training;
        this.clock = clock;
        file = new(path);
    }

    /// <summary>
    /// Records that the training starts or is resumed, and adds epochs that the file lacks: those of an earlier
    /// version, and one whose process was killed between its checkpoint and its event.
    /// </summary>
    /// <param name="history">Epochs of the checkpoint from which the training is resumed; empty for a new one.</param>
    /// <param name="bestEpoch">Best epoch of the checkpoint, from 1; null for a new training.</param>
    /// <exception cref="TrainingException">The file cannot be written.</exception>
    public void WriteStart(IReadOnlyList<EpochMetrics> history, int? bestEpoch)
    {
        Write("start", json =>
        {
            json.WriteNumber("format_version", FormatVersion);
            json.WriteString("run", training.Run);
            json.WriteString("version", training.Version);
            json.WriteNumber("resumed_after", history.Count);
        });
        if (history.Count == 0)
            return;
        var recorded = file.ReadEpochs();
        var missing = history.Where(epoch => !recorded.Contains(epoch.Epoch)).ToList();
        foreach (var epoch in missing)
            Write("epoch", json =>
            {
                WriteMetrics(json, epoch);
                json.WriteBoolean("best", epoch.Epoch == bestEpoch);
                json.WriteBoolean("restored", true);
            });
    }

    /// <summary>Records a step, at most 20 per epoch, or the end of an epoch.</summary>
    /// <exception cref="TrainingException">The file cannot be written.</exception>
    public void Report(TrainingProgress value)
    {
        if (value.LastEpoch is { } metrics)
            WriteEpoch(value, metrics);
        else if (value.Step % Math.Max(1, (value.Steps + MaxStepsPerEpoch - 1) / MaxStepsPerEpoch) == 0)
            Write("step", json =>
            {
                json.WriteNumber("epoch", value.Epoch);
                json.WriteNumber("step", value.Step);
                json.WriteNumber("steps", value.Steps);
                WriteNumber(json, "loss", value.Loss);
                WriteSpeed(json, value);
            });
    }

    /// <summary>Records that the training has ended and its models are written.</summary>
    /// <exception cref="TrainingException">The file cannot be written.</exception>
    public void WriteEnd(TrainingOutcome outcome) => Write("end", json =>
        {
            json.WriteNumber("trained_epochs", outcome.History.Count);
            json.WriteNumber("best_epoch", outcome.BestEpoch);
            json.WriteBoolean("stopped_early", outcome.StoppedEarly);
        });

    /// <summary>Records that the user interrupted the training.</summary>
    /// <exception cref="TrainingException">The file cannot be written.</exception>
    public void WriteInterruption() => Write("interrupted", _ => { });

    /// <summary>Records the error that ended the training.</summary>
    /// <param name="message">Only its beginning is recorded if it is longer than 2000 characters.</param>
    /// <exception cref="TrainingException">The file cannot be written.</exception>
    public void WriteError(string message) =>
        Write("error", json => json.WriteString("message", message[..Math.Min(message.Length, MaxMessageLength)]));

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private void WriteEpoch(TrainingProgress progress, EpochMetrics metrics)
    {
        Write("epoch", json =>
        {
            WriteMetrics(json, metrics);
            json.WriteBoolean("best", progress.IsBest);
            json.WriteNumber("steps", progress.Steps);
            json.WriteNumber("clips", progress.Clips);
            json.WriteNumber("copies", progress.Copies);
            WriteSpeed(json, progress);
        });
        if (progress.IsBest)
            Write("best", json =>
            {
                json.WriteNumber("epoch", metrics.Epoch);
                json.WriteString("monitor", progress.Monitor);
                WriteNumber(json, "value", progress.Best!.Value);
            });
        if (progress.LearningRate != metrics.LearningRate)
            Write("learning_rate", json =>
            {
                json.WriteNumber("epoch", metrics.Epoch + 1);
                json.WriteNumber("from", metrics.LearningRate);
                json.WriteNumber("to", progress.LearningRate);
            });
        if (progress.StopsEarly)
            Write("early_stop", json =>
            {
                json.WriteNumber("epoch", metrics.Epoch);
                json.WriteNumber("best_epoch", progress.BestEpoch ?? metrics.Epoch);
            });
    }

    private static void WriteMetrics(Utf8JsonWriter json, EpochMetrics metrics)
    {
        json.WriteNumber("epoch", metrics.Epoch);
        WriteNumber(json, "loss", metrics.Loss);
        WriteNumber(json, "accuracy", metrics.Accuracy);
        WriteNumber(json, "val_loss", metrics.ValLoss);
        WriteNumber(json, "val_accuracy", metrics.ValAccuracy);
        WriteNumber(json, "val_uar", metrics.ValUar);
        WriteNumber(json, "learning_rate", metrics.LearningRate);
        WriteNumber(json, "seconds", metrics.Seconds);
        if (metrics.ValRecalls is { } recalls)
            WriteRecalls(json, recalls);
    }

    // A class without validation clips has none.
    private static void WriteRecalls(Utf8JsonWriter json, ClassRecalls recalls)
    {
        json.WriteStartArray("val_recalls");
        foreach (var recall in recalls)
            if (double.IsNaN(recall))
                json.WriteNullValue();
            else
                json.WriteNumberValue(recall);
        json.WriteEndArray();
    }

    private void WriteSpeed(Utf8JsonWriter json, TrainingProgress progress)
    {
        WriteNumber(json, "clips_per_second", progress.ClipsPerSecond);
        WriteNumber(json, "remaining_seconds", progress.EstimateRemaining(training.FurtherFolds).TotalSeconds);
    }

    // JSON has no NaN and no infinity.
    private static void WriteNumber(Utf8JsonWriter json, string key, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(key, value);
        else
            json.WriteNull(key);
    }

    // The event comes first: scripts without a JSON parser select lines by it.
    private void Write(string name, Action<Utf8JsonWriter> writeFields) =>
        file.Append(json =>
        {
            json.WriteStartObject();
            json.WriteString("event", name);
            json.WriteString("time", clock.GetUtcNow().UtcDateTime);
            if (training.Fold is { } fold)
                json.WriteNumber("fold", fold);
            if (training.Folds is { } folds)
                json.WriteNumber("folds", folds);
            json.WriteNumber("epochs", training.Epochs);
            writeFields(json);
            json.WriteEndObject();
        });
}
