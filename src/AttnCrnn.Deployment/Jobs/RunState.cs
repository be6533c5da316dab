namespace AttnCrnn.Deployment.Jobs;

/// <summary>The state of a run.</summary>
public enum RunState
{
    /// <summary>Nothing was deployed in the session.</summary>
    None,

    /// <summary>It was prepared but never started.</summary>
    Prepared,

    /// <summary>Its session exists, its process does not yet.</summary>
    Starting,

    /// <summary>It is queued on a cluster.</summary>
    Waiting,

    /// <summary>Its process is running.</summary>
    Training,

    /// <summary>It has an exit code.</summary>
    Ended,

    /// <summary>It was interrupted and has neither a process nor an exit code, as after a reboot.</summary>
    Interrupted,
}
