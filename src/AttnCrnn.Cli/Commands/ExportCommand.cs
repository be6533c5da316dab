using System.CommandLine;
using System.Globalization;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Export.Npz;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Features;
using AttnCrnn.Features.Npz;
using AttnCrnn.IO;
using AttnCrnn.Models;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>Converts a model or a feature store.</summary>
internal sealed class ExportCommand : CliCommand
{
    private readonly Argument<string[]> source;
    private readonly Option<string?> format;
    private readonly Option<string?> output;
    private readonly Option<string?> workdir;
    private readonly Option<string?> encoder;
    private readonly Option<string?> layers;
    private readonly Option<string?> quantize;
    private readonly Option<bool> waveform;
    private readonly OutputFlags labels;

    public ExportCommand()
        : base(
            "export",
            "Convert a model or a feature store: --to keras writes a model archive; --to onnx an ONNX model; "
                + "--to npz the weights under Keras' names, or a store's frames, one file per clip."
        )
    {
        source = Arguments("RUN|MODEL|STORE", "Run name or folder, model file, or store folder.");
        format = Flag<string?>("--to", "Output format: keras, onnx or npz.", null);
        output = Flag<string?>(
            "--out",
            "Output file, by default the model's name ending in .onnx or .npz (required for --to keras); "
                + "or output folder, by default the store's name and _npz.",
            null
        );
        workdir = Flag<string?>("--workdir", "Folder that holds checkpoints/.", ".");
        waveform = Flag(
            "--waveform",
            "Include the encoder in the ONNX model, whose input is then samples instead of frames.",
            false
        );
        encoder = Flag<string?>(
            "--encoder",
            "With --waveform, folder of the model's encoder, if it has moved since training; "
                + "for an archive saved by Keras, the encoder to record in the output.",
            null
        );
        layers = Flag<string?>("--layers", "With --encoder, its layers, for an archive saved by Keras.", null);
        quantize = Flag<string?>(
            "--quantize",
            "Quantize the weights of the ONNX model: int8, a quarter of the size; "
                + "prints the maximum error of its probabilities.",
            null
        );
        labels = OutputFlags();
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        if (given.GetValue(source) is not [var name])
            throw new UsageException("give one run, model or store");
        if (given.GetValue(format) is not ("keras" or "onnx" or "npz"))
            throw new UsageException($"--to {given.GetValue(format) ?? "is missing"}: expected keras, onnx or npz");
        if (given.GetValue(format) != "onnx" && (given.GetValue(waveform) || given.GetValue(quantize) is not null))
            throw new UsageException("--waveform and --quantize require --to onnx");
        if ((given.GetValue(encoder) ?? given.GetValue(layers)) is not null && given.GetValue(format) == "npz")
            throw new UsageException("--encoder and --layers require --to keras or --to onnx");
        if (given.GetValue(quantize) is not (null or "int8"))
            throw new UsageException($"--quantize {given.GetValue(quantize)}: expected int8");
        if (given.GetValue(output) is { } place && string.IsNullOrWhiteSpace(place))
            throw new UsageException("--out: empty; give a file, or leave the option out");
        var isStore = File.Exists(Path.Combine(name, StoreDescription.FileName));
        if (isStore && given.GetValue(format) != "npz")
            throw new UsageException(
                $"--to {given.GetValue(format)}: {name} is a feature store, which can only be exported to npz"
            );
        if (isStore)
            Frames(
                name,
                given.GetValue(output) ?? Path.TrimEndingDirectorySeparator(name) + "_npz",
                console,
                cancellationToken
            );
        else
            Model(name, given, console, cancellationToken);
        return ExitCode.Done;
    }

    private void Model(string name, ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var paths = RunDirectory.FindModels(Path.GetFullPath(given.GetValue(workdir)!), name);
        if (paths.Count > 1)
            throw new UsageException(
                $"{name} has {paths.Count} folds: give one of their models, for example {paths[0]}"
            );
        var path = given.GetValue(output) ?? Path.ChangeExtension(paths[0], given.GetValue(format));
        CheckOutput(path, paths[0]);
        var model = ModelFile.Read(paths[0], labels.Read(given), withOptimizer: given.GetValue(format) == "keras");
        foreach (var notice in model.Notices)
            console.Info(notice);
        try
        {
            Write(path, model, given, console, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                path,
                $"cannot be written ({fault.Message.TrimEnd('.')}); give a writable file with --out"
            );
        }
    }

    // Checked before the work is done, and before an archive that took days to train is overwritten.
    private static void CheckOutput(string path, string source)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new InvalidInputException(path, "is a folder; give a file in it with --out");
        if (full.StartsWith("/dev/", StringComparison.Ordinal))
            throw new InvalidInputException(path, "not a place for a file; give another with --out");
        // Also if one is a link to the other.
        if (RealPath.Resolve(full) == RealPath.Resolve(source))
            throw new InvalidInputException(path, "this is the input file; give another with --out");
    }

    private void Write(
        string path,
        TrainedModel model,
        ParseResult given,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var saved = given.GetValue(waveform) ? model.Info : WithEncoder(model.Info, given, console, cancellationToken);
        if (given.GetValue(format) == "onnx")
        {
            Onnx(path, saved, model.Tensors, given, console, cancellationToken);
            return;
        }
        if (given.GetValue(format) == "npz")
            WeightsNpz.Write(path, saved, model.Tensors);
        else
        {
            if (model.Optimizer is null)
                console.Info(
                    "the archive has no state of a plain Adam: the output is not compiled, "
                        + "and Keras would train it with a new optimizer"
                );
            ModelFile.Write(path, saved, model.Tensors, model.Optimizer);
        }
        console.Result(path);
    }

    // An archive saved by Keras does not contain the encoder; the output can.
    private TrainedModelInfo WithEncoder(
        TrainedModelInfo saved,
        ParseResult given,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (given.GetValue(encoder) is null && given.GetValue(layers) is null)
            return saved;
        if (!saved.Encoder.IsUnknown)
            throw new UsageException(
                $"--encoder: the model already names its encoder, {saved.Encoder}; leave the option out"
            );
        using var modelEncoder = new ModelEncoder(
            saved.Encoder,
            given.GetValue(encoder),
            given.GetValue(layers),
            1,
            console
        );
        return saved with { Encoder = modelEncoder.Get("--encoder", cancellationToken).Description };
    }

    private void Onnx(
        string path,
        TrainedModelInfo saved,
        IReadOnlyList<ModelTensor> tensors,
        ParseResult given,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var quantizeInt8 = given.GetValue(quantize) is not null;
        if (given.GetValue(waveform))
            Waveform(path, saved, tensors, quantizeInt8, given, console, cancellationToken);
        else
        {
            OnnxExporter.ExportFeatureModel(path, saved, tensors, quantizeInt8);
            if (saved.Normalization.Kind == "speaker")
                console.Info(
                    "this model normalizes by the speaker's mean and standard deviation: the input of the file "
                        + "is frames that are already normalized by them, as its metadata state"
                );
            console.Result(path);
        }
        if (!quantizeInt8)
            return;
        var error = Int8ModelError.ComputeMaxProbabilityDifference(saved, tensors);
        console.Info(
            string.Create(
                CultureInfo.InvariantCulture,
                $"int8: the maximum difference of a probability from float32 is {error:0.0000}"
            ) + $" (on {Int8ModelError.Clips} clips of noise with the training data's mean and standard deviation)"
        );
    }

    private void Waveform(
        string path,
        TrainedModelInfo saved,
        IReadOnlyList<ModelTensor> tensors,
        bool quantizeInt8,
        ParseResult given,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        using var modelEncoder = new ModelEncoder(
            saved.Encoder,
            given.GetValue(encoder),
            given.GetValue(layers),
            1,
            console
        );
        var opened = modelEncoder.Get("--waveform", cancellationToken);
        if (quantizeInt8 && opened.Description.Name != LogMelEncoder.Name)
            throw new InvalidInputException(
                $"--quantize: nearly all weights would be those of {opened.Description.Name}, and a model trained on "
                    + "float32 features does not tolerate its int8 error: "
                    + "extract with --precision int8, train on that, and leave --quantize out"
            );
        foreach (var file in OnnxExporter.ExportWaveformModel(path, saved, tensors, opened, quantizeInt8))
            console.Result(file);
        if (opened is SpeechEncoder { MaxSeconds: { } seconds })
            console.Info(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the file accepts recordings of at most {seconds:0.##} seconds and returns NaN for longer ones"
                ) + "; predict cuts longer recordings, callers of the file must do so themselves"
            );
        if (saved.Normalization.Kind == "speaker")
            console.Info(
                "this model normalizes by the speaker's mean and standard deviation, "
                    + "which one recording does not give: "
                    + "the file uses those of the training corpus, as predict does for a single recording"
            );
    }

    private static void Frames(string store, string folder, ConsoleOutput console, CancellationToken cancellationToken)
    {
        NpzExportReport report;
        try
        {
            report = console.Track("exporting", move =>
                NpzExport.Run(
                    store,
                    folder,
                    TimeProvider.System,
                    new InlineProgress<(int Seen, int Total)>(now =>
                        move((double)now.Seen / now.Total, $"{now.Seen} of {now.Total} clips")
                    ),
                    cancellationToken
                )
            );
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException(
                $"interrupted; what was done is kept in {folder}: the same command resumes from there"
            );
        }
        foreach (var finding in report.InvalidClips)
            console.Error($"invalid: {finding.Path}: {finding.Message}");
        console.Result(
            $"{report.Written} clips written, {report.AlreadyExported} were there, "
                + $"{report.InvalidClips.Count} without frames, in {folder}"
        );
    }
}
