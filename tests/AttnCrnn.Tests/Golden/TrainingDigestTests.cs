namespace AttnCrnn.Tests.Golden;

/// <summary>
/// Trainings come to the weights that commit a1021fa came to, whichever instructions the processor has. That commit
/// printed the digests by tests/fixtures/golden/make_digests.cs.
/// </summary>
public sealed class TrainingDigestTests
{
    /// <summary>Every training, with every setting that takes instructions away.</summary>
    public static MatrixTheoryData<string, string> Children { get; } =
        new(
            [
                nameof(Log_mel_with_augmentation_comes_to_the_weights_of_then),
                nameof(Frames_of_a_speech_model_come_to_the_weights_of_then),
                nameof(V1_comes_to_the_weights_of_then),
            ],
            ChildRun.Processors.Select(row => row.Data)
        );

    [Fact]
    public void Log_mel_with_augmentation_comes_to_the_weights_of_then() =>
        AssertDigest(
            "d2f300fc30aa970f99080522bea3e32bd035750112edab85bfa46a11ec2d4c0c",
            TrainingDigest.ComputeLogMel()
        );

    [Fact]
    public void Frames_of_a_speech_model_come_to_the_weights_of_then() =>
        AssertDigest(
            "084807cc5bc205b8d720bdead4d49711d04037399b84dc2766c7ce9d543999d2",
            TrainingDigest.ComputeSpeech()
        );

    [Fact]
    public void V1_comes_to_the_weights_of_then() =>
        AssertDigest("f369a5c9e846900dbb5e61177c4790a78c0872e67c019e571121c943bb7adc14", TrainingDigest.ComputeV1());

    [Theory, MemberData(nameof(Children))]
    public void A_training_comes_to_the_weights_of_then_with_other_instructions(string test, string setting) =>
        // The test in the child process compares its digest; that it handed one back says that it ran.
        Assert.Equal(64, ChildRun.Digest($"{typeof(TrainingDigestTests).FullName}.{test}", setting).Length);

    private static void AssertDigest(string expected, string actual)
    {
        ChildRun.HandBack(actual);
        Assert.Equal(expected, actual);
    }
}
