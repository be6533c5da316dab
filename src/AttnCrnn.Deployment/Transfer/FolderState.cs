namespace AttnCrnn.Deployment.Transfer;

/// <summary>What stands where runs should be kept.</summary>
public enum FolderState
{
    /// <summary>Nothing of that name.</summary>
    Absent,

    /// <summary>A folder with nothing in it.</summary>
    Empty,

    /// <summary>With the marker that a deployment left.</summary>
    Ours,

    /// <summary>With files that are not ours.</summary>
    Other,

    /// <summary>The root or the home folder, by whatever way.</summary>
    Protected,

    /// <summary>No folder, or none on the way to it.</summary>
    File,

    /// <summary>A folder that cannot be written.</summary>
    ReadOnly,

    /// <summary>A symbolic link to what is not there, or a folder on the way that is one.</summary>
    Dangling,
}
