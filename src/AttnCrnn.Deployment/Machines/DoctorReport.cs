using System.Text.Json;

namespace AttnCrnn.Deployment.Machines;

/// <summary>What the uploaded program's own <c>doctor --json</c> says of the machine.</summary>
/// <param name="Threads">That the system gives to a process: of the processors those that cgroups and affinity leave.</param>
/// <param name="MemoryBytes">That it may use.</param>
/// <param name="Lines">For people, as far as a training depends on them.</param>
internal sealed record DoctorReport(string Version, int Threads, long MemoryBytes, IReadOnlyList<string> Lines)
{
    private static readonly string[] Matters = ["processor", "memory", "disk", ".NET"];

    /// <exception cref="RemoteException">It is none: the program did not run there.</exception>
    public static DoctorReport Parse(string machine, string printed)
    {
        try
        {
            using var json = JsonDocument.Parse(printed[Math.Max(0, printed.IndexOf('{', StringComparison.Ordinal))..]);
            var root = json.RootElement;
            var lines =
                from finding in root.GetProperty("findings").EnumerateArray()
                where Matters.Contains(finding.GetProperty("name").GetString())
                select $"{(finding.GetProperty("ok").GetBoolean() ? "ok  " : "LACK")} {finding.GetProperty("name").GetString(), -10} {finding.GetProperty("what").GetString()}";
            return new(
                root.GetProperty("version").GetString()!,
                root.GetProperty("threads").GetInt32(),
                root.GetProperty("memory_bytes").GetInt64(),
                [.. lines]
            );
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new RemoteException(
                $"{machine}: the uploaded program's doctor said something else than it should: {Machine.OneLine(printed)}"
            );
        }
    }
}
