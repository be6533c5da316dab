using AttnCrnn.Audio;
using AttnCrnn.Corpora.Manifests;
using AttnCrnn.Encoders.Classifiers;

namespace AttnCrnn.Runs;

/// <summary>What a model's name stands for: models of this program, or a published classifier.</summary>
/// <param name="Files">The model files; empty for a published classifier.</param>
/// <param name="Classifier">A checkpoint folder or a repository of the hub; null for models of this program.</param>
internal sealed record ModelReference(IReadOnlyList<string> Files, string? Classifier)
{
    /// <summary>Resolves a name.</summary>
    /// <param name="workFolder">Absolute path of the folder that holds checkpoints/.</param>
    /// <param name="name">
    /// A model file, the name or folder of a run, <c>latest</c>, a checkpoint folder, or OWNER/NAME of a repository if
    /// there is no such path.
    /// </param>
    /// <exception cref="RunWithoutModelException">The run has no model yet.</exception>
    /// <exception cref="InvalidInputException">
    /// There is no such model, it is a recording, or the name stands for two of these.
    /// </exception>
    public static ModelReference Resolve(string workFolder, string name) =>
        FindClassifier(workFolder, name) is { } classifier
            ? new([], classifier)
            : new(RunDirectory.FindModels(workFolder, name), null);

    /// <summary>The published classifier of a name; null: models of this program, if there are any.</summary>
    /// <param name="workFolder">As for <see cref="Resolve"/>.</param>
    /// <exception cref="InvalidInputException">The name is a recording, or stands for two models.</exception>
    public static string? FindClassifier(string workFolder, string name)
    {
        var isFolder = Directory.Exists(name);
        var isCheckpoint = isFolder && SpeechClassifier.IsCheckpointFolder(name);
        RefuseRecordings(name, isFolder, isCheckpoint);
        var isRun = RunDirectory.IsNameOfModels(workFolder, name);
        RefuseBothReadings(name, workFolder, isCheckpoint, isRun);
        if (isCheckpoint)
            RefuseModels(name);
        return isCheckpoint || (!isRun && !Path.Exists(name) && SpeechClassifier.IsRepository(name)) ? name : null;
    }

    /// <summary>Refuses a name that stands for a checkpoint and for a run.</summary>
    /// <exception cref="InvalidInputException">It does.</exception>
    internal static void RefuseBothReadings(string name, string workFolder, bool isCheckpoint, bool isRun)
    {
        if (isCheckpoint && isRun)
            throw new InvalidInputException(
                name,
                $"this is a checkpoint folder, and also a run under {workFolder}: give the checkpoint's absolute path, "
                    + "or the run's model file"
            );
    }

    // A folder of models is given by its path.
    private static void RefuseModels(string checkpoint)
    {
        if (RunDirectory.FindModelsIn(checkpoint) is [var model, ..])
            throw new InvalidInputException(
                checkpoint,
                "this is a checkpoint folder, and also the folder of a run's models: give the model file, as in "
                    + $"{model}, or move the checkpoint into a folder of its own"
            );
    }

    private static void RefuseRecordings(string name, bool isFolder, bool isCheckpoint)
    {
        if (isCheckpoint && HasRecordings(name))
            throw new InvalidInputException(
                name,
                "this folder holds a checkpoint (its configuration) and recordings: move one of them, so that it is "
                    + "clear whether the folder is a model or an input"
            );
        var isRecording = File.Exists(name) && (AudioReader.HasAudioExtension(name) || IsManifest(name));
        if (isRecording || (isFolder && !isCheckpoint && HasRecordings(name)))
            throw new InvalidInputException(
                name,
                $"this is {DescribeInput(name)}, and the first argument is the model: give a run, a model file, a "
                    + "checkpoint folder, or a repository as in superb/hubert-large-superb-er, then the recordings"
            );
    }

    private static string DescribeInput(string path) =>
        Directory.Exists(path) ? "a folder of recordings"
        : IsManifest(path) ? "a list of recordings"
        : "a recording";

    private static bool IsManifest(string path) => ManifestFile.Matches(path);

    private static bool HasRecordings(string folder) =>
        Directory.EnumerateFiles(folder).Any(AudioReader.HasAudioExtension);
}
