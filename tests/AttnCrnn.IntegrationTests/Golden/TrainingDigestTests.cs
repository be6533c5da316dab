namespace AttnCrnn.IntegrationTests.Golden;

/// <summary>
/// Training is bit-identical to the weights of commit a1021fa, with every instruction set. That commit printed the
/// digests by tests/fixtures/golden/make_digests.cs.
/// </summary>
public sealed class TrainingDigestTests
{
    private const string LogMel = "d2f300fc30aa970f99080522bea3e32bd035750112edab85bfa46a11ec2d4c0c";
    private const string Speech = "084807cc5bc205b8d720bdead4d49711d04037399b84dc2766c7ce9d543999d2";
    private const string V1 = "f369a5c9e846900dbb5e61177c4790a78c0872e67c019e571121c943bb7adc14";

    /// <summary>The explicit test that a child process runs, its digest, and the environment variable to set.</summary>
    public static TheoryData<string, string, string> Children { get; } = CreateChildren();

    [Fact]
    public void Log_mel_training_with_augmentation_reproduces_the_reference_weights() =>
        Assert.Equal(LogMel, TrainingDigest.ComputeLogMel());

    [Fact]
    public void Training_on_speech_features_reproduces_the_reference_weights() =>
        Assert.Equal(Speech, TrainingDigest.ComputeSpeech());

    [Fact]
    public void V1_training_reproduces_the_reference_weights() => Assert.Equal(V1, TrainingDigest.ComputeV1());

    [Theory, MemberData(nameof(Children))]
    public void Training_reproduces_the_reference_weights_with_other_instruction_sets(
        string test,
        string expected,
        string setting
    ) => Assert.Equal(expected, ChildRun.Digest($"{typeof(TrainingDigestTests).FullName}.{test}", setting));

    [Fact(Explicit = true)]
    public void Child_process_returns_the_log_mel_digest() => ChildRun.ReturnDigest(TrainingDigest.ComputeLogMel());

    [Fact(Explicit = true)]
    public void Child_process_returns_the_speech_digest() => ChildRun.ReturnDigest(TrainingDigest.ComputeSpeech());

    [Fact(Explicit = true)]
    public void Child_process_returns_the_v1_digest() => ChildRun.ReturnDigest(TrainingDigest.ComputeV1());

    private static TheoryData<string, string, string> CreateChildren()
    {
        var children = new TheoryData<string, string, string>();
        foreach (var setting in ChildRun.Processors.Select(row => row.Data))
        {
            children.Add(nameof(Child_process_returns_the_log_mel_digest), LogMel, setting);
            children.Add(nameof(Child_process_returns_the_speech_digest), Speech, setting);
            children.Add(nameof(Child_process_returns_the_v1_digest), V1, setting);
        }
        return children;
    }
}
