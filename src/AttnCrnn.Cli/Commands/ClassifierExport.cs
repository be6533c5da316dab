using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Export;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Options;

namespace AttnCrnn.Cli.Commands;

/// <summary>Exports a published classifier as ONNX.</summary>
internal static class ClassifierExport
{
    /// <param name="name">A checkpoint folder, or a repository of the hub.</param>
    /// <exception cref="UsageException">An option does not apply to a published classifier.</exception>
    public static async Task RunAsync(
        string name,
        IModelExporter exporter,
        ExportSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        RefuseOtherOptions(name, exporter, settings);
        var path = settings.Output ?? GetDefaultPath(name);
        ExportOutput.Check(path, [], exporter); // before a download
        using var classifier = await SpeechClassifier
            .OpenAsync(
                name,
                new()
                {
                    Revision = settings.Revision,
                    RawLabels = settings.RawLabels,
                    Notice = console.WriteMessage,
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        ExportOutput.Check(path, classifier.Files, exporter);
        console.WriteMessage(ClassifierText.Describe(classifier));
        await ExportOutput
            .WriteAsync(path, exporter, () => Task.FromResult(OnnxClassifierExporter.Export(classifier, path)), console)
            .ConfigureAwait(false);
    }

    /// <exception cref="UsageException">An option of published classifiers is given for a model of this
    /// program.</exception>
    public static void RefuseOptions(string name, ExportSettings settings)
    {
        if (settings.Revision is not null)
            throw new UsageException(
                $"{OptionParser.FormatKey(OptionKeys.Revision.Name)} {settings.Revision}: {name} is no repository; "
                    + "omit the option"
            );
        if (settings.RawLabels)
            throw new UsageException(
                $"{OptionParser.FormatKey(OptionKeys.RawLabels.Name)}: {name} is no published classifier; omit the "
                    + "option"
            );
    }

    // A folder's file is beside it; that of a repository in the current folder.
    private static string GetDefaultPath(string name) =>
        Directory.Exists(name)
            ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(name)) + OnnxClassifierExporter.Extension
            : name[(name.LastIndexOf('/') + 1)..] + OnnxClassifierExporter.Extension;

    private static void RefuseOtherOptions(string name, IModelExporter exporter, ExportSettings settings)
    {
        if (exporter is not OnnxExporter || !settings.Waveform)
            throw new UsageException(
                $"{name} is a published classifier, which takes samples: export it with --to onnx --waveform"
            );
        (OptionKey Key, bool IsSet)[] refused =
        [
            (ExportOptionKeys.Quantize, settings.Quantize is not null),
            (OptionKeys.Encoder, settings.Encoder is not null),
            (OptionKeys.Layers, settings.Layers is not null),
            (OptionKeys.Labels, settings.Labels is not null),
        ];
        string[] keys =
        [
            .. refused.Where(option => option.IsSet).Select(option => OptionParser.FormatKey(option.Key.Name)),
        ];
        if (keys.Length > 0)
            throw new UsageException(
                $"{string.Join(", ", keys)}: {name} is a published classifier with its own encoder, layers and "
                    + "labels, and its weights are exported as published; omit the option"
            );
    }
}
