using System.Runtime.InteropServices;
using System.Text.Json;
using AttnCrnn.Formats;
using AttnCrnn.Model;

namespace AttnCrnn.Training;

/// <summary>What a run needs to go on where it was: counters, schedules, history.</summary>
/// <param name="Epochs">Epochs done.</param>
/// <param name="Step">Steps of Adam done.</param>
/// <param name="Fingerprint">Of the options and clips: a run goes on only with what it began with.</param>
internal sealed record CheckpointState(
    int Epochs, long Step, float LearningRate, double StopBest, int StopBestEpoch, int StopWait, double PlateauBest, int PlateauWait, bool Finished, bool StoppedEarly,
    string Fingerprint, IReadOnlyList<EpochFigures> History);

/// <summary>The resume folder of a run: one file, written whole after each epoch.</summary>
internal static class Checkpoint
{
    private const string FileName = "state.safetensors", Key = "attn_crnn_state";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    };

    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    public static void Write(string folder, CheckpointState state, Parameters parameters)
    {
        (string, string, IReadOnlyList<long>, long, Action<Stream>) Tensor(string name, Kernels.FloatBuffer buffer) =>
            (name, "F32", [buffer.Length], 4L * buffer.Length, stream => stream.Write(MemoryMarshal.AsBytes(buffer.Span)));
        AtomicFile.Write(PathIn(folder), stream => SafetensorsWriter.Write(
            stream, new Dictionary<string, string> { [Key] = JsonSerializer.Serialize(state, Options) },
            [Tensor("values", parameters.Values), Tensor("moment", parameters.Moment), Tensor("velocity", parameters.Velocity)]));
    }

    /// <summary>Restores the parameters and gives the rest; null where there is no checkpoint.</summary>
    /// <exception cref="BadFileException">The checkpoint is damaged.</exception>
    public static CheckpointState? Read(string folder, Parameters? parameters)
    {
        var path = PathIn(folder);
        if (!File.Exists(path)) return null;
        using var file = SafetensorsFile.Open(path);
        CheckpointState state;
        try
        {
            state = JsonSerializer.Deserialize<CheckpointState>(file.Metadata.GetValueOrDefault(Key, "null"), Options) ?? throw new JsonException("nothing");
        }
        catch (JsonException fault)
        {
            throw new BadFileException(path, null, $"a state that cannot be read ({fault.Message.Split('.')[0]})", "a run's checkpoint", "remove it: the run then begins anew");
        }
        if (parameters is null) return state;
        foreach (var (name, buffer) in ((string, Kernels.FloatBuffer)[])[("values", parameters.Values), ("moment", parameters.Moment), ("velocity", parameters.Velocity)])
        {
            if (!file.Entries.TryGetValue(name, out var entry) || entry.Count != buffer.Length)
                throw new BadFileException(path, null, $"{name} of {entry?.Count ?? 0} numbers", $"{buffer.Length}", "remove it: the run then begins anew");
            file.Read(name, buffer.Span);
        }
        return state;
    }
}
