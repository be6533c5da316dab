using AttnCrnn.Formats.Numpy;
using AttnCrnn.Reports.Plots;
using AttnCrnn.Runs;

namespace AttnCrnn.Reports;

/// <summary>The training history in <c>history/</c> of an analysis folder: one .npy file per metric and fold.</summary>
internal static class HistoryFiles
{
    private const string Folder = "history";
    private const string RecallsName = "val_recalls"; // [epochs, classes]; the others are [epochs]

    // Without one of these, a file of an interrupted copy is missing.
    private static readonly string[] Required = ["loss", "accuracy", "val_loss", "val_accuracy", "val_uar"];

    /// <summary>Writes the history of all folds.</summary>
    public static void Write(string analysis, IReadOnlyList<HistoryCurves> histories)
    {
        foreach (var history in histories)
        {
            var folder = GetFolder(analysis, history.Fold);
            foreach (var (name, values) in history.Metrics)
                NpyFile.Write(Path.Combine(folder, $"{name}.npy"), NpyArray.Create(values, values.Length));
            if (history.ValRecalls is { Count: > 0 } recalls)
                NpyFile.Write(
                    Path.Combine(folder, $"{RecallsName}.npy"),
                    NpyArray.Create([.. recalls.SelectMany(epoch => epoch)], recalls.Count, recalls[0].Count)
                );
        }
    }

    /// <summary>Reads the history of a run, one per fold; empty if none is stored.</summary>
    /// <param name="bestEpochs">Of each fold, from 1; 0 stands for a run without folds.</param>
    /// <exception cref="InvalidFileException">A file is damaged.</exception>
    public static IReadOnlyList<HistoryCurves> Read(string analysis, IReadOnlyDictionary<int, int> bestEpochs)
    {
        var folder = Path.Combine(analysis, Folder);
        if (!Directory.Exists(folder))
            return [];
        int?[] folds =
        [
            .. Directory
                .GetDirectories(folder, RunFolders.FoldPrefix + "*")
                .Select(path => int.TryParse(Path.GetFileName(path)[RunFolders.FoldPrefix.Length..], out var k) ? k : 0)
                .Where(fold => fold > 0)
                .Order()
                .Select(fold => (int?)fold),
        ];
        return
        [
            .. (folds.Length > 0 ? folds : [null])
                .Select(fold => ReadFold(analysis, fold, bestEpochs.GetValueOrDefault(fold ?? 0)))
                .OfType<HistoryCurves>(),
        ];
    }

    private static HistoryCurves? ReadFold(string analysis, int? fold, int bestEpoch)
    {
        var folder = GetFolder(analysis, fold);
        var metrics = Directory
            .GetFiles(folder, "*.npy")
            .Where(path => Path.GetFileNameWithoutExtension(path) != RecallsName)
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), path => NpyFile.Read(path).ToDoubles());
        if (!Required.All(metrics.ContainsKey))
            return null;
        var recalls = Path.Combine(folder, $"{RecallsName}.npy");
        return new(fold, metrics, bestEpoch) { ValRecalls = File.Exists(recalls) ? ReadRecalls(recalls) : null };
    }

    private static double[][]? ReadRecalls(string path)
    {
        var array = NpyFile.Read(path);
        return array.Shape is [_, var classes and > 0] ? [.. array.ToDoubles().Chunk(classes)] : null;
    }

    private static string GetFolder(string analysis, int? fold) =>
        Path.Combine(analysis, Folder, fold is { } number ? RunFolders.GetFoldFolderName(number) : "");
}
