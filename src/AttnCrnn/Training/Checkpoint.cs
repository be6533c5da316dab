using System.Runtime.InteropServices;
using System.Text.Json;
using AttnCrnn.Formats;
using AttnCrnn.Model;

namespace AttnCrnn.Training;

/// <summary>What a run needs to go on where it was: counters, schedules, history.</summary>
/// <param name="Epochs">Epochs done.</param>
/// <param name="Step">Steps of Adam done.</param>
/// <param name="Part">How far the epoch is that has begun.</param>
/// <param name="Fingerprint">Of the options and clips: a run goes on only with what it began with.</param>
internal sealed record CheckpointState(
    int Epochs, long Step, EpochPart Part, float LearningRate, double StopBest, int StopBestEpoch, int StopWait, double PlateauBest, int PlateauWait, bool Finished,
    bool StoppedEarly, string Fingerprint, IReadOnlyList<EpochFigures> History);

/// <summary>What an epoch has come to so far.</summary>
/// <param name="Steps">Steps done in it.</param>
/// <param name="Loss">Sum over its clips.</param>
/// <param name="Right">Clips predicted rightly.</param>
/// <param name="Seen">Clips.</param>
internal readonly record struct EpochPart(int Steps, double Loss, int Right, int Seen);

/// <summary>
/// The resume folder of a run: a file a checkpoint, named after its step, written to another name, flushed and renamed; the last two are kept, so that
/// one is whole whatever happens to the other.
/// </summary>
internal static class Checkpoint
{
    private const string Pattern = "state-*.safetensors", Key = "attn_crnn_state";
    private const int Kept = 2;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true,
    };

    /// <summary>The checkpoints of a folder, the newest first.</summary>
    public static IReadOnlyList<string> In(string folder) =>
        Directory.Exists(folder) ? [.. Directory.GetFiles(folder, Pattern).OrderDescending(StringComparer.Ordinal)] : [];

    public static void Write(string folder, CheckpointState state, Parameters parameters)
    {
        (string, string, IReadOnlyList<long>, long, Action<Stream>) Tensor(string name, Kernels.FloatBuffer buffer) =>
            (name, "F32", [buffer.Length], 4L * buffer.Length, stream => stream.Write(MemoryMarshal.AsBytes(buffer.Span)));
        AtomicFile.Write(Path.Combine(folder, $"state-{state.Step:D10}.safetensors"), stream => SafetensorsWriter.Write(
            stream, new Dictionary<string, string> { [Key] = JsonSerializer.Serialize(state, Options) },
            [Tensor("values", parameters.Values), Tensor("moment", parameters.Moment), Tensor("velocity", parameters.Velocity)]));
        foreach (var old in In(folder).Skip(Kept)) File.Delete(old);
    }

    /// <summary>Restores the parameters of the newest checkpoint that is whole, and gives the rest; null where there is none.</summary>
    /// <exception cref="BadFileException">There are checkpoints, and none is whole.</exception>
    public static CheckpointState? Read(string folder, Parameters? parameters)
    {
        BadFileException? first = null;
        foreach (var path in In(folder))
        {
            try
            {
                return ReadFile(path, parameters);
            }
            catch (BadFileException fault)
            {
                first ??= fault; // a disk that broke after the rename: the one before it is whole
            }
        }
        return first is null ? null : throw first;
    }

    private static CheckpointState ReadFile(string path, Parameters? parameters)
    {
        using var file = SafetensorsFile.Open(path);
        CheckpointState state;
        try
        {
            state = JsonSerializer.Deserialize<CheckpointState>(file.Metadata.GetValueOrDefault(Key, "null"), Options) ?? throw new JsonException("nothing");
        }
        catch (JsonException fault)
        {
            throw new BadFileException(path, null, $"a state that cannot be read ({fault.Message.Split('.')[0]})", "a run's checkpoint", "remove it: the run then goes on from the one before it, or begins anew");
        }
        if (parameters is null) return state;
        foreach (var (name, buffer) in ((string, Kernels.FloatBuffer)[])[("values", parameters.Values), ("moment", parameters.Moment), ("velocity", parameters.Velocity)])
        {
            if (!file.Entries.TryGetValue(name, out var entry) || entry.Count != buffer.Length)
                throw new BadFileException(path, null, $"{name} of {entry?.Count ?? 0} numbers", $"{buffer.Length}", "remove it: the run then goes on from the one before it, or begins anew");
            file.Read(name, buffer.Span);
        }
        return state;
    }
}
