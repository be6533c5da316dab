using AttnCrnn.IO;
using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Cli.Options;

/// <summary>
/// Options in a JSON file, as in <c>{"epochs": 10, "data_dirs": ["features"]}</c>. The command line takes precedence.
/// </summary>
internal static class ConfigurationFile
{
    /// <summary>The known options of a file.</summary>
    /// <param name="errors">Receives what is invalid: that it is missing or newer, and each unknown option.</param>
    /// <exception cref="InvalidInputException">The file is not a JSON object.</exception>
    public static OptionValues Read(string path, CliCommand command, UsageErrors errors)
    {
        if (!File.Exists(path))
        {
            errors.Add($"--config {path}: {MissingPath.Describe(path, "no such file")}");
            return new();
        }
        var json = RunConfigurationFile.ReadObject(path);
        if (RunConfigurationFile.GetVersion(json) > RunConfigurationFile.CurrentVersion)
        {
            errors.Add(
                $"{path} was written by a newer version of this program "
                    + $"(format {RunConfigurationFile.GetVersion(json)}; this version reads up to "
                    + $"{RunConfigurationFile.CurrentVersion}): update the program"
            );
            return new();
        }
        var values = RunConfigurationFile.GetValues(json, _ => { });
        RemoveUnknownKeys(values, path, command, errors);
        return values;
    }

    /// <summary>Removes the keys that are not options of the command, or that name a configuration file.</summary>
    /// <param name="errors">Receives each of them, with the most similar name.</param>
    public static void RemoveUnknownKeys(OptionValues values, string source, CliCommand command, UsageErrors errors)
    {
        string[] names = [.. command.Options.Select(option => option.Key.Name)];
        string[] keys = [.. values.Keys];
        foreach (var key in keys)
        {
            var isConfig = key == CommandOptionKeys.Config.Name;
            if (!isConfig && names.Contains(key))
                continue;
            errors.Add(
                isConfig
                    ? $"{source}: a configuration file cannot include another"
                    : $"{source}: '{key}' is not an option of {command.Definition.Name}"
                        + OptionSpelling.Suggest(key, names)
            );
            values.Remove(new(key));
        }
    }
}
