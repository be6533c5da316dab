using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Models;
using AttnCrnn.Prediction.Explanations;

namespace AttnCrnn.Prediction;

/// <summary>The models of this program, with the encoder of their frames.</summary>
internal sealed class TrainedRecordingModel(Ensemble models, ModelEncoder encoder, IReadOnlyList<string> paths)
    : IRecordingModel
{
    public IReadOnlyList<string> Labels => models.Info.Labels;

    public ClassifierOutput Output => ClassifierOutput.Probabilities;

    public TrainedModelInfo Info => models.Info;

    public IReadOnlyList<string> Paths => paths;

    public IReadOnlyList<string> Notices => models.Notices;

    public bool UsesSpeakerNormalization => models.UsesSpeakerNormalization;

    public Task OpenAsync(CancellationToken cancellationToken) => encoder.GetAsync(null, cancellationToken);

    public ModelInput Prepare(ReadOnlyMemory<float> samples, string? path, CancellationToken cancellationToken) =>
        new(encoder.Get(path, cancellationToken).Encode(samples.Span, cancellationToken), default);

    public double[] Predict(ModelInput input, FeatureNormalization? speaker) =>
        models.Predict([input.Frames!], [speaker])[0];

    public TemporalAttention? ComputeAttention(ModelInput input, FeatureNormalization? speaker) =>
        models.ComputeReceivedAttention(input.Frames!, speaker) is { } weights
            ? new(weights, Predictor.FramesPerStep / encoder.Get(null).Description.FramesPerSecond)
            : null;

    public void Dispose()
    {
        encoder.Dispose();
        models.Dispose();
    }
}
