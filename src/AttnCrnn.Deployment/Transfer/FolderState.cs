namespace AttnCrnn.Deployment.Transfer;

/// <summary>The state of the deployment folder.</summary>
public enum FolderState
{
    /// <summary>It does not exist.</summary>
    Absent,

    /// <summary>It is empty.</summary>
    Empty,

    /// <summary>It has the marker file of a deployment.</summary>
    Deployment,

    /// <summary>It contains files, but no marker file.</summary>
    Unmarked,

    /// <summary>It resolves to the root or the home folder.</summary>
    Protected,

    /// <summary>It is not a folder, or is below a file.</summary>
    File,

    /// <summary>It cannot be written.</summary>
    ReadOnly,

    /// <summary>It is on a file system from which no program may be run (noexec).</summary>
    NoExec,

    /// <summary>It is, or is below, a symbolic link to a missing folder.</summary>
    Dangling,
}
