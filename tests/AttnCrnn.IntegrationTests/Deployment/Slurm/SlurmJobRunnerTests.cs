using AttnCrnn.Deployment;
using AttnCrnn.Deployment.Jobs;
using AttnCrnn.Deployment.Machines;
using AttnCrnn.Deployment.Scripts;

namespace AttnCrnn.IntegrationTests.Deployment.Slurm;

/// <summary>
/// The Slurm job runner's shell functions against stubs that print what Slurm's documentation and a real cluster
/// (22.05) print; tests/slurm/deploy.sh runs them on a cluster.
/// </summary>
public sealed class SlurmJobRunnerTests
{
    private const string Hostile = "it's \"$(touch pwned)\" ; `true`\n* \\";

    private static readonly SlurmJobRunner HostileJobRunner = new(
        new([$"comment={Hostile}", "--partition=long"]),
        new([Hostile, "--encoder", "log-mel"], 5)
    );

    // squeue(1): %T|%r|%N|%M.
    [Theory]
    [InlineData("PENDING|Resources||0:00", "yes", "waiting", "job: 17: pending (Resources)")]
    [InlineData("PENDING|QOSMaxJobsPerUserLimit||0:00", "yes", "waiting", "job: 17: pending (QOSMaxJobsPerUserLimit)")]
    [InlineData("RUNNING|None|node7|1-02:03:04", "yes", "working", "job: 17: running on node7 for 1-02:03:04")]
    [InlineData("COMPLETING|None|node7|0:31", "yes", "working", "job: 17: completing")]
    [InlineData("COMPLETED|None|node7|0:31", "no", null, "job: 17: completed")]
    [InlineData("FAILED|NonZeroExitCode|node7|0:31", "no", null, "job: 17: failed (NonZeroExitCode)")]
    [InlineData("OUT_OF_MEMORY|OutOfMemory|node7|0:31", "no", null, "job: 17: out_of_memory (OutOfMemory)")]
    [InlineData("TIMEOUT|TimeLimit|node7|1:00:12", "no", null, "job: 17: timeout (TimeLimit)")]
    [InlineData("CANCELLED|Resources||0:00", "no", null, "job: 17: cancelled (Resources)")]
    [InlineData("NODE_FAIL|NodeDown|node7|5:00", "no", null, "job: 17: node_fail (NodeDown)")]
    public void A_job_has_the_state_that_squeue_reports(string output, string session, string? stage, string note)
    {
        using var console = new ClusterShell();
        File.WriteAllText(console.PathOf(".jobs"), "run 17\n");
        console.WriteProgram("squeue", $"echo '{output}'");

        var pairs = new KeyValueOutput(console.Call(new SlurmJobRunner(), "job_state"));

        Assert.Equal((session, stage, note), (pairs["session"], pairs["stage"], pairs["note"]));
    }

    // sacct(1), --parsable2 --allocations, State,ExitCode,NodeList,Elapsed: a cancelled job names its user, and
    // truncated fields end with +.
    [Theory]
    [InlineData("COMPLETED|0:0|node7|00:00:31", "job: 17: completed")]
    [InlineData("FAILED|130:0|node7|00:00:31", "job: 17: failed (130:0)")]
    [InlineData("CANCELLED by 1000|0:15|node7|00:00:31", "job: 17: cancelled (0:15)")]
    [InlineData("CANCELLED+|0:0|None assigned|00:00:00", "job: 17: cancelled")]
    [InlineData("OUT_OF_MEMORY|0:125|node7|00:00:31", "job: 17: out_of_memory (0:125)")]
    [InlineData("TIMEOUT|0:0|node7|01:00:12", "job: 17: timeout")]
    [InlineData("", "job: 17: unknown to the cluster, or ended too long ago")]
    public void A_job_no_longer_in_squeue_has_the_state_that_sacct_reports(string output, string note)
    {
        using var console = new ClusterShell();
        File.WriteAllText(console.PathOf(".jobs"), "run 17\n");
        console.WriteProgram("squeue", "echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1");
        console.WriteProgram(
            "sacct",
            output.Length == 0
                ? "echo 'Slurm accounting storage is disabled' >&2; exit 1"
                : $"case \"$*\" in *--completion*) exit 1 ;; *) echo '{output}' ;; esac"
        );

        var pairs = new KeyValueOutput(console.Call(new SlurmJobRunner(), "job_state"));

        Assert.Equal(("no", note), (pairs["session"], pairs["note"]));
    }

    [Fact]
    public void A_job_is_not_lost_while_the_scheduler_does_not_answer()
    {
        using var console = new ClusterShell();
        File.WriteAllText(console.PathOf(".jobs"), "run 17\n");
        console.WriteProgram(
            "squeue",
            "echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1"
        );

        var pairs = new KeyValueOutput(console.Call(new SlurmJobRunner(), "job_state"));

        Assert.Equal("yes", pairs["session"]);
        Assert.Contains("Unable to contact slurm controller", pairs["note"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_with_unfinished_jobs_is_running_in_any_session()
    {
        using var console = new ClusterShell();
        File.WriteAllText(console.PathOf(".jobs"), "run 17\n");
        Directory.CreateDirectory(Path.Combine(console.Folder, "sessions"));
        File.WriteAllText(Path.Combine(console.Folder, "sessions", "first"), "run\nprogram\n");
        var query = Script.Create("has_run", new SlurmJobRunner(), console.Folder, "run", "other");

        console.WriteProgram("squeue", "echo 'PENDING|Resources||0:00'");
        var exception = await Assert.ThrowsAsync<InvalidRemoteRequestException>(() => console.Send(query));
        console.WriteProgram("squeue", "echo 'CANCELLED|Resources||0:00'");
        var free = new KeyValueOutput(await console.Send(query));

        Assert.Contains("--name first", exception.Message, StringComparison.Ordinal);
        Assert.Equal("yes", free["exists"]);
    }

    [Fact]
    public void The_tasks_of_an_array_are_counted()
    {
        using var console = new ClusterShell();
        File.WriteAllText(console.PathOf(".jobs"), "fold 16\nrun 17\n");
        console.WriteProgram(
            "squeue",
            """
            case "$*" in
                *--jobs=16*) printf '%s\n' 'COMPLETED|None|n1|0:31' 'RUNNING|None|n1|0:12' 'RUNNING|None|n1|0:13' \
                    'PENDING|Resources||0:00' 'PENDING|Resources||0:00' ;;
                *) echo 'PENDING|Dependency||0:00' ;;
            esac
            """
        );

        var pairs = new KeyValueOutput(console.Call(new SlurmJobRunner(), "job_state"));

        Assert.Equal(
            ["fold: 16: 1 completed, 2 running on n1, 2 pending (Resources)", "job: 17: pending (Dependency)"],
            pairs.GetAll("note")
        );
        Assert.Equal(("yes", "working"), (pairs["session"], pairs["stage"]));
    }

    [Fact]
    public void Arguments_reach_sbatch_unchanged()
    {
        using var console = new ClusterShell();
        console.Configure(
            """
            {
              "fold": null,
              "folds": 3
            }
            """
        );
        // One line per call, each argument in brackets; a newline in an argument is a ~.
        console.WriteProgram(
            "sbatch",
            $"for word in \"$@\"; do printf '[%s]' \"$word\" | tr '\\n' '~'; done >>'{console.PathOf("calls")}'; "
                + $"echo >>'{console.PathOf("calls")}'; wc -l <'{console.PathOf("calls")}'"
        );
        console.Call(HostileJobRunner, "job_start", "RUNNER", "PROGRAM", "");

        var calls = File.ReadAllLines(console.PathOf("calls"));
        var common =
            $"[--parsable][--no-requeue][--cpus-per-task=4][--comment={Hostile.Replace('\n', '~')}]"
            + $"[--partition=long][--chdir={console.Run}][--open-mode=append]";
        Assert.Equal(
            [
                $"{common}[--job-name=s-extract][--array=1-5][--output=slurm-%A_%a.out]"
                    + $"[{console.PathOf("part.sh")}][{console.Run}][extract][PROGRAM][]",
                $"{common}[--job-name=s-fold][--array=1-3][--output=slurm-%A_%a.out][--dependency=afterok:1]"
                    + $"[--kill-on-invalid-dep=yes][{console.PathOf("part.sh")}][{console.Run}][fold][PROGRAM][]",
                $"{common}[--job-name=s][--output=slurm-%j.out][--dependency=afterany:1:2]"
                    + $"[{console.PathOf("job.sh")}][{console.Run}][RUNNER]",
            ],
            calls
        );
        Assert.Equal("extract 1\nfold 2\nrun 3\n", File.ReadAllText(console.PathOf(".jobs")));
        Assert.Equal(
            ["extract_1", "extract_2", "extract_3", "extract_4", "extract_5", "fold_1", "fold_2", "fold_3"],
            File.ReadAllLines(console.PathOf(".parts"))
        );
    }

    [Fact]
    public void Folds_whose_number_is_unknown_are_one_job()
    {
        using var console = new ClusterShell();
        console.Configure(
            """
            {
              "fold": null,
              "folds": "speakers"
            }
            """
        );
        console.WriteProgram("sbatch", $"echo \"$@\" >>'{console.PathOf("calls")}'; echo 1");
        console.Call(new SlurmJobRunner(), "job_start", "RUNNER", "PROGRAM", "");
        Assert.DoesNotContain("--array", Assert.Single(File.ReadAllLines(console.PathOf("calls"))));
    }

    [Fact]
    public void Arguments_reach_extract_unchanged()
    {
        using var console = new ClusterShell();
        console.Configure(
            """
            {
              "fold": null,
              "folds": 3
            }
            """
        );
        console.WriteProgram("sbatch", "echo 1");
        console.Call(HostileJobRunner, "job_start", "RUNNER", "PROGRAM", "");
        // A stub that records its arguments, in brackets.
        console.WriteProgram("program", "for word in \"$@\"; do printf '[%s]' \"$word\"; done");
        console.WriteProgram(
            "part",
            $"SLURM_ARRAY_TASK_ID=2 SLURM_CPUS_PER_TASK=4 exec sh '{console.PathOf("part.sh")}' "
                + "\"$2\" extract \"$(command -v program)\" ''"
        );
        console.Call(HostileJobRunner, "part");
        Assert.StartsWith(
            $"[extract][{Hostile}][--encoder][log-mel][--out]",
            File.ReadAllText(Path.Combine(console.PathOf("extract_2"), "remote.log")),
            StringComparison.Ordinal
        );
        Assert.Equal("0\n", File.ReadAllText(Path.Combine(console.PathOf("extract_2"), "exit_code")));
    }

    [Fact]
    public void A_rejected_submission_leaves_no_jobs_in_the_queue()
    {
        using var console = new ClusterShell();
        console.Configure(
            """
            {
              "fold": null,
              "folds": 3
            }
            """
        );
        console.WriteProgram(
            "sbatch",
            "case \"$*\" in *--array*) echo '16;main' ;; "
                + "*) echo 'sbatch: error: invalid partition specified: none' >&2; exit 1 ;; esac"
        );
        console.WriteProgram("scancel", $"echo \"$@\" >>'{console.PathOf("cancelled")}'");

        var error = Assert.Throws<InvalidOperationException>(() =>
            console.Call(new SlurmJobRunner(), "job_start", "RUNNER", "PROGRAM", "")
        );

        Assert.Contains("invalid partition specified", error.Message, StringComparison.Ordinal);
        Assert.Equal("16\n", File.ReadAllText(console.PathOf("cancelled")));
        Assert.False(File.Exists(console.PathOf(".jobs")));
    }
}
