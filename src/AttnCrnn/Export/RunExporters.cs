using AttnCrnn.Export.Hub;

namespace AttnCrnn.Export;

/// <summary>The output formats of runs.</summary>
public static class RunExporters
{
    /// <summary>All formats; help texts and messages list them in this order.</summary>
    public static IReadOnlyList<IRunExporter> All { get; } =
    [
        // One line each.
        new HubExporter(),
    ];

    /// <summary>The format of a name; null: there is none.</summary>
    public static IRunExporter? Find(string name) => All.FirstOrDefault(exporter => exporter.Name == name);
}
