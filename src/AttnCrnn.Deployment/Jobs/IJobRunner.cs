using AttnCrnn.Deployment.Machines;

namespace AttnCrnn.Deployment.Jobs;

/// <summary>
/// What keeps a run going on a machine when the connection is gone: a session of tmux, a job of a cluster. With a <see cref="Machine"/> it makes a back end:
/// ssh and tmux, this machine and tmux, a cluster's login node and its scheduler. The rest of a deployment knows neither.
/// </summary>
/// <remarks>
/// A keeper is a handful of functions of the POSIX shell, which the scripts call where the run is. Each is called with <c>set -eu</c> in force.
/// <list type="bullet">
/// <item><c>keeper_state NAME FOLDER</c> prints <c>session=yes</c> or <c>session=no</c>, and <c>note=LABEL: TEXT</c> for whatever else a user should see of it;
/// <c>taken=yes</c> beside <c>session=no</c> where there is one of that name that this run's folder did not start;
/// where the training is on a machine whose processes cannot be seen, also <c>stage=working</c>, or <c>stage=waiting</c> for its turn</item>
/// <item><c>keeper_start NAME FOLDER RUNNER PROGRAM DOTNET_ROOT</c> has <c>sh RUNNER</c> run from now on; it fails where the name is taken. PROGRAM and the folder
/// of its runtime (or nothing) are for a keeper that has parts of the run done beside each other before</item>
/// <item><c>keeper_gather NAME FOLDER</c> brings into the run's log what such parts have logged</item>
/// <item><c>keeper_signal NAME FOLDER SIGNAL PID</c> sends INT or KILL to the training; PID is its process there, or empty where no process is seen</item>
/// <item><c>keeper_remove NAME FOLDER</c> ends what is left of the session, if anything is, and no other's of that name</item>
/// </list>
/// NAME is the session's, FOLDER the run's own folder there (logs/RUN), for what a keeper must remember, as a job's number.
/// </remarks>
public interface IJobRunner
{
    /// <summary>What people call it: tmux.</summary>
    string Name { get; }

    /// <summary>The programs without which it cannot work, there.</summary>
    IReadOnlyList<RequiredProgram> Needs { get; }

    /// <summary>The functions, as text of the POSIX shell.</summary>
    string Functions { get; }

    /// <summary>The processors that a training gets; null: those of the machine.</summary>
    int? Processors => null;

    /// <summary>Whether sessions end with the login where the system ends all of its processes then.</summary>
    bool EndsAtLogout => true;

    /// <summary>The command that shows a session to a user who is on that machine; null where there is nothing to see.</summary>
    /// <param name="session">A name that <see cref="SessionName"/> let through.</param>
    IReadOnlyList<string>? Attach(string session);
}

/// <summary>A program that must be there.</summary>
/// <param name="Name">As the shell finds it.</param>
/// <param name="Use">What for.</param>
/// <param name="Package">Debian's and Fedora's name.</param>
public sealed record RequiredProgram(string Name, string Use, string Package)
{
    /// <summary>What to say where it is missing.</summary>
    public string InstallHint =>
        $"{Name} is missing ({Use}): sudo apt-get install {Package}, or sudo dnf install {Package}";
}
