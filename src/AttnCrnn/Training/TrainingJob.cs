using System.Text.Json.Nodes;
using AttnCrnn.Encoders;
using AttnCrnn.Models;
using AttnCrnn.Training.Batches;
using AttnCrnn.Training.Checkpoints;
using AttnCrnn.Training.Normalization;

namespace AttnCrnn.Training;

/// <summary>One network to be trained: on what, how, and where to.</summary>
/// <param name="Frames">Where the clips' frames come from.</param>
/// <param name="Train">The clips to learn from.</param>
/// <param name="Validation">The clips that choose the epoch and the temperature.</param>
/// <param name="Labels">[classes], sorted.</param>
/// <param name="Encoder">What made the frames.</param>
/// <param name="Folder">For the models; the resume folder lies in it.</param>
/// <param name="Synthetic">Whether any clip was generated.</param>
/// <param name="Configuration">The resolved configuration, kept in the model.</param>
/// <param name="Version">Of the program.</param>
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
    /// For <c>--normalize speaker</c>: by a clip's index in <see cref="Frames"/>, its own speaker's figures as <see cref="SpeakerStatistics"/> makes them; null where
    /// the corpus' are to do.
    /// </summary>
    public IReadOnlyList<FeatureNormalization?>? SpeakerNormalizations { get; init; }

    /// <summary>The model whose weights training begins with; null: drawn ones.</summary>
    public TrainedModel? Initial { get; init; }

    /// <summary>When the run began, which is what its models say, however often it was interrupted.</summary>
    public DateTime Started { get; init; } = new(1980, 1, 1);

    /// <summary>The version of the checkpoints that the run began with, whose defaults it keeps.</summary>
    internal int FirstCheckpointVersion { get; init; } = CheckpointState.CurrentVersion;

    /// <summary>The model of the best epoch.</summary>
    public string BestPath => Path.Combine(Folder, "best_attn_crnn_model" + ModelFile.Extension);

    /// <summary>The model after the last epoch.</summary>
    public string FinalPath => Path.Combine(Folder, "final_attn_crnn_model" + ModelFile.Extension);

    /// <summary>What resuming needs.</summary>
    public string ResumeFolder => Path.Combine(Folder, "resume");
}
