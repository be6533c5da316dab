namespace AttnCrnn.HuggingFace;

/// <summary>Progress of a download from the hub.</summary>
/// <param name="File">File name in the repository.</param>
/// <param name="Bytes">Bytes on disk so far, including bytes from an earlier attempt.</param>
/// <param name="TotalBytes">The file size, or null if unknown.</param>
public sealed record HubProgress(string File, long Bytes, long? TotalBytes);
