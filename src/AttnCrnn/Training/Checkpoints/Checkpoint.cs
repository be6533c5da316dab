using System.Globalization;
using System.Runtime.InteropServices;
using AttnCrnn.Formats.Safetensors;
using AttnCrnn.IO;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Memory;
using AttnCrnn.Training.Averaging;

namespace AttnCrnn.Training.Checkpoints;

/// <summary>
/// Checkpoints in a run's resume folder: one file per checkpoint, named after its step, written under a temporary name,
/// flushed and renamed. The last two are retained, so that one is intact if the other is damaged.
/// </summary>
/// <remarks>
/// Version 2 holds the tensors <c>values/NAME</c>, <c>moment/NAME</c> and <c>velocity/NAME</c>, where NAME is the
/// parameter's name in <see cref="Parameters"/>. Version 1, which has no version in its metadata, holds three buffers
/// with the tensors in the order of <see cref="Parameters"/>, each aligned to 16 values. Weight averaging adds
/// <c>average/NAME</c> or <c>snapshot_I/NAME</c> for each trainable parameter.
/// </remarks>
internal static class Checkpoint
{
    private const string Pattern = "state-*.safetensors";
    private const string StateKey = "attn_crnn_state";
    private const string VersionKey = "attn_crnn_checkpoint_version";
    private const string FirstVersionKey = "attn_crnn_first_version";
    private const string Values = "values";
    private const string Moment = "moment";
    private const string Velocity = "velocity";
    private const string Remedy = "remove it: the run then resumes from the previous checkpoint, or restarts";
    private const int RetainedCount = 2;

    /// <summary>Paths of a folder's checkpoints, newest first.</summary>
    public static IReadOnlyList<string> FindAll(string folder) =>
        Directory.Exists(folder)
            ? [.. Directory.GetFiles(folder, Pattern).OrderDescending(StringComparer.Ordinal)]
            : [];

    /// <param name="averaging">The average of the weights, if its state is part of the checkpoint.</param>
    public static void Write(
        string folder,
        CheckpointState state,
        Parameters parameters,
        IWeightAveraging? averaging = null
    )
    {
        var metadata = new Dictionary<string, string>
        {
            [VersionKey] = CheckpointState.CurrentVersion.ToString(CultureInfo.InvariantCulture),
            [StateKey] = CheckpointJson.Serialize(state),
        };
        if (state.FirstVersion != CheckpointState.CurrentVersion)
            metadata[FirstVersionKey] = state.FirstVersion.ToString(CultureInfo.InvariantCulture);
        var tensors = new List<(string, string, IReadOnlyList<long>, long, Action<Stream>)>();
        foreach (var parameter in parameters.All)
            tensors.Add(CreateTensor(Values, parameter, parameter.Values));
        foreach (var parameter in parameters.All.Where(parameter => parameter.Trainable))
        {
            tensors.Add(CreateTensor(Moment, parameter, parameter.FirstMoment));
            tensors.Add(CreateTensor(Velocity, parameter, parameter.SecondMoment));
        }
        foreach (var (group, parameter, average) in ListAverages(averaging, state, parameters))
            tensors.Add(CreateTensor(group, parameter, average));
        var path = Path.Combine(folder, $"state-{state.Step:D10}.safetensors");
        AtomicFile.Write(path, stream => SafetensorsWriter.Write(stream, metadata, tensors));
        foreach (var obsoletePath in FindAll(folder).Skip(RetainedCount))
            File.Delete(obsoletePath);
    }

    /// <summary>
    /// Restores the parameters from the newest intact checkpoint and returns its state; null if there is no checkpoint.
    /// </summary>
    /// <param name="averaging">The average of the weights, which is restored as well.</param>
    /// <exception cref="InvalidFileException">
    /// There are checkpoints, but none is intact and has the averages.
    /// </exception>
    public static CheckpointState? Read(string folder, Parameters? parameters, IWeightAveraging? averaging = null)
    {
        InvalidFileException? newestError = null;
        foreach (var path in FindAll(folder))
        {
            try
            {
                return ReadFile(path, parameters, averaging);
            }
            catch (InvalidFileException exception)
            {
                newestError ??= exception; // damaged after the rename: the previous checkpoint may be intact
            }
        }
        return newestError is null ? null : throw newestError;
    }

    /// <summary>Version of the run's first checkpoint, over all folds; null if there are none.</summary>
    public static int? FindFirstVersion(string runFolder)
    {
        int? first = null;
        if (!Directory.Exists(runFolder))
            return first;
        foreach (var path in Directory.EnumerateFiles(runFolder, Pattern, SearchOption.AllDirectories))
        {
            try
            {
                using var file = SafetensorsFile.Open(path);
                var version =
                    file.Metadata.GetValueOrDefault(FirstVersionKey) == "1" ? 1 : ReadVersion(path, file.Metadata);
                first = Math.Min(first ?? version, version);
            }
            catch (InvalidFileException)
            {
                // Resuming reads the previous checkpoint, or reports the error.
            }
        }
        return first;
    }

    private static CheckpointState ReadFile(string path, Parameters? parameters, IWeightAveraging? averaging)
    {
        using var file = SafetensorsFile.Open(path);
        var version = ReadVersion(path, file.Metadata);
        // The state is a string in the header's JSON: because of its escapes, its offsets are not file offsets.
        var source = new JsonSource(path, "the state in a run's checkpoint", Remedy) { Start = null };
        var state = CheckpointJson.Read(source, file.Metadata.GetValueOrDefault(StateKey, "null"), version);
        if (parameters is null)
            return state;
        if (version == 1)
            ReadBuffers(file, parameters);
        else
            ReadTensors(file, parameters);
        foreach (var (group, parameter, average) in ListAverages(averaging, state, parameters))
            Read(file, CreateTensorName(group, parameter), average.Span);
        return state;
    }

    private static int ReadVersion(string path, IReadOnlyDictionary<string, string> metadata) =>
        metadata.GetValueOrDefault(VersionKey) switch
        {
            null => 1,
            "2" => 2,
            var unknownVersion => throw new InvalidFileException(
                path,
                null,
                $"a checkpoint of version {InputFile.Quote(unknownVersion)}",
                "version 1 or 2",
                "resume with the version of the program that trained the run"
            ),
        };

    private static void ReadTensors(SafetensorsFile file, Parameters parameters)
    {
        foreach (var parameter in parameters.All)
        {
            Read(file, CreateTensorName(Values, parameter), parameter.Values.Span);
            if (!parameter.Trainable)
                continue;
            Read(file, CreateTensorName(Moment, parameter), parameter.FirstMoment.Span);
            Read(file, CreateTensorName(Velocity, parameter), parameter.SecondMoment.Span);
        }
    }

    private static void ReadBuffers(SafetensorsFile file, Parameters parameters)
    {
        Read(file, Values, parameters.Values.Span);
        Read(file, Moment, parameters.FirstMoment.Span);
        Read(file, Velocity, parameters.SecondMoment.Span);
    }

    // Buffers of averages have the layout of the trainable values.
    private static IEnumerable<(string Group, Parameter Parameter, MatrixView Average)> ListAverages(
        IWeightAveraging? averaging,
        CheckpointState state,
        Parameters parameters
    )
    {
        foreach (var (group, buffer) in averaging?.GetState(state.Epochs) ?? [])
        foreach (var parameter in parameters.All.Where(parameter => parameter.Trainable))
        {
            parameters.Values.Span.Overlaps(parameter.Values.Span, out var offset);
            yield return (group, parameter, buffer.Rows(offset, parameter.Values.Count, parameter.Values.Width));
        }
    }

    private static void Read(SafetensorsFile file, string name, Span<float> destination)
    {
        if (!file.Entries.TryGetValue(name, out var entry) || entry.Count != destination.Length)
            throw new InvalidFileException(
                file.Path,
                null,
                $"{name} with {entry?.Count ?? 0} values",
                $"{destination.Length}",
                Remedy
            );
        file.Read(name, destination);
    }

    private static (string, string, IReadOnlyList<long>, long, Action<Stream>) CreateTensor(
        string group,
        Parameter parameter,
        MatrixView values
    )
    {
        IReadOnlyList<long> shape = [.. parameter.Shape.Select(size => (long)size)];
        return (CreateTensorName(group, parameter), "F32", shape, 4L * parameter.Length, Write);
        void Write(Stream stream) => stream.Write(MemoryMarshal.AsBytes(values.Span));
    }

    private static string CreateTensorName(string group, Parameter parameter) => $"{group}/{parameter.Name}";
}
