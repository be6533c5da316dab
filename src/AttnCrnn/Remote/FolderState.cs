namespace AttnCrnn.Remote;

/// <summary>What stands where runs should be kept.</summary>
public enum FolderState
{
    Absent,
    Empty,

    /// <summary>With the marker that a deployment left.</summary>
    Ours,

    /// <summary>With files that are not ours.</summary>
    Other,

    /// <summary>The root or the home folder, by whatever way.</summary>
    Protected,

    /// <summary>No folder, or none on the way to it.</summary>
    File,

    ReadOnly,
}
