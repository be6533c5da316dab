using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.Formats.Checkpoints;
using AttnCrnn.IO;
using AttnCrnn.Options;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>A checkpoint whose family is known.</summary>
/// <param name="ModelType">As its configuration names it.</param>
/// <param name="Families">The families among which it was recognized, for messages.</param>
internal sealed record SpeechCheckpoint(
    CheckpointFolder Folder,
    ISpeechFamily Family,
    string ModelType,
    EncoderFamilies Families
)
{
    private static readonly string[] FileExtensions = [".json", ".yaml", ".txt", ".safetensors", ".bin", ".pt"];

    /// <summary>Recognizes the checkpoint in a folder, of a family of the library.</summary>
    /// <exception cref="InvalidFileException">As for <see cref="Open(string, EncoderFamilies)"/>.</exception>
    public static SpeechCheckpoint Open(string folder) => Open(folder, EncoderFamilies.BuiltIn);

    /// <summary>Recognizes the checkpoint in a folder.</summary>
    /// <exception cref="InvalidFileException">There is no such folder, a small file is damaged, or no family
    /// recognizes the checkpoint.</exception>
    public static SpeechCheckpoint Open(string folder, EncoderFamilies families)
    {
        var files = CheckpointFolder.Open(folder);
        if (files.Contains(HuggingFaceLayout.Adapter))
            throw new InvalidFileException(
                files.PathOf(HuggingFaceLayout.Adapter),
                null,
                "an adapter",
                "a complete model",
                "merge the adapter into its model with peft's merge_and_unload and save that, or use the base model"
            );
        foreach (var family in families.Speech)
            if (family.FindModelType(files) is { } type)
                return new(files, family, type, families);
        throw CreateUnknownError(files, families);
    }

    /// <summary>
    /// What was assumed when the network was read, because a file or a setting is missing: one line each, with the
    /// checkpoint's name.
    /// </summary>
    /// <param name="name">The folder or the repository.</param>
    public IEnumerable<string> ListNotices(string name) => Folder.Notices.Select(notice => $"{name}: {notice}");

    /// <summary>Opens the weights; the caller disposes them.</summary>
    /// <exception cref="InvalidFileException">There are no weights, or they are damaged.</exception>
    public CheckpointFiles OpenWeights() => Family.Layout.OpenWeights(Folder);

    /// <summary>Reads the network that the configuration describes.</summary>
    /// <exception cref="InvalidFileException">A setting is not supported.</exception>
    /// <exception cref="InvalidInputException">The options do not fit the family.</exception>
    public ISpeechNetwork ReadNetwork(SpeechOptions options)
    {
        if (options.Context is { } context && !Family.Contexts.Contains(context))
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.WhisperContext} {context.ToString().ToLowerInvariant()}: "
                        + $"only {Families.DescribeContextFamilies()} has a window of a fixed length, "
                        + $"and this is {ModelType}; omit the option"
                )
            );
        if (options.Precision == SpeechPrecision.Int8 && !Family.SupportsInt8)
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Precision} int8: encoders of type {ModelType} are computed in float32 alone; "
                        + $"omit the option"
                )
            );
        return Family.Read(Folder, options);
    }

    /// <summary>
    /// The paths of its files: the configurations, labels and weights in its folder, whether they are read or not.
    /// Other files, such as exported models, do not belong to it.
    /// </summary>
    public IReadOnlyList<string> ListFiles() =>
        [
            .. Directory
                .EnumerateFiles(Folder.Path)
                .Where(path => FileExtensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase)),
        ];

    /// <summary>Identifies a checkpoint without a commit by a hash of its configuration and weight files.</summary>
    public string ComputeHash(CheckpointFiles weights)
    {
        var hash = new Sha256();
        string[] paths =
        [
            .. Family.ListHashedFiles(Folder).Select(Folder.PathOf),
            .. weights.Tensors.Values.Select(tensor => tensor.File).Distinct().Order(StringComparer.Ordinal),
        ];
        foreach (var path in paths.Where(File.Exists))
            hash.AppendFile(path);
        return hash.Finish()[..12];
    }

    private static InvalidFileException CreateUnknownError(CheckpointFolder files, EncoderFamilies families)
    {
        var expected = string.Join(", ", families.ModelTypes);
        if (families.Layouts.FirstOrDefault(layout => files.Contains(layout.ConfigFile)) is not { } layout)
            return new InvalidFileException(
                files.Path,
                null,
                $"no {string.Join(" or ", families.Layouts.Select(layout => layout.ConfigFile))}",
                $"a checkpoint of one of these types: {expected}",
                "check the path, or download the complete model"
            );
        return layout.CreateUnknownTypeError(files, expected);
    }
}
