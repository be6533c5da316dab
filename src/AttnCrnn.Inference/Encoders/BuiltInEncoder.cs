using System.Globalization;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders;

/// <summary>An encoder whose checkpoint is distributed with the program, or with a NuGet package.</summary>
/// <param name="Name">The encoder's name in requests, stores and models.</param>
/// <param name="Package">The NuGet package that copies the files to an application's output folder.</param>
internal sealed record BuiltInEncoder(string Name, string Package)
{
    private static readonly BuiltInEncoder[] All = [new("whisper-tiny.en", "AttnCrnn.Encoders.WhisperTiny")];

    /// <summary>The names of all built-in encoders.</summary>
    public static IEnumerable<string> Names => All.Select(encoder => encoder.Name);

    /// <summary>The folder of the files, in the application's folder.</summary>
    public string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "models", Name);

    /// <summary>The built-in encoder of a name, or null.</summary>
    public static BuiltInEncoder? Find(string name) => Array.Find(All, encoder => encoder.Name == name);

    // Without checksums the files cannot be verified, so the encoder counts as missing.
    /// <summary>Whether the files are in the application's folder.</summary>
    public bool IsInstalled => File.Exists(Path.Combine(Folder, Checksums.FileName));

    /// <summary>Opens the encoder; every byte read is verified against the checksums.</summary>
    /// <exception cref="InvalidInputException">The files are missing or damaged.</exception>
    public SpeechEncoder Open(SpeechOptions options)
    {
        RequireFolder();
        return new(Folder, Name, null, options);
    }

    /// <summary>Reads all files and verifies their checksums, without starting ONNX Runtime.</summary>
    /// <returns>A line for the user: layers, context, size and folder.</returns>
    /// <exception cref="InvalidInputException">The files are missing or damaged.</exception>
    public string Check()
    {
        RequireFolder();
        var checkpoint = SpeechCheckpoint.Open(Folder);
        using var files = checkpoint.OpenWeights();
        var network = checkpoint.ReadNetwork(new());
        foreach (var name in files.Tensors.Keys)
            files.ReadBytes(name);
        var megabytes = files.Tensors.Values.Sum(tensor => tensor.Bytes) / 1e6;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}: layer {network.DefaultLayers} of {network.Layers} by default, {network.Width} features, "
                + $"at the clip's own length; {megabytes:0.0} MB verified in {Folder}"
        );
    }

    private void RequireFolder()
    {
        if (IsInstalled)
            return;
        throw new InvalidInputException(
            $"{Name}: weights or checksums are missing in the application's folder ({Folder}): "
                + $"add the NuGet package {Package}, or install the program again"
        );
    }
}
