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

/// <summary>The whole workflow on synthetic speech: generate, extract, train, evaluate and predict.</summary>
internal sealed class DemoCommand : CliCommand
{
    private readonly Option<string?> workdir;
    private readonly Option<int> epochs;
    private readonly Option<ulong> seed;

    public DemoCommand()
        : base("demo", "Generate synthetic speech, then extract, train, evaluate and predict.")
    {
        workdir = Flag<string?>("--workdir", "Output folder.", "demo");
        epochs = Flag("--epochs", "Maximum number of epochs.", 30);
        seed = Flag("--seed", "Random seed.", 0UL);
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(given.GetValue(workdir)!);
        var recordings = Path.Combine(folder, "synthetic_speech");
        var features = Path.Combine(folder, "features");
        console.Info(
            "1/5 generating synthetic speech: its metrics test the program; they are not valid for real speech"
        );
        DemoCorpus.Generate(recordings, seed: given.GetValue(seed), cancellationToken: cancellationToken);
        var manifest = Path.Combine(recordings, DemoCorpus.ManifestName);
        console.Info($"2/5 attn-crnn extract {manifest} --out {features}");
        using (var encoder = EncoderCatalog.Open(new(), console.Info, cancellationToken: cancellationToken))
            Extraction.Run(
                console,
                encoder,
                new ExtractionOptions(features),
                CorpusReader.Read([manifest]),
                cancellationToken
            );
        var before = RunDirectory.List(folder);
        Step(
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
                $"{given.GetValue(epochs)}",
                "--seed",
                $"{given.GetValue(seed)}",
            ],
            cancellationToken
        );
        var run = RunDirectory.List(folder).Except(before).Single();
        Step(console, "4/5", new EvaluateCommand(), ["evaluate", run, "--workdir", folder], cancellationToken);
        var clip = Directory
            .EnumerateFiles(recordings, "*.wav", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .First();
        Step(console, "5/5", new PredictCommand(), ["predict", run, clip, "--workdir", folder], cancellationToken);
        console.Result($"\nThe report: {new RunDirectory(folder, run).Report}");
        return ExitCode.Done;
    }

    private static void Step(
        ConsoleOutput console,
        string number,
        CliCommand command,
        string[] arguments,
        CancellationToken cancellationToken
    )
    {
        console.Info($"{number} attn-crnn {string.Join(' ', arguments)}");
        var root = new RootCommand();
        root.Subcommands.Add(command.Definition);
        var code = command.Run(root.Parse(arguments), console, cancellationToken);
        if (code != ExitCode.Done)
            throw new InvalidOperationException($"{arguments[0]} ended with {code}");
    }
}
