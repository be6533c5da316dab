using System.CommandLine;
using AttnCrnn.Cli.Commands.Prediction;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Synthetic;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>The complete workflow on synthetic speech: generate, extract, train, evaluate and predict.</summary>
internal sealed class DemoCommand : CliCommand
{
    private readonly Option<string?> workdir;
    private readonly Option<int> epochs;
    private readonly Option<ulong> seed;

    public DemoCommand()
        : base("demo", "Generate synthetic speech, then extract, train, evaluate and predict.")
    {
        workdir = AddOption<string?>("--workdir", "Output folder.", "demo");
        epochs = AddOption("--epochs", "Maximum number of epochs.", 30);
        seed = AddOption("--seed", "Random seed.", 0UL);
    }

    public override int Run(ParseResult parseResult, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(parseResult.GetValue(workdir)!);
        var recordings = Path.Combine(folder, "synthetic_speech");
        var features = Path.Combine(folder, "features");
        console.WriteMessage(
            "1/5 generating synthetic speech: the metrics only show that the program works; they are not "
                + "valid for real speech"
        );
        DemoCorpus.Generate(recordings, seed: parseResult.GetValue(seed), cancellationToken: cancellationToken);
        var manifest = Path.Combine(recordings, DemoCorpus.ManifestName);
        console.WriteMessage($"2/5 attn-crnn extract {manifest} --out {features}");
        using (var encoder = EncoderCatalog.Open(new(), console.WriteMessage, cancellationToken: cancellationToken))
            Extraction.Run(
                console,
                encoder,
                new ExtractionOptions(features),
                CorpusReader.Read([manifest]),
                cancellationToken
            );
        var existingRuns = RunDirectory.List(folder);
        RunStep(
            console,
            "3/5",
            new TrainCommand(),
            [
                "train",
                "--data_dirs",
                features,
                "--workdir",
                folder,
                "--epochs",
                $"{parseResult.GetValue(epochs)}",
                "--seed",
                $"{parseResult.GetValue(seed)}",
            ],
            cancellationToken
        );
        var run = RunDirectory.List(folder).Except(existingRuns).Single();
        RunStep(console, "4/5", new EvaluateCommand(), ["evaluate", run, "--workdir", folder], cancellationToken);
        var clip = Directory
            .EnumerateFiles(recordings, "*.wav", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .First();
        RunStep(console, "5/5", new PredictCommand(), ["predict", run, clip, "--workdir", folder], cancellationToken);
        console.WriteResult($"\nThe report: {new RunDirectory(folder, run).Report}");
        return ExitCode.Success;
    }

    private static void RunStep(
        ConsoleOutput console,
        string number,
        CliCommand command,
        string[] arguments,
        CancellationToken cancellationToken
    )
    {
        console.WriteMessage($"{number} attn-crnn {string.Join(' ', arguments)}");
        var root = new RootCommand();
        root.Subcommands.Add(command.Definition);
        var code = command.Run(root.Parse(arguments), console, cancellationToken);
        if (code != ExitCode.Success)
            throw new InvalidOperationException($"{arguments[0]} ended with {code}");
    }
}
