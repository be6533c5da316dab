using System.CommandLine;
using AttnCrnn.Cli.CommandLine;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Evaluation;
using AttnCrnn.Interop;

namespace AttnCrnn.Cli.Commands;

/// <summary>Converts a model.</summary>
internal sealed class ExportCommand : CliCommand
{
    private readonly Argument<string[]> model;
    private readonly Option<string?> to, output, workdir;

    public ExportCommand() : base("export", "Converts a model: --to npz writes its weights under Keras' names.")
    {
        model = Arguments("RUN|MODEL", "a run's name or folder, or a model file");
        to = Flag<string?>("--to", "npz", null);
        output = Flag<string?>("--out", "FILE; by default the model's own name", null);
        workdir = Flag<string?>("--workdir", "where checkpoints/ is", ".");
    }

    public override int Run(ParseResult given, Shell shell, CancellationToken cancellationToken)
    {
        if (given.GetValue(model) is not [var name]) throw new UsageException("name one run or model");
        if (given.GetValue(to) is not "npz") throw new UsageException($"--to {given.GetValue(to) ?? "is missing"}: this version writes npz; keras and onnx are not there yet");
        var paths = RunFolders.ModelsOf(Path.GetFullPath(given.GetValue(workdir)!), name);
        if (paths.Count > 1) throw new UsageException($"{name} has {paths.Count} folds: name one of their models, as in {paths[0]}");
        var (saved, tensors) = ModelFile.Read(paths[0]);
        var path = given.GetValue(output) ?? Path.ChangeExtension(paths[0], ".npz");
        WeightsNpz.Write(path, saved, tensors);
        shell.Print(path);
        return ExitCode.Done;
    }
}
