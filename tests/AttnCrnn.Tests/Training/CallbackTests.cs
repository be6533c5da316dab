using System.Text.Json;
using AttnCrnn.Training.Callbacks;

namespace AttnCrnn.Tests.Training;

/// <summary>Against traces of Keras' callbacks (tests/fixtures/keras/callbacks.json), where null is NaN.</summary>
public sealed class CallbackTests
{
    [Fact]
    public void Stopping_best_epoch_and_learning_rate_follow_Keras_in_every_trace()
    {
        using var traces = JsonDocument.Parse(File.ReadAllText(Fixtures.Path("keras", "callbacks.json")));
        Assert.Equal(8, traces.RootElement.GetArrayLength());
        foreach (var trace in traces.RootElement.EnumerateArray())
        {
            var stopping = new EarlyStopping(trace.GetProperty("patience").GetInt32());
            var plateau = new ReduceOnPlateau(
                0.5,
                trace.GetProperty("lr_patience").GetInt32(),
                trace.GetProperty("min_lr").GetDouble()
            );
            foreach (var row in trace.GetProperty("rows").EnumerateArray())
            {
                var (_, isStopped) = stopping.OnEpochEnd(
                    row.GetProperty("epoch").GetInt32(),
                    Number(row, "val_accuracy")
                );
                Assert.Equal(
                    (float)Number(row, "learning_rate_after"),
                    plateau.OnEpochEnd(Number(row, "val_loss"), (float)Number(row, "learning_rate"))
                );
                Assert.Equal(row.GetProperty("stops").GetBoolean(), isStopped);
            }
            Assert.Equal(trace.GetProperty("best_epoch").GetInt32(), stopping.BestEpoch);
        }
    }

    private static double Number(JsonElement row, string name) =>
        row.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : double.NaN;
}
