namespace AttnCrnn.Prediction.Explanations;

/// <summary>
/// The attention that each time step receives in the self-attention layer of a network, as the mean over all steps that
/// attend; for the models of a run's folds, the mean over the models.
/// </summary>
/// <param name="Weights">
/// [time steps]: step i begins at i · <paramref name="StepSeconds"/>, to within a frame of the encoder. Their sum is
/// 1; it is less for a model that pads recordings to a fixed length, by what the padding receives.
/// </param>
/// <param name="StepSeconds">Length of a time step: four frames of the encoder, which the network pools.</param>
public sealed record TemporalAttention(IReadOnlyList<double> Weights, double StepSeconds);
