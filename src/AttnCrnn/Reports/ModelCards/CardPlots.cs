namespace AttnCrnn.Reports.ModelCards;

/// <summary>The plots of an evaluation that a card shows.</summary>
internal static class CardPlots
{
    private static readonly (string FileName, string Caption)[] Plots =
    [
        ("attn_crnn_confusion_matrix.png", "Confusion matrix: rows are the labels, columns the predictions."),
        ("attn_crnn_roc_curves.png", "ROC curve of each class against the others."),
    ];

    /// <summary>Those that are in a run's analysis folder.</summary>
    public static IReadOnlyList<CardImage> Read(string analysisFolder) =>
        [
            .. Plots
                .Where(plot => File.Exists(Path.Combine(analysisFolder, plot.FileName)))
                .Select(plot => new CardImage(
                    plot.FileName,
                    plot.Caption,
                    File.ReadAllBytes(Path.Combine(analysisFolder, plot.FileName))
                )),
        ];
}
