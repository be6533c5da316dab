namespace AttnCrnn.Formats.Hdf5;

/// <summary>A group of an HDF5 file.</summary>
/// <param name="Path">For example <c>layers/conv1d/vars</c>; empty for the root.</param>
/// <param name="StringAttributes">Scalar string attributes by name; Keras sets <c>name</c> on each <c>vars</c>.</param>
internal sealed record Hdf5Group(string Path, IReadOnlyDictionary<string, string> StringAttributes);
