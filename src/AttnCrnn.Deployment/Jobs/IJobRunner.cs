using AttnCrnn.Deployment.Machines;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>
/// Runs a training on a machine independently of the connection: in a tmux session, or as a cluster job. Together with
/// a <see cref="Machine"/> it forms a back end: ssh and tmux, this machine and tmux, a cluster's login node and its
/// scheduler. The rest of a deployment is independent of both.
/// </summary>
/// <remarks>
/// A job runner is a set of POSIX shell functions that the scripts call on the machine of the run, with <c>set -eu</c>
/// enabled.
/// <list type="bullet">
/// <item><c>job_state NAME FOLDER</c> prints <c>session=yes</c> or <c>session=no</c>, and <c>note=LABEL: TEXT</c> for
/// further information for the user; <c>taken=yes</c> with <c>session=no</c> if a session of that name exists that
/// was not started from this run's folder; and, if the training's processes cannot be seen from this machine,
/// <c>stage=working</c> or <c>stage=waiting</c> (queued)</item>
/// <item><c>job_start NAME FOLDER RUNNER PROGRAM DOTNET_ROOT</c> starts <c>sh RUNNER</c>; it fails if the name is
/// taken. PROGRAM and DOTNET_ROOT (the folder of its runtime, or empty) are for a job runner that first runs tasks of
/// the run in parallel</item>
/// <item><c>job_gather NAME FOLDER</c> appends the logs of these tasks to the run's log</item>
/// <item><c>job_signal NAME FOLDER SIGNAL PID</c> sends INT or KILL to the training; PID is its process, or empty if no
/// process is visible</item>
/// <item><c>job_remove NAME FOLDER</c> removes the run's session if it still exists, but not another run's session of
/// that name</item>
/// </list>
/// NAME is the session's name. FOLDER is the run's remote folder logs/RUN, which also holds the job runner's state,
/// such as a job number.
/// </remarks>
public interface IJobRunner
{
    /// <summary>Display name, as in tmux.</summary>
    string Name { get; }

    /// <summary>The programs that it requires on the machine.</summary>
    IReadOnlyList<RequiredProgram> RequiredPrograms { get; }

    /// <summary>The shell functions, as POSIX shell source.</summary>
    string ShellFunctions { get; }

    /// <summary>The number of processors for a run; null for all processors of the machine.</summary>
    int? Processors => null;

    /// <summary>Whether sessions end at logout on a system that then ends all of the user's processes.</summary>
    bool EndsAtLogout => true;

    /// <summary>The command that shows a session to a user logged in on the machine; null if there is none.</summary>
    /// <param name="session">A valid name by <see cref="SessionName"/>.</param>
    IReadOnlyList<string>? CreateAttachCommand(string session);
}

/// <summary>A program that must be installed.</summary>
/// <param name="Name">Its command name.</param>
/// <param name="Purpose">What it is needed for.</param>
/// <param name="Package">The package name in Debian and Fedora.</param>
public sealed record RequiredProgram(string Name, OptionText Purpose, string Package)
{
    /// <summary>The error message for a missing program.</summary>
    public OptionText InstallHint =>
        OptionText.Create(
            $"{Name} is missing ({Purpose}): sudo apt-get install {Package}, or sudo dnf install {Package}"
        );
}
