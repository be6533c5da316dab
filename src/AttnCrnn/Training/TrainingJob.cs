using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Models.Normalization;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Checkpoints;

namespace AttnCrnn.Training;

/// <summary>Description of one training run.</summary>
/// <param name="Frames">Source of the clips' frames.</param>
/// <param name="Train">Training set.</param>
/// <param name="Validation">Validation set, which selects the epoch and the temperature.</param>
/// <param name="Labels">[classes], sorted.</param>
/// <param name="Encoder">Encoder of the frames.</param>
/// <param name="Folder">Folder of the models and of the resume folder.</param>
/// <param name="Synthetic">Whether any clip is synthetic.</param>
/// <param name="Configuration">Resolved configuration, saved in the model.</param>
/// <param name="Version">Version of the program.</param>
public sealed record TrainingJob(
    IFrameSource Frames,
    IReadOnlyList<TrainingClip> Train,
    IReadOnlyList<TrainingClip> Validation,
    IReadOnlyList<string> Labels,
    EncoderDescription Encoder,
    TrainingOptions Options,
    string Folder,
    bool Synthetic,
    JsonObject Configuration,
    string Version
)
{
    /// <summary>
    /// For speaker normalization: [clips of <see cref="Frames"/>], the statistics of each clip's speaker from <see
    /// cref="SpeakerStatistics"/>; null to use the corpus statistics.
    /// </summary>
    public IReadOnlyList<FeatureNormalization?>? SpeakerNormalizations { get; init; }

    /// <summary>
    /// For soft targets: [clips of <see cref="Frames"/>], each [classes], probabilities that sum to 1; null for a clip
    /// whose label is its target.
    /// </summary>
    public IReadOnlyList<float[]?>? SoftTargets { get; init; }

    /// <summary>Model for a warm start; null for random initialization.</summary>
    public TrainedModel? Initial { get; init; }

    /// <summary>Start of the run, saved in its models; the same after each resume.</summary>
    public DateTime Started { get; init; } = new(1980, 1, 1);

    /// <summary>Version of the run's first checkpoint, whose defaults it keeps.</summary>
    internal int FirstCheckpointVersion { get; init; } = CheckpointState.CurrentVersion;

    /// <summary>Path of the best epoch's model.</summary>
    public string BestPath => ModelFolder.GetBestModelPath(Folder);

    /// <summary>Path of the model after the last epoch.</summary>
    public string FinalPath => ModelFolder.GetFinalModelPath(Folder);

    /// <summary>Folder of the checkpoints.</summary>
    public string ResumeFolder => ModelFolder.GetResumeFolder(Folder);
}
