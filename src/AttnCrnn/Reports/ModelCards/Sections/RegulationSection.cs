namespace AttnCrnn.Reports.ModelCards.Sections;

/// <summary>
/// What the EU AI Act, Regulation (EU) 2024/1689 of 13 June 2024 (OJ L, 2024/1689, 12.7.2024), says of emotion
/// recognition: Articles 3(39), 5(1)(f), 6(2), 50(3), 113 and Annex III, point 1(c), as amended by Regulation (EU)
/// 2026/1744 of 8 July 2026 (OJ L, 2026/1744, 24.7.2026), which postponed the obligations of high-risk systems.
/// </summary>
internal static class RegulationSection
{
    // When the articles and dates were checked; a later amendment can change them.
    private const string AsOf = "1 December 2026";

    public static CardSection Create() =>
        new(
            "The EU AI Act",
            [
                new CardText(
                    "Regulation (EU) 2024/1689 calls a system an emotion recognition system if its purpose is to "
                        + "identify or infer emotions or intentions of natural persons on the basis of their biometric "
                        + "data (Article 3(39)); recital 18 names characteristics of a voice. This is a summary of "
                        + $"{AsOf}, not legal advice; the law is on EUR-Lex:"
                ),
                new CardList([
                    "Article 5(1)(f) prohibits the placing on the market, the putting into service for this specific "
                        + "purpose, and the use of AI systems to infer emotions of a natural person in the areas of "
                        + "workplace and education institutions, except where the use is intended to be put in place "
                        + "or into the market for medical or safety reasons. It has applied since 2 February 2025.",
                    "Annex III, point 1(c), with Article 6(2): AI systems intended to be used for emotion recognition "
                        + "are high-risk systems, in so far as their use is permitted under Union or national law. The "
                        + "obligations of these systems apply from 2 December 2027; Regulation (EU) 2026/1744 "
                        + "postponed them from 2 August 2026.",
                    "Article 50(3): deployers of an emotion recognition system inform the natural persons exposed to "
                        + "it, and process personal data in accordance with Regulations (EU) 2016/679 and (EU) "
                        + "2018/1725 and Directive (EU) 2016/680; systems permitted by law to detect, prevent or "
                        + "investigate criminal offenses are excepted, subject to appropriate safeguards. It has "
                        + "applied since 2 August 2026.",
                ]),
            ]
        );
}
