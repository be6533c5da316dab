namespace AttnCrnn.IntegrationTests.Models;

public sealed class NetworkDeterminismTests
{
    [Theory]
    [MemberData(nameof(ChildRun.Processors), MemberType = typeof(ChildRun))]
    public void Twenty_steps_are_bit_identical_on_other_processors(string setting) =>
        Assert.Equal(
            ComputeDigest(),
            ChildRun.Digest($"{typeof(NetworkDeterminismTests).FullName}.{nameof(Digest_of_twenty_steps)}", setting)
        );

    /// <summary>Run by the child process.</summary>
    [Fact(Explicit = true)]
    public void Digest_of_twenty_steps() => ChildRun.ReturnDigest(ComputeDigest());

    private static string ComputeDigest() =>
        SmallNetworkTraining.ComputeDigest(threads: 2, layers: 1)
        + SmallNetworkTraining.ComputeDigest(threads: 2, layers: 5);
}
