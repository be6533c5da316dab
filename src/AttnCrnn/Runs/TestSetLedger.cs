using System.Globalization;
using System.Text.Json.Nodes;
using AttnCrnn.Evaluation;
using AttnCrnn.IO;

namespace AttnCrnn.Runs;

/// <summary>
/// Counts the evaluations of each test set in a working folder: one file per evaluation,
/// <c>test_set_usage/HASH/TIME_ID.json</c>. Files are only added, and each is created atomically, so that processes on
/// several machines need no lock, and a killed one leaves no partial record.
/// </summary>
public static class TestSetLedger
{
    /// <summary>Name of the folder in the working folder.</summary>
    internal const string FolderName = "test_set_usage";

    private const string Stamp = "yyyyMMdd'T'HHmmssfff'Z'";
    private const int FormatVersion = 1;
    private const int MaxBytes = 1 << 16;

    /// <summary>Records an evaluation, and counts those of the same clips.</summary>
    /// <param name="workFolder">The working folder.</param>
    /// <param name="run">The run, or the model, that is evaluated.</param>
    /// <returns>The result with <see cref="EvaluationProtocol.TestSet"/>.</returns>
    /// <remarks>
    /// A record that cannot be written or read is named in the result, and never ends an evaluation.
    /// </remarks>
    public static EvaluationResult Record(string workFolder, string run, EvaluationResult result, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(clock);
        var hash = TestSetUsage.ComputeHash(result.Predictions.Select(clip => clip.Key));
        var folder = Path.Combine(Path.GetFullPath(workFolder), FolderName);
        var time = clock.GetUtcNow();
        string? failure = null;
        try
        {
            Write(Path.Combine(folder, hash), run, hash, result.Predictions.Count, time);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failure = $"the folder {FolderName} cannot be written: {FileFailure.Describe(exception)}";
        }
        var usage = Count(folder, hash, run, DateOnly.FromDateTime(time.UtcDateTime), failure);
        return result.WithProtocol(result.Protocol with { TestSet = usage });
    }

    private static void Write(string folder, string run, string hash, int clips, DateTimeOffset time)
    {
        var json = new JsonObject
        {
            ["format_version"] = FormatVersion,
            ["test_set"] = hash,
            ["run"] = run,
            ["time"] = time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            ["n_clips"] = clips,
        };
        var stamp = time.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture);
        var path = Path.Combine(folder, $"{stamp}_{Guid.NewGuid():N}.json");
        AtomicFile.WriteText(path, json.ToJsonString() + "\n");
    }

    private static TestSetUsage Count(string folder, string hash, string run, DateOnly today, string? failure)
    {
        var (runs, damaged, since) = ReadRecords(folder, hash);
        if (failure is not null)
            runs.Add(run);
        return new()
        {
            Sha256 = hash,
            Evaluations = runs.Count + damaged,
            // The seeds of a repeated run are one run.
            Runs = Math.Max(1, runs.Select(name => name.Split('/')[0]).Distinct(StringComparer.Ordinal).Count()),
            Since = since ?? today,
            DamagedRecords = damaged,
            Unrecorded = failure,
        };
    }

    private static (List<string> Runs, int Damaged, DateOnly? Since) ReadRecords(string folder, string hash)
    {
        var runs = new List<string>();
        var damaged = 0;
        DateOnly? since = null;
        try
        {
            if (!Directory.Exists(folder))
                return (runs, damaged, since);
            foreach (var path in Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories))
            {
                if (ParseDate(path) is { } date && !(since <= date))
                    since = date;
                if (Path.GetFileName(Path.GetDirectoryName(path)) != hash)
                    continue;
                if (ReadRun(path) is { } run)
                    runs.Add(run);
                else
                    damaged++;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            damaged++; // a folder that may not be entered
        }
        return (runs, damaged, since);
    }

    // Null for a damaged record.
    private static string? ReadRun(string path)
    {
        try
        {
            return new JsonSource(path, "a recorded evaluation", "remove it").Read(MaxBytes).Find("run")?.AsString();
        }
        catch (Exception exception)
            when (exception is InvalidInputException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static DateOnly? ParseDate(string path) =>
        DateTime.TryParseExact(
            Path.GetFileName(path).Split('_')[0],
            Stamp,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? DateOnly.FromDateTime(time)
            : null;
}
