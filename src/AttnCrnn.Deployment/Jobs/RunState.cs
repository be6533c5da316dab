namespace AttnCrnn.Deployment.Jobs;

/// <summary>Where a run stands.</summary>
public enum RunState
{
    /// <summary>Nothing was deployed under the session's name.</summary>
    None,

    /// <summary>It was prepared and never started.</summary>
    Prepared,

    /// <summary>Its session is there and its process not yet.</summary>
    Starting,

    /// <summary>Its session is in the queue of a cluster.</summary>
    Waiting,

    /// <summary>Its process is at work.</summary>
    Training,

    /// <summary>With an exit code.</summary>
    Ended,

    /// <summary>It was cut off: there is neither a process nor an exit code, as after a restart of the machine.</summary>
    Lost,
}
