using System.CommandLine;
using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Synthetic;
using AttnCrnn.Encoders;
using AttnCrnn.Features;

namespace AttnCrnn.Cli.Commands;

/// <summary>The main job on generated speech: generate, extract, train, evaluate, predict, each as the user would give it.</summary>
internal sealed class DemoCommand : CliCommand
{
    private readonly Option<string?> workdir;
    private readonly Option<int> epochs;
    private readonly Option<ulong> seed;

    public DemoCommand()
        : base("demo", "Generates speech-like clips, then extracts, trains, evaluates and predicts.")
    {
        workdir = Flag<string?>("--workdir", "where everything goes", "demo");
        epochs = Flag("--epochs", "at most", 30);
        seed = Flag("--seed", "the one source of chance", 0UL);
    }

    public override int Run(ParseResult given, ConsoleOutput console, CancellationToken cancellationToken)
    {
        var folder = Path.GetFullPath(given.GetValue(workdir)!);
        var (recordings, features) = (Path.Combine(folder, "synthetic_speech"), Path.Combine(folder, "features"));
        console.Info(
            "1/5 generating synthetic speech: its figures say that the program works, and nothing about people"
        );
        DemoCorpus.Generate(recordings, seed: given.GetValue(seed), cancellationToken: cancellationToken);
        var manifest = Path.Combine(recordings, "clips.csv");
        console.Info($"2/5 attn-crnn extract {manifest} --out {features}");
        using (var encoder = EncoderCatalog.Open(new(), console.Info, cancellationToken: cancellationToken))
            ExtractCommand.Extract(
                console,
                encoder,
                new ExtractionOptions(features),
                CorpusReader.Read([manifest]),
                cancellationToken
            );
        var before = Runs(folder);
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
        var run = Runs(folder).Except(before).Single();
        Step(console, "4/5", new EvaluateCommand(), ["evaluate", run, "--workdir", folder], cancellationToken);
        var clip = Directory
            .EnumerateFiles(recordings, "*.wav", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .First();
        Step(console, "5/5", new PredictCommand(), ["predict", run, clip, "--workdir", folder], cancellationToken);
        console.Result($"\nThe report: {Path.Combine(folder, "analysis_results", run, "report.html")}");
        return ExitCode.Done;
    }

    private static string[] Runs(string folder)
    {
        var checkpoints = Path.Combine(folder, "checkpoints");
        return Directory.Exists(checkpoints)
            ? [.. Directory.GetDirectories(checkpoints).Select(path => Path.GetFileName(path)!)]
            : [];
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
