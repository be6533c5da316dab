namespace AttnCrnn.HuggingFace;

/// <summary>What the hub says of one name in a repository.</summary>
/// <param name="Commit">Of the revision asked for.</param>
/// <param name="Blob">Null where that commit has no such file.</param>
internal sealed record HubEntry(string Commit, HubBlob? Blob);

/// <summary>A file's bytes: which, how many and where.</summary>
/// <param name="Etag">Its mark: the name of the blob in the cache, and mostly a hash of the bytes.</param>
/// <param name="SizeBytes">Null where the hub does not tell it.</param>
/// <param name="Address">Where the bytes are now; a large file's is signed and good for a while only.</param>
/// <param name="Source">The hub's own address of the file, which gives a fresh one.</param>
internal sealed record HubBlob(string Etag, long? SizeBytes, Uri Address, Uri Source);
