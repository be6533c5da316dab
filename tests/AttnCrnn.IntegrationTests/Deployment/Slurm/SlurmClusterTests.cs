using System.Diagnostics;

namespace AttnCrnn.IntegrationTests.Deployment.Slurm;

/// <summary>A local slurmctld and slurmd, which tests/slurm/cluster.sh starts.</summary>
[Requires("slurm", "sshd")]
public sealed class SlurmClusterTests
{
    [Theory]
    [InlineData("array.sh")]
    [InlineData("deploy.sh")]
    public void The_script_passes_on_a_cluster_of_one_machine(string script)
    {
        var start = new ProcessStartInfo("bash", [Repository.Path("tests", "slurm", script)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var (code, output, error) = BuiltProgram.WaitForExit(Process.Start(start)!)[0];
        Assert.True(code == 0 && output.EndsWith("\npassed\n", StringComparison.Ordinal), output + error);
    }
}
