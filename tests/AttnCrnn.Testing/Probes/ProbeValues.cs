using AttnCrnn.Options;

namespace AttnCrnn.Testing.Probes;

/// <summary>The options of the two commands that a probe compares.</summary>
internal static class ProbeValues
{
    // An output is a path, which stored configurations do not contain.
    private static readonly OptionKey[] OutputKeys = [OptionKeys.Out];

    /// <summary>The options without the probed one, and with it.</summary>
    /// <param name="common">Options of both, by key.</param>
    /// <param name="folder">Folder of the probe's paths.</param>
    public static (Dictionary<string, string> Before, Dictionary<string, string> After) Create(
        OptionDefinition option,
        IReadOnlyDictionary<string, string> common,
        string folder
    )
    {
        var probe = option.Probe!;
        var before = new Dictionary<string, string>(common);
        foreach (var assignment in probe.Setup)
        {
            string[] parts = assignment.Split('=', 2);
            before[parts[0]] = IsInput(parts[0], parts[1], folder) ? Path.Combine(folder, parts[1]) : parts[1];
        }
        var value =
            option.Arity == OptionArity.Switch ? "true"
            : option.IsPath
            || IsInput(option.Key.Name, probe.Value, folder)
            || OutputKeys.Contains(option.Key)
            || option.Key.Name == "config"
                ? Path.Combine(folder, probe.Value)
            : probe.Value;
        // What all commands have is compared with the default.
        if (before.GetValueOrDefault(option.Key.Name) == value)
            before.Remove(option.Key.Name);
        return (before, new(before) { [option.Key.Name] = value });
    }

    /// <summary>The arguments of options: <c>--batch_size 8</c>.</summary>
    public static IEnumerable<string> FormatArguments(IReadOnlyDictionary<string, string> options) =>
        options.SelectMany(option => (string[])[$"--{option.Key}", option.Value]);

    // A model, a store, or the folder of an encoder instead of its name.
    private static bool IsInput(string key, string value, string folder) =>
        value.EndsWith(".keras", StringComparison.Ordinal)
        || (
            (key == OptionKeys.Encoder.Name || key == OptionKeys.DataFolders.Name)
            && Directory.Exists(Path.Combine(folder, value))
        );
}
