namespace AttnCrnn.Reports.ModelCards.Sections;

/// <summary>The model files with their hashes, and the license.</summary>
internal static class FilesSection
{
    public static CardSection Create(ModelCard card) =>
        new(
            "Files and license",
            [
                new CardTable(
                    "Predictions as JSON name the model by the SHA-256 of its file.",
                    ["file", "SHA-256"],
                    [.. card.Models.Select(model => (IReadOnlyList<string>)[model.FileName, model.Sha256])]
                ),
                new CardText(
                    (
                        card.License is { } license
                            ? $"License of the model: {license}. "
                            : "The author has not chosen a license for the model. "
                    ) + "The encoder, and the recordings on which the model was trained, have licenses of their own."
                ),
            ]
        );
}
