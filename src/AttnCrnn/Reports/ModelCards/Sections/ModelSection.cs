namespace AttnCrnn.Reports.ModelCards.Sections;

/// <summary>Network, encoder and preprocessing.</summary>
internal static class ModelSection
{
    public static CardSection Create(ModelCard card)
    {
        var models = card.Models.Count;
        List<CardBlock> blocks =
        [
            new CardTable(
                "Recordings are mixed to one channel and resampled to 16 kHz; the encoder, which is not trained, "
                    + "computes frames, and the network classifies the frames of a clip.",
                ["property", "value"],
                [.. ModelFacts.List(card.Info).Select(fact => (IReadOnlyList<string>)[fact.Key, fact.Value])]
            ),
        ];
        if (models > 1)
            blocks.Add(
                new CardText(
                    $"The model is an ensemble of the {models} models of a cross-validation: their probabilities are "
                        + "averaged. The value of temperature is that of the first."
                )
            );
        return new("Model", blocks);
    }
}
