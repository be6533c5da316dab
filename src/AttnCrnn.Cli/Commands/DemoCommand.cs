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
internal sealed class DemoCommand : OptionCommand<DemoSettings>
{
    public DemoCommand()
        : base("demo", "Generate synthetic speech, then extract, train, evaluate and predict.", DemoSettings.Options)
    { }

    public override async Task<int> RunAsync(
        DemoSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var folder = Path.GetFullPath(settings.WorkFolder);
        var recordings = Path.Combine(folder, "synthetic_speech");
        var features = Path.Combine(folder, "features");
        console.WriteMessage(
            "1/5 generating synthetic speech: the metrics only show that the program works; they are not "
                + "valid for real speech"
        );
        DemoCorpus.Generate(recordings, seed: settings.Seed, cancellationToken: cancellationToken);
        var manifest = Path.Combine(recordings, DemoCorpus.ManifestName);
        console.WriteMessage($"2/5 {PrintedCommand.Format("extract", manifest, "--out", features)}");
        using (
            var encoder = await EncoderCatalog
                .OpenAsync(new(), console.WriteMessage, cancellationToken: cancellationToken)
                .ConfigureAwait(false)
        )
            Extraction.Run(
                console,
                encoder,
                new ExtractionOptions(features),
                CorpusReader.Read([manifest]),
                cancellationToken
            );
        var existingRuns = RunDirectory.List(folder);
        await RunStepAsync(
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
                    $"{settings.Epochs}",
                    "--seed",
                    $"{settings.Seed}",
                ],
                cancellationToken
            )
            .ConfigureAwait(false);
        var run = RunDirectory.List(folder).Except(existingRuns).Single();
        await RunStepAsync(
                console,
                "4/5",
                new EvaluateCommand(),
                ["evaluate", run, "--workdir", folder],
                cancellationToken
            )
            .ConfigureAwait(false);
        var clip = Directory
            .EnumerateFiles(recordings, "*.wav", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .First();
        await RunStepAsync(
                console,
                "5/5",
                new PredictCommand(),
                ["predict", run, clip, "--workdir", folder],
                cancellationToken
            )
            .ConfigureAwait(false);
        console.WriteResult($"\nThe report: {new RunDirectory(folder, run).Report}");
        return ExitCode.Success;
    }

    private static async Task RunStepAsync(
        ConsoleOutput console,
        string number,
        CliCommand command,
        string[] arguments,
        CancellationToken cancellationToken
    )
    {
        console.WriteMessage($"{number} {PrintedCommand.Format(arguments)}");
        var parsedArguments = command.ParseArguments(arguments[1..]);
        var code = await command.RunAsync(parsedArguments, console, cancellationToken).ConfigureAwait(false);
        if (code != ExitCode.Success)
            throw new InvalidOperationException($"{arguments[0]} ended with {code}");
    }
}
