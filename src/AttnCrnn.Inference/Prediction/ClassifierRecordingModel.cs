using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Models;
using AttnCrnn.Prediction.Explanations;

namespace AttnCrnn.Prediction;

/// <summary>A published classifier, which contains its encoder.</summary>
internal sealed class ClassifierRecordingModel(SpeechClassifier classifier) : IRecordingModel
{
    public IReadOnlyList<string> Labels => classifier.Labels;

    public ClassifierOutput Output => classifier.Output;

    public TrainedModelInfo? Info => null;

    public IReadOnlyList<string> Paths => [];

    public IReadOnlyList<string> Notices => [];

    public bool UsesSpeakerNormalization => false;

    public Task OpenAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ModelInput Prepare(ReadOnlyMemory<float> samples, string? path, CancellationToken cancellationToken) =>
        new(null, samples);

    public double[] Predict(ModelInput input, FeatureNormalization? speaker) => classifier.Predict(input.Samples.Span);

    // It has self-attention in every layer of its encoder, and no single one before its mean over time.
    public TemporalAttention? ComputeAttention(ModelInput input, FeatureNormalization? speaker) => null;

    public void Dispose() => classifier.Dispose();
}
