using System.Text;
using AttnCrnn.Formats.Hdf5;
using AttnCrnn.IO;
using AttnCrnn.Models.Keras.Weights;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// A model as one HDF5 file: Keras 2's format, which Keras 3 still writes for names that end in .h5, and which Keras
/// 2.12 wrote under any name (keras/src/legacy/saving/legacy_h5_format.py). The graph and the version of Keras are
/// attributes of the root, the weights are in the group <c>model_weights</c>.
/// </summary>
internal static class KerasHdf5File
{
    /// <summary>Group of the weights.</summary>
    public const string WeightsGroup = "model_weights";

    private const string OptimizerGroup = "optimizer_weights";
    private const string ConfigAttribute = "model_config";
    private const int MaxGraphBytes = 2 << 20; // as for config.json of an archive

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n'];

    /// <summary>Reads an HDF5 file; null if the file is of another format.</summary>
    /// <exception cref="InvalidFileException">
    /// Damaged, without a model, not this network, or not of a supported version.
    /// </exception>
    public static KerasModel? TryRead(string path)
    {
        using var stream = InputFile.Open(path, KerasModel.Expected);
        var head = new byte[Signature.Length];
        if (
            stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length
            || !head.AsSpan().SequenceEqual(Signature)
        )
            return null;
        if (stream.Length > Array.MaxLength)
            throw CreateError(
                path,
                $"{stream.Length} bytes",
                $"{KerasModel.Expected}, of at most {Array.MaxLength} bytes"
            );
        stream.Position = 0;
        var bytes = GC.AllocateUninitializedArray<byte>((int)stream.Length); // filled below, or an exception is thrown
        stream.ReadExactly(bytes);
        return Read(path, bytes);
    }

    /// <summary>Reads a file in memory.</summary>
    /// <param name="path">Path for error messages.</param>
    /// <exception cref="InvalidFileException">As for <see cref="TryRead"/>.</exception>
    public static KerasModel Read(string path, byte[] bytes)
    {
        var hdf5 = Hdf5Reader.Read(path, bytes);
        var attributes = hdf5.FindGroup("")!.StringAttributes;
        if (attributes.GetValueOrDefault(ConfigAttribute) is not { } config)
            throw CreateError(
                path,
                $"an HDF5 file without {ConfigAttribute}: weights alone, or other data",
                KerasModel.Expected
            );
        KerasVersions.Require(path, attributes.GetValueOrDefault("keras_version") ?? "");
        var json = Encoding.UTF8.GetBytes(config);
        var file = $"{path}:{ConfigAttribute}";
        if (json.Length > MaxGraphBytes)
            throw CreateError(file, $"{json.Length} bytes", $"at most {MaxGraphBytes}");
        var graph = KerasGraph.Parse(file, json);
        var network = KerasNetworkReader.Read(file, graph);
        return new(
            path,
            KerasMetadata.UnknownTime,
            graph,
            network,
            KerasWeights.FromHdf5File(path, hdf5, graph),
            Description: null
        )
        {
            HasUnreadOptimizer = hdf5.FindGroup(OptimizerGroup) is not null,
        };
    }

    private static InvalidFileException CreateError(string file, string found, string expected) =>
        new(file, null, found, expected, "save the whole model with model.save('NAME.keras')");
}
