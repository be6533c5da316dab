using System.CommandLine;
using System.Globalization;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Export.Npz;
using AttnCrnn.Export.Onnx;
using AttnCrnn.Features;
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
    private readonly OutputLabelOptions labels;

    public ExportCommand()
        : base(
            "export",
            "Convert a model or a feature store: --to keras writes a model archive; --to onnx an ONNX model; "
                + "--to npz the weights under Keras' names, or a store's frames, one file per clip."
        )
    {
        source = AddArguments("RUN|MODEL|STORE", "Run name or folder, model file, or store folder.");
        format = AddOption<string?>("--to", "Output format: keras, onnx or npz.", null);
        output = AddOption<string?>(
            "--out",
            "Output file, by default the model's name ending in .onnx or .npz (required for --to keras); "
                + "or output folder, by default the store's name and _npz.",
            null
        );
        workdir = AddOption<string?>("--workdir", "Folder that holds checkpoints/.", ".");
        waveform = AddOption(
            "--waveform",
            "Include the encoder in the ONNX model, whose input is then samples instead of frames.",
            false
        );
        encoder = AddOption<string?>(
            "--encoder",
            "With --waveform, folder of the model's encoder, if it has moved since training; "
                + "for an archive saved by Keras, the encoder to record in the output.",
            null
        );
        layers = AddOption<string?>("--layers", "With --encoder, its layers, for an archive saved by Keras.", null);
        quantize = AddOption<string?>(
            "--quantize",
            "Quantize the weights of the ONNX model: int8, a quarter of the size; "
                + "prints the maximum error of its probabilities.",
            null
        );
        labels = AddOutputLabelOption();
    }

    public override int Run(ParseResult parseResult, ConsoleOutput console, CancellationToken cancellationToken)
    {
        if (parseResult.GetValue(source) is not [var name])
            throw new UsageException("expected one run, model or store");
        if (parseResult.GetValue(format) is not ("keras" or "onnx" or "npz"))
            throw new UsageException(
                $"--to {parseResult.GetValue(format) ?? "is missing"}: expected keras, onnx or npz"
            );
        if (
            parseResult.GetValue(format) != "onnx"
            && (parseResult.GetValue(waveform) || parseResult.GetValue(quantize) is not null)
        )
            throw new UsageException("--waveform and --quantize require --to onnx");
        if (
            (parseResult.GetValue(encoder) ?? parseResult.GetValue(layers)) is not null
            && parseResult.GetValue(format) == "npz"
        )
            throw new UsageException("--encoder and --layers require --to keras or --to onnx");
        if (parseResult.GetValue(quantize) is not (null or "int8"))
            throw new UsageException($"--quantize {parseResult.GetValue(quantize)}: expected int8");
        if (parseResult.GetValue(output) is { } outputPath && string.IsNullOrWhiteSpace(outputPath))
            throw new UsageException("--out: the name is empty; add a file name, or omit the option");
        var isStore = File.Exists(Path.Combine(name, StoreDescription.FileName));
        if (isStore && parseResult.GetValue(format) != "npz")
            throw new UsageException(
                $"--to {parseResult.GetValue(format)}: {name} is a feature store, which can only be exported to npz"
            );
        if (isStore)
            StoreExport.Run(
                name,
                parseResult.GetValue(output) ?? Path.TrimEndingDirectorySeparator(name) + "_npz",
                console,
                cancellationToken
            );
        else
            ExportModel(name, parseResult, console, cancellationToken);
        return ExitCode.Success;
    }

    private void ExportModel(
        string name,
        ParseResult parseResult,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var paths = RunDirectory.FindModels(Path.GetFullPath(parseResult.GetValue(workdir)!), name);
        if (paths.Count > 1)
            throw new UsageException(
                $"{name} has {paths.Count} folds: choose one of their models, for example {paths[0]}"
            );
        var path = parseResult.GetValue(output) ?? Path.ChangeExtension(paths[0], parseResult.GetValue(format));
        CheckOutput(path, paths[0]);
        var model = ModelFile.Read(
            paths[0],
            labels.Read(parseResult),
            withOptimizer: parseResult.GetValue(format) == "keras"
        );
        foreach (var notice in model.Notices)
            console.WriteMessage(notice);
        try
        {
            Write(path, model, parseResult, console, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                path,
                $"cannot be written ({exception.Message.TrimEnd('.')}); choose a writable file with --out"
            );
        }
    }

    // Checked before the conversion, and before an archive that took days to train is overwritten.
    private static void CheckOutput(string path, string source)
    {
        var fullPath = Path.GetFullPath(path);
        if (Directory.Exists(fullPath))
            throw new InvalidInputException(path, "is a folder; choose a file in it with --out");
        if (fullPath.StartsWith("/dev/", StringComparison.Ordinal))
            throw new InvalidInputException(path, "is a device, not a file path; choose a file with --out");
        // Resolved, since one path may be a link to the other.
        if (RealPath.Resolve(fullPath) == RealPath.Resolve(source))
            throw new InvalidInputException(path, "this is the input file; choose another file with --out");
    }

    private void Write(
        string path,
        TrainedModel model,
        ParseResult parseResult,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var modelInfo = parseResult.GetValue(waveform)
            ? model.Info
            : AddEncoder(model.Info, parseResult, console, cancellationToken);
        if (parseResult.GetValue(format) == "onnx")
        {
            ExportOnnx(path, modelInfo, model.Tensors, parseResult, console, cancellationToken);
            return;
        }
        if (parseResult.GetValue(format) == "npz")
            WeightsNpz.Write(path, modelInfo, model.Tensors);
        else
        {
            if (model.Optimizer is null)
                console.WriteMessage(
                    "the archive has no Adam state: the output is not compiled, "
                        + "and Keras would train it with a new optimizer"
                );
            ModelFile.Write(path, modelInfo, model.Tensors, model.Optimizer);
        }
        console.WriteResult(path);
    }

    // An archive saved by Keras does not contain the encoder; the output can.
    private TrainedModelInfo AddEncoder(
        TrainedModelInfo modelInfo,
        ParseResult parseResult,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (parseResult.GetValue(encoder) is null && parseResult.GetValue(layers) is null)
            return modelInfo;
        if (!modelInfo.Encoder.IsUnknown)
            throw new UsageException(
                $"--encoder: the model already has its encoder, {modelInfo.Encoder}; omit the option"
            );
        using var modelEncoder = new ModelEncoder(
            modelInfo.Encoder,
            parseResult.GetValue(encoder),
            parseResult.GetValue(layers),
            1,
            console
        );
        return modelInfo with { Encoder = modelEncoder.Get("--encoder", cancellationToken).Description };
    }

    private void ExportOnnx(
        string path,
        TrainedModelInfo modelInfo,
        IReadOnlyList<ModelTensor> tensors,
        ParseResult parseResult,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var quantizeInt8 = parseResult.GetValue(quantize) is not null;
        if (parseResult.GetValue(waveform))
            ExportWaveformModel(path, modelInfo, tensors, quantizeInt8, parseResult, console, cancellationToken);
        else
        {
            OnnxExporter.ExportFeatureModel(path, modelInfo, tensors, quantizeInt8);
            if (modelInfo.Normalization.Kind == "speaker")
                console.WriteMessage(
                    "this model normalizes with the speaker's mean and standard deviation: the input of the file "
                        + "must be frames normalized with them, as its metadata state"
                );
            console.WriteResult(path);
        }
        if (!quantizeInt8)
            return;
        var error = Int8ModelError.ComputeMaxProbabilityDifference(modelInfo, tensors);
        console.WriteMessage(
            string.Create(
                CultureInfo.InvariantCulture,
                $"int8: the maximum difference of a probability from float32 is {error:0.0000}"
            ) + $" (on {Int8ModelError.Clips} clips of noise with the training data's mean and standard deviation)"
        );
    }

    private void ExportWaveformModel(
        string path,
        TrainedModelInfo modelInfo,
        IReadOnlyList<ModelTensor> tensors,
        bool quantizeInt8,
        ParseResult parseResult,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        using var modelEncoder = new ModelEncoder(
            modelInfo.Encoder,
            parseResult.GetValue(encoder),
            parseResult.GetValue(layers),
            1,
            console
        );
        var openedEncoder = modelEncoder.Get("--waveform", cancellationToken);
        if (quantizeInt8 && openedEncoder.Description.Name != LogMelEncoder.Name)
            throw new InvalidInputException(
                $"--quantize: nearly all weights belong to {openedEncoder.Description.Name}, and a model trained on "
                    + "float32 features does not tolerate its int8 error: "
                    + "extract with --precision int8, train on these features, and omit --quantize"
            );
        foreach (var file in OnnxExporter.ExportWaveformModel(path, modelInfo, tensors, openedEncoder, quantizeInt8))
            console.WriteResult(file);
        if (openedEncoder is SpeechEncoder { MaxSeconds: { } seconds })
            console.WriteMessage(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the file accepts recordings of at most {seconds:0.##} seconds and returns NaN for longer ones"
                ) + "; predict splits longer recordings, callers of the file must do so themselves"
            );
        if (modelInfo.Normalization.Kind == "speaker")
            console.WriteMessage(
                "this model normalizes with the speaker's mean and standard deviation, "
                    + "which cannot be computed from one recording: "
                    + "the file uses the training corpus' statistics, as predict does for a single recording"
            );
    }
}
