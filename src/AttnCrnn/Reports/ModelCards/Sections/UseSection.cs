namespace AttnCrnn.Reports.ModelCards.Sections;

/// <summary>What the model is for, and what it must not be used for.</summary>
internal static class UseSection
{
    public static CardSection Create(ModelCard card) =>
        new(
            "Intended use",
            [
                new CardList(
                    card.IsSynthetic
                        ? ["Trying the software: training, evaluation, export and prediction."]
                        :
                        [
                            "Research on speech emotion recognition: comparing methods on the data and by the "
                                + "protocol of this card.",
                            "Analysis of recordings whose speakers have consented, and whose language, recording "
                                + "conditions and way of speaking are those of the training data. Evaluate the model "
                                + "on labeled recordings of the application first.",
                        ]
                ),
                new CardText("Out of scope:"),
                new CardList([
                    "Statements about what a person feels, thinks, intends or believes, about personality or "
                        + "truthfulness, and diagnoses.",
                    "Decisions about a person, such as hiring, promotion, grades, admission, credit, insurance, "
                        + "benefits or prosecution.",
                    "Monitoring of persons at work or in education, and of persons who do not know of it.",
                ]),
            ]
        );
}
