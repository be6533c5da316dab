using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Reports;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Commands;

/// <summary>Renders the report of a run again, from what is stored with it.</summary>
internal sealed class ReportCommand : OptionCommand<ReportSettings>
{
    public ReportCommand()
        : base(
            "report",
            "Render report.html of an evaluated run again from the files in its analysis folder, without features and "
                + "models.",
            ReportSettings.Options,
            new("RUN", "Run name, or folder of a run.")
        ) { }

    public override Task<int> RunAsync(
        ReportSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        if (settings.Arguments is not [var name])
            throw new UsageException("expected one run");
        var run = RunDirectory.Open(Path.GetFullPath(settings.WorkFolder), name);
        var report = StoredReport.Read(run, settings.Report);
        foreach (var notice in report.Notices)
            console.WriteMessage(notice);
        report.Write(run);
        console.WriteResult($"report   {run.Report}");
        return Task.FromResult(ExitCode.Success);
    }
}
