using System.Reflection;

namespace AttnCrnn.Runs;

/// <summary>A program that starts and resumes runs, which record it.</summary>
/// <param name="Assembly">Its assembly.</param>
/// <param name="Clock">Clock for the names of runs, durations and histories.</param>
public sealed record RunProgram(Assembly Assembly, TimeProvider Clock)
{
    /// <summary>The running program.</summary>
    public static RunProgram Current { get; } =
        new(Assembly.GetEntryAssembly() ?? typeof(RunProgram).Assembly, TimeProvider.System);

    /// <summary>Its version, without the commit.</summary>
    public string Version =>
        (Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+')[
            0
        ];
}
