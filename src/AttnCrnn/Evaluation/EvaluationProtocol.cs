namespace AttnCrnn.Evaluation;

/// <summary>How the evaluated clips were separated from the training clips.</summary>
/// <param name="Method">"speaker", "random", "clips", "manifest", or "given" for clips selected by the user.</param>
/// <param name="Description">A sentence for reports.</param>
/// <param name="SpeakersDisjoint">Whether no speaker is in more than one subset.</param>
/// <param name="Synthetic">Whether any clip is synthetic, so that metrics are not valid for real speech.</param>
/// <param name="SpeakerNormalization">
/// Speaker normalization of the evaluated clips; null without <c>--normalize speaker</c>.
/// </param>
public sealed record EvaluationProtocol(
    string Method,
    string Description,
    bool SpeakersDisjoint,
    bool Synthetic = false,
    SpeakerNormalizationReport? SpeakerNormalization = null
);
