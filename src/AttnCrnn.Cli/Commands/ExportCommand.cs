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

/// <summary>Converts a model, or a store of frames.</summary>
internal sealed class ExportCommand : CliCommand
{
    private readonly Argument<string[]> source;
    private readonly Option<string?> to,
        output,
        workdir,
        encoder,
        layers,
        quantize;
    private readonly Option<bool> waveform;
    private readonly OutputFlags labels;

    public ExportCommand()
        : base(
            "export",
            "Converts: --to keras writes an archive with all that predicting needs; --to onnx a model for ONNX runtimes in any language; --to npz a model's weights under Keras' names, or a store's frames as one file a clip."
        )
    {
        source = Arguments("RUN|MODEL|STORE", "a run's name or folder, a model file, or a store's folder");
        to = Flag<string?>("--to", "keras, onnx or npz", null);
        output = Flag<string?>(
            "--out",
            "FILE, by default the model's own name ending in .onnx or .npz (--to keras needs one); or DIR, by default the store's name and _npz",
            null
        );
        workdir = Flag<string?>("--workdir", "where checkpoints/ is", ".");
        waveform = Flag("--waveform", "onnx: with the encoder in it: samples in, and not frames", false);
        encoder = Flag<string?>(
            "--encoder",
            "DIR: with --waveform, the model's encoder, where it is not where it was in training; or which it is, where an archive of Keras' own does not say it: the file then says it",
            null
        );
        layers = Flag<string?>(
            "--layers",
            "with --encoder, its layers, where an archive of Keras' own does not say them",
            null
        );
        quantize = Flag<string?>(
            "--quantize",
            "int8: onnx with the network's weights by eight bits, a quarter of the size; says how far its probabilities are off",
            null
        );
        labels = OutputFlags();
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        if (given.GetValue(source) is not [var name])
            throw new UsageException("name one run, model or store");
        if (given.GetValue(to) is not ("keras" or "onnx" or "npz"))
            throw new UsageException($"--to {given.GetValue(to) ?? "is missing"}: expected keras, onnx or npz");
        if (given.GetValue(to) != "onnx" && (given.GetValue(waveform) || given.GetValue(quantize) is not null))
            throw new UsageException("--waveform and --quantize go with --to onnx");
        if ((given.GetValue(encoder) ?? given.GetValue(layers)) is not null && given.GetValue(to) == "npz")
            throw new UsageException("--encoder and --layers go with --to keras and --to onnx");
        if (given.GetValue(quantize) is not (null or "int8"))
            throw new UsageException($"--quantize {given.GetValue(quantize)}: expected int8");
        if (given.GetValue(output) is { } place && string.IsNullOrWhiteSpace(place))
            throw new UsageException("--out: empty; name a file, or leave it out");
        var isStore = File.Exists(Path.Combine(name, StoreDescription.FileName));
        if (isStore && given.GetValue(to) != "npz")
            throw new UsageException($"--to {given.GetValue(to)}: {name} is a store, whose frames become npz");
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
        var paths = RunDirectory.ModelFolder(Path.GetFullPath(given.GetValue(workdir)!), name);
        if (paths.Count > 1)
            throw new UsageException($"{name} has {paths.Count} folds: name one of their models, as in {paths[0]}");
        var path = given.GetValue(output) ?? Path.ChangeExtension(paths[0], given.GetValue(to));
        RequirePlace(path, paths[0]);
        var model = ModelFile.Read(paths[0], labels.Read(given), withOptimizer: given.GetValue(to) == "keras");
        foreach (var notice in model.Notices)
            console.Info(notice);
        try
        {
            Write(path, model, given, console, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException(
                $"{path}: it cannot be written ({fault.Message.TrimEnd('.')}); name a place that can be with --out"
            );
        }
    }

    // Said before the work is done, and before an archive that took days to train is replaced by ours.
    private static void RequirePlace(string path, string source)
    {
        var full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new InvalidInputException($"{path}: a folder; name a file in it with --out");
        if (full.StartsWith("/dev/", StringComparison.Ordinal))
            throw new InvalidInputException($"{path}: no place for a file; name another with --out");
        // By whatever links they are reached.
        if (RealPath.Resolve(full) == RealPath.Resolve(source))
            throw new InvalidInputException($"{path}: this is the file that is read; name another with --out");
    }

    private void Write(
        string path,
        TrainedModel model,
        ParseResult given,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var saved = given.GetValue(waveform)
            ? model.Model
            : WithEncoder(model.Model, given, console, cancellationToken);
        if (given.GetValue(to) == "onnx")
        {
            Onnx(path, saved, model.Tensors, given, console, cancellationToken);
            return;
        }
        if (given.GetValue(to) == "npz")
            WeightsNpz.Write(path, saved, model.Tensors);
        else
        {
            if (model.Optimizer is null)
                console.Info(
                    "the archive has no state of a plain Adam: what is written is not compiled, and Keras begins its training anew"
                );
            ModelFile.Write(path, saved, model.Tensors, model.Optimizer);
        }
        console.Result(path);
    }

    // What an archive of Keras' own does not say, and what is written from it can.
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
            throw new UsageException($"--encoder: the model takes frames of {saved.Encoder}; leave it out");
        using var front = new ModelEncoder(saved.Encoder, given.GetValue(encoder), given.GetValue(layers), 1, console);
        return saved with { Encoder = front.Get("--encoder", cancellationToken).Description };
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
                    "this model goes by its speaker's own mean and deviation: the file takes frames that are normalised by them already, and its metadata say so"
                );
            console.Result(path);
        }
        if (quantizeInt8)
            console.Info(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"int8: on {Int8ModelError.Clips} clips of noise with the training data's mean and deviation, no probability is farther than {Int8ModelError.MaxProbabilityDifference(saved, tensors):0.0000} from float32's"
                )
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
        using var front = new ModelEncoder(saved.Encoder, given.GetValue(encoder), given.GetValue(layers), 1, console);
        var heard = front.Get("--waveform", cancellationToken);
        if (quantizeInt8 && heard.Description.Name != LogMelEncoder.Name)
            throw new InvalidInputException(
                $"--quantize: nearly all weights would be those of {heard.Description.Name}, which eight bits change more than a model stands that has not learned with them: extract with --precision int8, train on that, and leave --quantize out"
            );
        foreach (var file in OnnxExporter.ExportWaveformModel(path, saved, tensors, heard, quantizeInt8))
            console.Result(file);
        if (heard is SpeechEncoder { MaxSeconds: { } seconds })
            console.Info(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the file takes recordings of at most {seconds:0.##} seconds at once and gives NaN for longer ones, which predict cuts: cut them before"
                )
            );
        if (saved.Normalization.Kind == "speaker")
            console.Info(
                "this model goes by its speaker's own mean and deviation, which one recording does not give: the file goes by its corpus', as predict does for a recording alone"
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
                $"interrupted; what was done is kept in {folder}: the same command goes on from there"
            );
        }
        foreach (var remark in report.Bad)
            console.Error($"bad: {remark.Path}: {remark.Message}");
        console.Result(
            $"{report.Written} clips written, {report.AlreadyThere} were there, {report.Bad.Count} without frames, in {folder}"
        );
    }
}
