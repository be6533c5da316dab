namespace AttnCrnn.IO;

/// <summary>A recognized file format, other than the expected one.</summary>
/// <param name="Found">The format, for messages.</param>
/// <param name="Remedy">What the user can do.</param>
/// <param name="IsRecording">Whether it is a recording.</param>
internal readonly record struct RecognizedFile(string Found, string Remedy, bool IsRecording = false);
