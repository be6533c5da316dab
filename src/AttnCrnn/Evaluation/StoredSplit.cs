using AttnCrnn.Corpora.Splits;

namespace AttnCrnn.Evaluation;

/// <summary>What metrics.json says of the split of an evaluation that is read back.</summary>
/// <param name="Kind">How the clips were split; null for clips that the user selected.</param>
/// <param name="Description">The sentences of the report.</param>
/// <param name="Folds">Number of folds of the cross-validation; 0 without, or of an earlier version.</param>
/// <param name="LeavesOneSpeakerOut">Whether each fold tests a single speaker.</param>
public sealed record StoredSplit(SplitKind? Kind, string Description, int Folds, bool LeavesOneSpeakerOut);
