namespace AttnCrnn.HuggingFace;

/// <summary>How far the fetching of a file from the hub has come.</summary>
/// <param name="File">Its name in the repository.</param>
/// <param name="Bytes">On the disk so far, what an earlier try left included.</param>
/// <param name="OfBytes">The file's size, or null where the hub does not tell it.</param>
public sealed record HubProgress(string File, long Bytes, long? OfBytes);
