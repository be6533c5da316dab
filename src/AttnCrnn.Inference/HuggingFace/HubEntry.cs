namespace AttnCrnn.HuggingFace;

/// <summary>The hub's answer for one file of a repository.</summary>
/// <param name="Commit">Commit hash of the requested revision.</param>
/// <param name="Blob">Null if the commit has no such file.</param>
internal sealed record HubEntry(string Commit, HubBlob? Blob);

/// <summary>Identity, size and location of a file's content.</summary>
/// <param name="Etag">Name of the blob in the cache; usually a hash of the content.</param>
/// <param name="SizeBytes">Null if unknown.</param>
/// <param name="Address">Current download address; signed and temporary for large files.</param>
/// <param name="Source">Permanent address on the hub, which redirects to a new download address.</param>
internal sealed record HubBlob(string Etag, long? SizeBytes, Uri Address, Uri Source);
