using System.Text.Json;

namespace AttnCrnn.Deployment.Machines;

/// <summary>The output of the uploaded program's <c>doctor --json</c> on the machine.</summary>
/// <param name="Threads">Threads available to a process under cgroup limits and processor affinity.</param>
/// <param name="MemoryBytes">Memory available to a process.</param>
/// <param name="Lines">The findings that are relevant for training, as display text.</param>
internal sealed record DoctorReport(string Version, int Threads, long MemoryBytes, IReadOnlyList<string> Lines)
{
    private static readonly string[] RelevantFindings = ["processor", "memory", "disk", ".NET"];

    /// <exception cref="RemoteException">The output is invalid: the program did not run.</exception>
    public static DoctorReport Parse(string machine, string output)
    {
        try
        {
            using var json = JsonDocument.Parse(output[Math.Max(0, output.IndexOf('{', StringComparison.Ordinal))..]);
            var root = json.RootElement;
            var lines =
                from finding in root.GetProperty("findings").EnumerateArray()
                let name = finding.GetProperty("name").GetString()
                where RelevantFindings.Contains(name)
                let status = finding.GetProperty("ok").GetBoolean() ? "ok" : "MISSING"
                select $"{status, -7} {name, -10} {finding.GetProperty("what").GetString()}";
            return new(
                root.GetProperty("version").GetString()!,
                root.GetProperty("threads").GetInt32(),
                root.GetProperty("memory_bytes").GetInt64(),
                [.. lines]
            );
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new RemoteException(
                $"{machine}: the uploaded program's doctor printed invalid output: {Machine.JoinLines(output)}"
            );
        }
    }
}
