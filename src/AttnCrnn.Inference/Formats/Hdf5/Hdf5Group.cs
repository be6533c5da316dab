using AttnCrnn.Formats.Hdf5.ObjectHeaders;

namespace AttnCrnn.Formats.Hdf5;

/// <summary>A group of an HDF5 file.</summary>
/// <param name="path">For example <c>layers/conv1d/vars</c>; empty for the root.</param>
/// <param name="attributes">String attributes by name.</param>
internal sealed class Hdf5Group(string path, IReadOnlyDictionary<string, Hdf5Strings> attributes)
{
    /// <summary>For example <c>layers/conv1d/vars</c>; empty for the root.</summary>
    public string Path => path;

    /// <summary>Scalar string attributes by name; Keras sets <c>name</c> on each <c>vars</c>.</summary>
    public IReadOnlyDictionary<string, string> StringAttributes { get; } =
        attributes
            .Where(attribute => attribute.Value.IsScalar)
            .ToDictionary(attribute => attribute.Key, attribute => attribute.Value.Values[0], StringComparer.Ordinal);

    /// <summary>The strings of a list; null if there is no such attribute, or if it is a scalar.</summary>
    public IReadOnlyList<string>? FindList(string name) =>
        attributes.GetValueOrDefault(name) is { IsScalar: false } strings ? strings.Values : null;
}
