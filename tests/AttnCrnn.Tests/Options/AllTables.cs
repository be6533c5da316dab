using AttnCrnn.Cli.Commands;
using AttnCrnn.Cli.Commands.Prediction;
using AttnCrnn.Cli.Commands.Remote;
using AttnCrnn.Cli.Options;
using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Options;

/// <summary>Something that holds for the options of every table.</summary>
internal interface ITableCheck
{
    void Check<TOptions>(OptionTable<TOptions> table)
        where TOptions : new();
}

/// <summary>All tables of options: those of every command, and the one of a run.</summary>
internal static class AllTables
{
    /// <summary>The options of every command and of a run, each with the name of its table.</summary>
    public static IEnumerable<(string Table, OptionDefinition Option)> Options =>
        CommandList
            .CreateAll()
            .SelectMany(command => command.Options.Select(option => (command.Definition.Name, option)))
            .Concat(RunConfiguration.Table.Options.Select(option => ("run", (OptionDefinition)option)));

    /// <summary>Runs a check on every table with its type.</summary>
    /// <returns>The number of tables of commands.</returns>
    public static int CheckAll(ITableCheck check)
    {
        check.Check(RunConfiguration.Table);
        check.Check(new CorpusCommand().Table);
        check.Check(new ExtractCommand().Table);
        check.Check(new TrainCommand().Table);
        check.Check(new EvaluateCommand().Table);
        check.Check(new CompareCommand().Table);
        check.Check(new ReportCommand().Table);
        check.Check(new ModelsCommand().Table);
        check.Check(new ShowCommand().Table);
        check.Check(new PredictCommand().Table);
        check.Check(new ExportCommand().Table);
        check.Check(new DeployCommand().Table);
        check.Check(new MonitorCommand().Table);
        check.Check(new FetchCommand().Table);
        check.Check(new StopCommand().Table);
        check.Check(new DemoCommand().Table);
        check.Check(new DoctorCommand().Table);
        check.Check(new CompletionCommand().Table);
        check.Check(new ReferenceCommand().Table);
        return 18;
    }
}
