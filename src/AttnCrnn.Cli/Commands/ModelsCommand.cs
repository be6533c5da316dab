using AttnCrnn.Cli.Options;
using AttnCrnn.Cli.Terminal;
using AttnCrnn.Reports.Inventory;

namespace AttnCrnn.Cli.Commands;

/// <summary>Lists the runs of a working folder.</summary>
internal sealed class ModelsCommand : OptionCommand<ModelsSettings>
{
    public ModelsCommand()
        : base(
            "models",
            "List the runs of a working folder, the oldest first: encoder, protocol, UAR, and how far each is.",
            ModelsSettings.Options
        ) { }

    public override Task<int> RunAsync(
        ModelsSettings settings,
        ConsoleOutput console,
        CancellationToken cancellationToken
    )
    {
        var runs = RunInventory.Read(settings.WorkFolder);
        if (settings.Json)
            console.WriteResult(InventoryJson.Serialize(runs));
        else if (runs.Count == 0)
            console.WriteMessage(
                $"no runs in {Path.GetFullPath(settings.WorkFolder)}: train one with train --data_dirs DIR --workdir "
                    + $"{settings.WorkFolder}, or name another folder with --workdir"
            );
        else
            RunTable.Write(console, runs);
        return Task.FromResult(ExitCode.Success);
    }
}
