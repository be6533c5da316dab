namespace AttnCrnn.Formats.Hdf5;

/// <summary>A group of an HDF5 file.</summary>
/// <param name="Path">As in <c>layers/conv1d/vars</c>; empty for the root.</param>
/// <param name="Texts">The attributes that are one text, by name: Keras puts <c>name</c> on each <c>vars</c>. Others are not kept.</param>
internal sealed record Hdf5Group(string Path, IReadOnlyDictionary<string, string> Texts);
