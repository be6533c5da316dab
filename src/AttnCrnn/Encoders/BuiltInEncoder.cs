using System.Globalization;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.IO;

namespace AttnCrnn.Encoders;

/// <summary>An encoder whose checkpoint comes with the program, or with a package beside an application.</summary>
/// <param name="Name">As it is asked for, and as stores and models have it.</param>
/// <param name="Package">The NuGet package that puts its files beside an application.</param>
internal sealed record BuiltInEncoder(string Name, string Package)
{
    private static readonly BuiltInEncoder[] All = [new("whisper-tiny.en", "AttnCrnn.Encoders.WhisperTiny")];

    /// <summary>Where the files are, beside the application.</summary>
    public string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "models", Name);

    /// <summary>The encoder of a name; null where none inside has it.</summary>
    public static BuiltInEncoder? Find(string name) => Array.Find(All, encoder => encoder.Name == name);

    /// <summary>Opens it; every byte that is read of its files is compared with their checksums.</summary>
    /// <exception cref="InvalidInputException">Its files are not beside the application, or are damaged.</exception>
    public SpeechEncoder Open(SpeechOptions options)
    {
        RequireFolder();
        return new(Folder, Name, null, options);
    }

    /// <summary>Reads all of its files and compares them with their checksums, without starting a runtime.</summary>
    /// <returns>What a user should know of it: layers, context, size and place.</returns>
    /// <exception cref="InvalidInputException">Its files are not beside the application, or are damaged.</exception>
    public string Check()
    {
        RequireFolder();
        using var files = CheckpointFiles.Open(Folder);
        var network = SpeechFamilies.Read(Folder, new());
        foreach (var name in files.Tensors.Keys)
            files.ReadBytes(name);
        var megabytes = files.Tensors.Values.Sum(tensor => tensor.Bytes) / 1e6;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Name}: layer {network.DefaultLayers} of {network.Layers} by default, {network.Width} wide, at the "
                + $"clip's own length; {megabytes:0.0} MB undamaged in {Folder}"
        );
    }

    private void RequireFolder()
    {
        // Without its checksums nobody could say that it is undamaged, so that it counts as absent.
        if (File.Exists(Path.Combine(Folder, Checksums.FileName)))
            return;
        throw new InvalidInputException(
            $"{Name}: its weights and their checksums are not beside the application ({Folder}): add the NuGet package {Package}, "
                + "which puts them there, or install the program again"
        );
    }
}
