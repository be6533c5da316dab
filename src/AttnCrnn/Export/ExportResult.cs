namespace AttnCrnn.Export;

/// <summary>What an export wrote.</summary>
/// <param name="Files">The paths of the files, the file that was asked for first.</param>
/// <param name="Notices">What users of the files must know, one line each.</param>
public sealed record ExportResult(IReadOnlyList<string> Files, IReadOnlyList<string> Notices);
