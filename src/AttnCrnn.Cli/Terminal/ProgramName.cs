using AttnCrnn.IO;

namespace AttnCrnn.Cli.Terminal;

/// <summary>How the user can start this program from the current folder: the first words of printed commands.</summary>
internal sealed record ProgramName
{
    /// <summary>
    /// Environment variable with the absolute path of the script that started the program, which builds it if needed.
    /// </summary>
    public const string ScriptVariable = "ATTN_CRNN_SCRIPT";

    private const string Name = "attn-crnn";

    /// <summary>The words of the running program.</summary>
    public static IReadOnlyList<string> Current { get; } =
        new ProgramName
        {
            Script = Environment.GetEnvironmentVariable(ScriptVariable),
            Process = Environment.ProcessPath,
            Assembly = Path.Combine(AppContext.BaseDirectory, $"{Name}.dll"),
            OnPath = SearchPath.Find(Name),
            Folder = Environment.CurrentDirectory,
        }.Words;

    /// <summary>Absolute path of the script that started the program; null or empty: none.</summary>
    public required string? Script { get; init; }

    /// <summary>Absolute path of the process' executable; null if it is unknown.</summary>
    public required string? Process { get; init; }

    /// <summary>Absolute path of the program's assembly.</summary>
    public required string Assembly { get; init; }

    /// <summary>Path of the program of that name in PATH; null if there is none.</summary>
    public required string? OnPath { get; init; }

    /// <summary>The current folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The words, not quoted.</summary>
    public IReadOnlyList<string> Words =>
        Script is { Length: > 0 } script
            ? [Shorten(script)]
            : Path.GetFileNameWithoutExtension(Process) switch
            {
                Name when IsOnPath => [Name],
                Name => [Shorten(Process!)],
                "dotnet" => ["dotnet", Shorten(Assembly)],
                _ => [Name], // hosted by another program
            };

    // PATH usually has a link to the program.
    private bool IsOnPath =>
        OnPath is not null
        && (OnPath == Process || File.ResolveLinkTarget(OnPath, returnFinalTarget: true)?.FullName == Process);

    private string Shorten(string path)
    {
        var relative = Path.GetRelativePath(Folder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative)
            ? path
            : Path.Combine(".", relative);
    }
}
