using System.CommandLine;
using AttnCrnn.Cli.CommandLine;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Evaluation;
using AttnCrnn.Features;
using AttnCrnn.Interop;

namespace AttnCrnn.Cli.Commands;

/// <summary>Converts a model, or a store of frames.</summary>
internal sealed class ExportCommand : CliCommand
{
    private readonly Argument<string[]> source;
    private readonly Option<string?> to, output, workdir;
    private readonly OutputFlags labels;

    public ExportCommand() : base("export", "Converts: --to npz writes a model's weights under Keras' names, and a store's frames as one file a clip; --to keras an archive with all that predicting needs.")
    {
        source = Arguments("RUN|MODEL|STORE", "a run's name or folder, a model file, or a store's folder");
        to = Flag<string?>("--to", "npz or keras", null);
        output = Flag<string?>("--out", "FILE, by default the model's own name; or DIR, by default the store's name and _npz", null);
        workdir = Flag<string?>("--workdir", "where checkpoints/ is", ".");
        labels = OutputFlags();
    }

    public override int Run(ParseResult given, Shell shell, CancellationToken cancellationToken)
    {
        if (given.GetValue(source) is not [var name]) throw new UsageException("name one run, model or store");
        if (given.GetValue(to) is not ("npz" or "keras")) throw new UsageException($"--to {given.GetValue(to) ?? "is missing"}: this version writes npz and keras");
        var isStore = File.Exists(Path.Combine(name, StoreDescription.FileName));
        if (isStore && given.GetValue(to) != "npz") throw new UsageException($"--to {given.GetValue(to)}: {name} is a store, whose frames become npz");
        if (isStore) Frames(name, given.GetValue(output) ?? Path.TrimEndingDirectorySeparator(name) + "_npz", shell, cancellationToken);
        else Weights(name, given, shell);
        return ExitCode.Done;
    }

    private void Weights(string name, ParseResult given, Shell shell)
    {
        var paths = RunFolders.ModelsOf(Path.GetFullPath(given.GetValue(workdir)!), name);
        if (paths.Count > 1) throw new UsageException($"{name} has {paths.Count} folds: name one of their models, as in {paths[0]}");
        var model = ModelFile.Read(paths[0], labels.Read(given), withOptimiser: true);
        foreach (var notice in model.Notices) shell.Say(notice);
        var path = given.GetValue(output) ?? Path.ChangeExtension(paths[0], given.GetValue(to));
        if (given.GetValue(to) == "keras") ModelFile.Write(path, model.Model, model.Tensors, model.Optimiser);
        else WeightsNpz.Write(path, model.Model, model.Tensors);
        shell.Print(path);
    }

    private static void Frames(string store, string folder, Shell shell, CancellationToken cancellationToken)
    {
        NpzExportReport report;
        try
        {
            report = shell.Track("exporting", move => NpzExport.Run(
                store, folder, TimeProvider.System, new Direct<(int Seen, int Total)>(now => move((double)now.Seen / now.Total, $"{now.Seen} of {now.Total} clips")), cancellationToken));
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException($"interrupted; what was done is kept in {folder}: the same command goes on from there");
        }
        foreach (var remark in report.Bad) shell.Complain($"bad: {remark.Path}: {remark.What}");
        shell.Print($"{report.Written} clips written, {report.AlreadyThere} were there, {report.Bad.Count} without frames, in {folder}");
    }
}
