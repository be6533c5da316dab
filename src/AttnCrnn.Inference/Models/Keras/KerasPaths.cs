using System.Globalization;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Paths in model.weights.h5: the variables of each layer are numbered in the group <c>vars</c> of the layer's folder,
/// which <see cref="KerasLayer.Folder"/> names.
/// </summary>
internal static class KerasPaths
{
    /// <summary>Folder of the optimizer.</summary>
    public const string Optimizer = "optimizer";

    /// <summary>Name of the direction that reads in time order.</summary>
    public const string Forward = "forward";

    /// <summary>Name of the direction that reads against time order.</summary>
    public const string Backward = "backward";

    private const string Group = "vars";

    /// <summary>Group of a folder's variables.</summary>
    /// <param name="folder">Empty for the model itself.</param>
    public static string GetVariables(string folder) => folder.Length == 0 ? Group : $"{folder}/{Group}";

    /// <summary>A variable of a folder.</summary>
    /// <param name="index">Counted from 0.</param>
    public static string GetVariable(string folder, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{GetVariables(folder)}/{index}");

    /// <summary>Folder of one direction of a Bidirectional layer.</summary>
    public static string GetDirection(string folder, string direction) => $"{folder}/{direction}_layer";

    /// <summary>Folder of the LSTM cell of one direction of a Bidirectional layer.</summary>
    public static string GetCell(string folder, string direction) => $"{GetDirection(folder, direction)}/cell";
}
