using AttnCrnn.Evaluation;

namespace AttnCrnn.Tests.Evaluation;

/// <summary>Evaluations of a model with speaker normalization.</summary>
public sealed class SpeakerModelTests(SpeakerModel model) : IClassFixture<SpeakerModel>
{
    [Fact]
    public void Test_speakers_are_normalized_by_their_own_statistics()
    {
        var result = model.Result;
        Assert.True(result.Metrics.Accuracy > 0.9, $"{result.Metrics.Accuracy}");
        var report = result.Protocol.SpeakerNormalization;
        Assert.Equal(new SpeakerNormalizationReport(result.Metrics.ClipCount, 0, 0), report);
        Assert.True(report!.IsTransductive);
    }

    [Fact]
    public void Model_adapts_to_unknown_speakers_from_their_recordings_alone()
    {
        var result = model.EvaluateOthers("others", "ina", "jon");
        Assert.True(result.Metrics.Accuracy > 0.9, $"{result.Metrics.Accuracy}");
        Assert.Equal(new SpeakerNormalizationReport(24, 0, 0), result.Protocol.SpeakerNormalization);
    }

    [Fact]
    public void Clips_without_a_speaker_are_normalized_by_training_set_statistics()
    {
        var result = model.EvaluateOthers("nameless", null, null);
        Assert.True(result.Metrics.Accuracy < 0.7, $"{result.Metrics.Accuracy}");
        var report = result.Protocol.SpeakerNormalization;
        Assert.Equal(new SpeakerNormalizationReport(0, 24, 0), report);
        Assert.False(report!.IsTransductive);
    }

    [Fact]
    public void Model_files_contain_no_speaker_name()
    {
        var files = Directory.GetFiles(model.Run.Checkpoints, "*", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf("voice-of-"u8)));
    }
}
