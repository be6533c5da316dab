using System.Globalization;
using System.Text.RegularExpressions;
using AttnCrnn.Formats.Hdf5;

namespace AttnCrnn.Models.Keras.Weights;

/// <summary>
/// Where a file has the weights that Keras 2.15 and 3 name as in <see cref="KerasPaths"/>: earlier versions and HDF5
/// files have other groups.
/// </summary>
internal static partial class KerasWeightPaths
{
    private const string Layers = "layers/";
    private const string Dependencies = "_layer_checkpoint_dependencies/"; // of Keras 2.12 to 2.14
    private const string TypeSuffix = ":0"; // of Keras 2, whose names are those of TensorFlow's variables

    /// <summary>
    /// The paths in model.weights.h5 of Keras 2.12 to 2.14, by the later ones; empty for other versions, whose paths
    /// are these. The groups of a class were numbered with gaps (dense, dense_2): the second one is the second layer.
    /// </summary>
    public static IReadOnlyDictionary<string, string> ListEarlier(Hdf5Reader hdf5)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var folders = hdf5
            .Groups.Select(group => group.Path)
            .Where(path => path.StartsWith(Dependencies, StringComparison.Ordinal))
            .Select(path => path[Dependencies.Length..])
            .Where(name => !name.Contains('/', StringComparison.Ordinal))
            .Select(name => (Name: name, Match: NumberedPattern().Match(name)))
            .GroupBy(
                folder => folder.Match.Success ? folder.Match.Groups[1].Value : folder.Name,
                folder => (folder.Name, Number: folder.Match.Success ? ParseNumber(folder.Match.Groups[2].Value) : 0),
                StringComparer.Ordinal
            )
            .SelectMany(kind =>
                kind.OrderBy(folder => folder.Number)
                    .Select((folder, i) => (folder.Name, Later: i == 0 ? kind.Key : $"{kind.Key}_{i}"))
            )
            .ToDictionary(folder => folder.Name, folder => folder.Later, StringComparer.Ordinal);
        foreach (var dataset in hdf5.Datasets)
        {
            if (!dataset.Path.StartsWith(Dependencies, StringComparison.Ordinal))
                continue;
            var path = dataset.Path[Dependencies.Length..];
            var end = path.IndexOf('/', StringComparison.Ordinal);
            if (end > 0)
                paths.Add($"{Layers}{folders[path[..end]]}{path[end..]}", dataset.Path);
        }
        return paths;
    }

    /// <summary>
    /// The paths in an HDF5 file, by those of an archive. Each layer has a group with its name, whose attribute lists
    /// the layer's weights in order; a Bidirectional layer has those of the forward layer first.
    /// </summary>
    /// <exception cref="InvalidFileException">The weights of a layer are not those of its class.</exception>
    public static IReadOnlyDictionary<string, string> ListHdf5File(string file, Hdf5Reader hdf5, KerasGraph graph)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var layer in graph.Layers)
        {
            var group = $"{KerasHdf5File.WeightsGroup}/{layer.Name}";
            if (layer.IsOperator || hdf5.FindGroup(group)?.FindList("weight_names") is not { } names)
                continue;
            var folders =
                layer.ClassName == "Bidirectional"
                    ? (string[])
                        [
                            KerasPaths.GetCell(layer.Folder, KerasPaths.Forward),
                            KerasPaths.GetCell(layer.Folder, KerasPaths.Backward),
                        ]
                    : [layer.Folder];
            if (names.Count % folders.Length != 0)
                throw new InvalidFileException(
                    $"{file}/{group}",
                    null,
                    $"{names.Count} weights of {layer}",
                    "as many of the forward as of the backward layer",
                    KerasWeights.Remedy
                );
            var perFolder = names.Count / folders.Length;
            for (var i = 0; i < names.Count; i++)
                paths[KerasPaths.GetVariable(folders[i / perFolder], i % perFolder)] = $"{group}/{names[i]}";
        }
        return paths;
    }

    /// <summary>The variable's name at the end of a path in an HDF5 file: kernel of conv1d/kernel:0.</summary>
    public static string GetVariableName(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return name.EndsWith(TypeSuffix, StringComparison.Ordinal) ? name[..^TypeSuffix.Length] : name;
    }

    private static long ParseNumber(string digits) => long.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(.+)_(\d{1,9})$")]
    private static partial Regex NumberedPattern();
}
