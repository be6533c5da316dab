namespace AttnCrnn.IO;

/// <summary>The format of a file that another was expected of.</summary>
/// <param name="Found">The format, for messages.</param>
/// <param name="Remedy">What the user can do.</param>
/// <param name="IsRecording">Whether it is a recording.</param>
internal readonly record struct RecognizedFile(string Found, string Remedy, bool IsRecording = false);
