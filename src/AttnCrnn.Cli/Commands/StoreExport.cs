using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Features.Npz;

namespace AttnCrnn.Cli.Commands;

/// <summary>Exports the frames of a feature store to .npz files, one per clip.</summary>
internal static class StoreExport
{
    /// <summary>The only format of a store's frames.</summary>
    public const string Format = "npz";

    /// <exception cref="InterruptedException">The user pressed Ctrl-C; the same command continues.</exception>
    public static void Run(string store, string folder, ConsoleOutput console, CancellationToken cancellationToken)
    {
        NpzExportReport report;
        try
        {
            report = console.Track("exporting", reportProgress =>
                NpzExport.Run(
                    store,
                    folder,
                    TimeProvider.System,
                    new InlineProgress<(int Processed, int Total)>(progress =>
                        reportProgress(
                            (double)progress.Processed / progress.Total,
                            $"{progress.Processed} of {progress.Total} clips"
                        )
                    ),
                    cancellationToken
                )
            );
        }
        catch (OperationCanceledException)
        {
            throw new InterruptedException(
                $"interrupted; completed clips are in {folder}: run the same command again to continue"
            );
        }
        foreach (var finding in report.InvalidClips)
            console.WriteError($"invalid: {finding.Path}: {OptionParser.FormatText(finding.Message)}");
        console.WriteResultText(
            $"{report.Written} clips written, {report.AlreadyExported} already exported, "
                + $"{report.InvalidClips.Count} without frames, in {folder}",
            indent: 0
        );
    }
}
