using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Encoders.Classifiers;
using AttnCrnn.Reports.Inventory;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>Shows everything that is known about a model or a run.</summary>
internal sealed class ShowCommand : OptionCommand<ShowSettings>
{
    private const int TitleWidth = 15;

    public ShowCommand()
        : base(
            "show",
            "Show what is known about a model or a run: labels, network, encoder, options, metrics, limits and hash.",
            ShowSettings.Options,
            new(
                "RUN|MODEL",
                "Run name or folder, latest (the run fetched last), model file, or a published classifier: a "
                    + "checkpoint folder or OWNER/NAME of the hub."
            )
        ) { }

    public override async Task<int> RunAsync(
        ShowSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (settings.Arguments is not [var name])
            throw new UsageException("expected one run or model");
        if (RunPredictor.IsClassifier(settings.WorkFolder, name))
            await ShowClassifierAsync(name, settings, console, cancellationToken).ConfigureAwait(false);
        else
            ShowModel(name, settings, console);
        return ExitCode.Success;
    }

    private static void ShowModel(string name, ShowSettings settings, ConsoleOutput console)
    {
        if (settings.Revision is not null)
            throw new UsageException($"--revision {settings.Revision}: {name} is no repository; omit the option");
        if (settings.Output is { } output)
            OutputFile.RequirePage(output);
        var details = ModelDetails.Read(settings.WorkFolder, name, settings.Labels);
        if (settings.Json)
            console.WriteResult(ModelDetailsJson.Serialize(details));
        else
            WriteLines(console, ModelDetailsText.List(details));
        if (settings.Output is not { } page)
            return;
        if (details.Card is not { } card)
            throw new UsageException($"--out: {name} is an evaluation without a model; omit the option");
        card.WritePage(page);
        console.WriteMessage($"page: {Path.GetFullPath(page)}");
    }

    private static async Task ShowClassifierAsync(
        string name,
        ShowSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (settings.Output is not null || settings.Labels is not null)
            throw new UsageException(
                $"--out, --labels: {name} is a published classifier, which has a model card of its own; omit the option"
            );
        var options = new SpeechClassifierOptions
        {
            Revision = settings.Revision,

            Notice = console.WriteMessage,
        };
        using var classifier = await SpeechClassifier.OpenAsync(name, options, cancellationToken).ConfigureAwait(false);
        if (settings.Json)
            console.WriteResult(ClassifierDetails.Serialize(classifier));
        else
            WriteLines(console, ClassifierDetails.List(classifier));
    }

    private static void WriteLines(ConsoleOutput console, IEnumerable<KeyValuePair<string, string>> lines)
    {
        var last = "";
        foreach (var (title, text) in lines)
        {
            console.WriteResultText($"{(title == last ? "" : title), -TitleWidth}{text}", TitleWidth);
            last = title;
        }
    }
}
