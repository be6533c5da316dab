using System.Globalization;

namespace AttnCrnn.Deployment.Monitoring;

/// <summary>
/// The last epoch of each fold that was shown on this machine, persisted: the next monitor does not show it again. An
/// epoch that a resumed run repeats has the same metrics.
/// </summary>
public sealed class EpochCursor
{
    /// <summary>The file name, in logs/RUN of a run that was monitored from this machine.</summary>
    public const string FileName = ".shown_epochs";

    private const int MaxBytes = 1 << 16;

    private readonly string path;
    private readonly SortedDictionary<string, int> shownEpochs = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> shownBefore;

    /// <summary>Reads the file, if it exists. A damaged line counts as not shown.</summary>
    /// <param name="folder">logs/RUN.</param>
    public EpochCursor(string folder)
    {
        path = Path.Combine(folder, FileName);
        Read();
        shownBefore = new(shownEpochs, StringComparer.Ordinal);
    }

    /// <summary>Whether an epoch was shown before this object was created.</summary>
    /// <param name="fold">From 1; null without folds.</param>
    /// <param name="seed">null for a run of one seed.</param>
    public bool WasShownBefore(int? fold, int epoch, RunSeed? seed = null) =>
        shownBefore.TryGetValue(GetKey(fold, seed), out var shownEpoch) && epoch <= shownEpoch;

    /// <summary>Records that an epoch was shown.</summary>
    /// <param name="fold">From 1; null without folds.</param>
    /// <param name="seed">null for a run of one seed.</param>
    public void Add(int? fold, int epoch, RunSeed? seed = null)
    {
        shownEpochs[GetKey(fold, seed)] = epoch;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Renamed, so that a kill leaves the old file or the new one.
        File.WriteAllLines(path + ".new", shownEpochs.Select(entry => $"{entry.Key} {entry.Value}"));
        File.Move(path + ".new", path, overwrite: true);
    }

    // The first seed has the keys of a run of one seed.
    private static string GetKey(int? fold, RunSeed? seed) =>
        seed is { Number: > 1 and var number }
            ? string.Create(CultureInfo.InvariantCulture, $"{number}:{fold ?? 0}")
            : (fold ?? 0).ToString(CultureInfo.InvariantCulture);

    private void Read()
    {
        if (!File.Exists(path) || new FileInfo(path).Length > MaxBytes)
            return;
        foreach (var line in File.ReadLines(path))
            if (
                line.Split(' ') is [var key, var epochText]
                && int.TryParse(epochText, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            )
                shownEpochs[key] = epoch;
    }
}
