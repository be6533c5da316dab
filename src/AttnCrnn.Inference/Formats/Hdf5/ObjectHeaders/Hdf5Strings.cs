namespace AttnCrnn.Formats.Hdf5.ObjectHeaders;

/// <summary>The value of a string attribute.</summary>
/// <param name="Values">A scalar has one.</param>
/// <param name="IsScalar">Whether it is one string and not a list.</param>
internal sealed record Hdf5Strings(IReadOnlyList<string> Values, bool IsScalar);
