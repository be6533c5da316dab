using System.Text;
using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Training.Checkpoints;

/// <summary>Serializes a checkpoint's state as JSON. The keys are frozen: resuming depends on them.</summary>
internal static class CheckpointJson
{
    public static string Serialize(CheckpointState state) =>
        Encoding.UTF8.GetString(JsonBytes.WriteObject(json => WriteFields(json, state)));

    /// <exception cref="InvalidFileException">A field is missing or has the wrong type.</exception>
    public static CheckpointState Read(JsonSource source, string text, int version)
    {
        var json = source.Parse(Encoding.UTF8.GetBytes(text));
        var partialEpoch = json.GetObject("part");
        return new()
        {
            Version = version,
            Epochs = json.GetInt32("epochs"),
            Step = json.GetInt64("step"),
            PartialEpoch = new(
                partialEpoch.GetInt32("steps"),
                partialEpoch.GetNamedDouble("loss"),
                partialEpoch.GetInt32("right"),
                partialEpoch.GetInt32("seen")
            ),
            LearningRate = json.GetSingle("learning_rate"),
            Stopping = new(
                json.GetNamedDouble("stop_best"),
                json.GetInt32("stop_best_epoch"),
                json.GetInt32("stop_wait")
            ),
            Plateau = new(json.GetNamedDouble("plateau_best"), json.GetInt32("plateau_wait")),
            Finished = json.GetBoolean("finished"),
            StoppedEarly = json.GetBoolean("stopped_early"),
            Fingerprint = json.GetString("fingerprint"),
            History = [.. json.GetArray("history").Items.Select(ReadEpoch)],
        };
    }

    private static void WriteFields(Utf8JsonWriter json, CheckpointState state)
    {
        json.WriteNumber("epochs", state.Epochs);
        json.WriteNumber("step", state.Step);
        WritePartialEpoch(json, state.PartialEpoch);
        json.WriteNumber("learning_rate", state.LearningRate);
        WriteDouble(json, "stop_best", state.Stopping.Best);
        json.WriteNumber("stop_best_epoch", state.Stopping.BestEpoch);
        json.WriteNumber("stop_wait", state.Stopping.Wait);
        WriteDouble(json, "plateau_best", state.Plateau.Best);
        json.WriteNumber("plateau_wait", state.Plateau.Wait);
        json.WriteBoolean("finished", state.Finished);
        json.WriteBoolean("stopped_early", state.StoppedEarly);
        json.WriteString("fingerprint", state.Fingerprint);
        json.WriteStartArray("history");
        foreach (var epoch in state.History)
            WriteEpoch(json, epoch);
        json.WriteEndArray();
    }

    private static void WritePartialEpoch(Utf8JsonWriter json, PartialEpoch partialEpoch)
    {
        json.WriteStartObject("part");
        json.WriteNumber("steps", partialEpoch.Steps);
        WriteDouble(json, "loss", partialEpoch.Loss);
        json.WriteNumber("right", partialEpoch.Correct);
        json.WriteNumber("seen", partialEpoch.Clips);
        json.WriteEndObject();
    }

    private static void WriteEpoch(Utf8JsonWriter json, EpochMetrics epoch)
    {
        json.WriteStartObject();
        json.WriteNumber("epoch", epoch.Epoch);
        WriteDouble(json, "loss", epoch.Loss);
        WriteDouble(json, "accuracy", epoch.Accuracy);
        WriteDouble(json, "val_loss", epoch.ValLoss);
        WriteDouble(json, "val_accuracy", epoch.ValAccuracy);
        WriteDouble(json, "val_uar", epoch.ValUar);
        WriteDouble(json, "learning_rate", epoch.LearningRate);
        WriteDouble(json, "seconds", epoch.Seconds);
        if (epoch.ValRecalls is { } recalls)
            WriteRecalls(json, recalls);
        json.WriteEndObject();
    }

    private static EpochMetrics ReadEpoch(JsonCursor json) =>
        new(
            json.GetInt32("epoch"),
            json.GetNamedDouble("loss"),
            json.GetNamedDouble("accuracy"),
            json.GetNamedDouble("val_loss"),
            json.GetNamedDouble("val_accuracy"),
            json.GetNamedDouble("val_uar"),
            json.GetNamedDouble("learning_rate"),
            json.GetNamedDouble("seconds")
        )
        {
            // Older checkpoints do not have them.
            ValRecalls = json.Find("val_recalls") is { IsArray: true } recalls
                ? new(recalls.Items.Select(recall => recall.AsDouble() ?? double.NaN))
                : null,
        };

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

    private static void WriteDouble(Utf8JsonWriter json, string key, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(key, value);
        else
            json.WriteString(
                key,
                double.IsNaN(value) ? "NaN"
                    : value > 0 ? "Infinity"
                    : "-Infinity"
            );
    }
}
