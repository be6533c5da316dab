using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;

namespace AttnCrnn.Tests.Deployment;

public sealed class SbatchOptionsTests
{
    [Fact]
    public void A_task_has_four_processors_and_no_requeue_by_default()
    {
        var options = new SbatchOptions([]);
        Assert.Equal(["--no-requeue", "--cpus-per-task=4"], options.Arguments);
        Assert.Equal(4, options.Processors);
    }

    [Fact]
    public void User_options_take_precedence_and_values_are_unchanged()
    {
        var options = new SbatchOptions([
            "partition=long,short",
            "--cpus-per-task=16",
            "requeue",
            "comment=a=b -- $(x)",
            "exclusive",
        ]);
        Assert.Equal(
            ["--partition=long,short", "--cpus-per-task=16", "--requeue", "--comment=a=b -- $(x)", "--exclusive"],
            options.Arguments
        );
        Assert.Equal(16, options.Processors);
    }

    [Theory]
    [InlineData("array=1-3", "array is set by the run itself")]
    [InlineData("--dependency=afterok:1", "dependency is set by the run itself")]
    [InlineData("dep=afterok:1", "dependency is set by the run itself")] // sbatch accepts a prefix of an option name
    [InlineData("output=/tmp/x", "output is set by the run itself")]
    [InlineData("wrap=id", "wrap is set by the run itself")]
    [InlineData("clusters=other", "clusters is set by the run itself")]
    [InlineData("-p long", "expected the long name")]
    [InlineData("job.sh", "expected the long name")]
    [InlineData("", "expected the long name")]
    [InlineData("cpus-per-task=many", "expected 1 to 4096")]
    public void Reserved_and_unknown_sbatch_options_are_rejected(string word, string remedy)
    {
        var error = Assert.Throws<InvalidRemoteRequestException>(() => new SbatchOptions([word]));
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }
}
