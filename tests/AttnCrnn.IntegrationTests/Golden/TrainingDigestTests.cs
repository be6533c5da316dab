namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>
/// Trainings come to the weights that commit a1021fa came to, whichever instructions the processor has. That commit
/// printed the digests by tests/fixtures/golden/make_digests.cs.
/// </summary>
public sealed class TrainingDigestTests
{
    private const string LogMel = "d2f300fc30aa970f99080522bea3e32bd035750112edab85bfa46a11ec2d4c0c";
    private const string Speech = "084807cc5bc205b8d720bdead4d49711d04037399b84dc2766c7ce9d543999d2";
    private const string V1 = "f369a5c9e846900dbb5e61177c4790a78c0872e67c019e571121c943bb7adc14";

    /// <summary>The explicit test that a child process runs, its digest, and the setting of the child.</summary>
    public static TheoryData<string, string, string> Children { get; } = CreateChildren();

    [Fact]
    public void Log_mel_with_augmentation_comes_to_the_weights_of_then() =>
        Assert.Equal(LogMel, TrainingDigest.ComputeLogMel());

    [Fact]
    public void Frames_of_a_speech_model_come_to_the_weights_of_then() =>
        Assert.Equal(Speech, TrainingDigest.ComputeSpeech());

    [Fact]
    public void V1_comes_to_the_weights_of_then() => Assert.Equal(V1, TrainingDigest.ComputeV1());

    [Theory, MemberData(nameof(Children))]
    public void A_training_comes_to_the_weights_of_then_with_other_instructions(
        string test,
        string expected,
        string setting
    ) => Assert.Equal(expected, ChildRun.Digest($"{typeof(TrainingDigestTests).FullName}.{test}", setting));

    [Fact(Explicit = true)]
    public void Hand_back_log_mel() => ChildRun.HandBack(TrainingDigest.ComputeLogMel());

    [Fact(Explicit = true)]
    public void Hand_back_speech() => ChildRun.HandBack(TrainingDigest.ComputeSpeech());

    [Fact(Explicit = true)]
    public void Hand_back_v1() => ChildRun.HandBack(TrainingDigest.ComputeV1());

    private static TheoryData<string, string, string> CreateChildren()
    {
        var children = new TheoryData<string, string, string>();
        foreach (var setting in ChildRun.Processors.Select(row => row.Data))
        {
            children.Add(nameof(Hand_back_log_mel), LogMel, setting);
            children.Add(nameof(Hand_back_speech), Speech, setting);
            children.Add(nameof(Hand_back_v1), V1, setting);
        }
        return children;
    }
}
