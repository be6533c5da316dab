using AttnCrnn.Corpora;

namespace AttnCrnn.Tests.Corpora;

public sealed class LabelVocabularyTests
{
    [Theory]
    [InlineData("anger", "angry")]
    [InlineData("Happiness", "happy")]
    [InlineData(" joy ", "happy")]
    [InlineData("pleasant surprise", "surprised")]
    [InlineData("Pleasant-Surprised", "surprised")]
    [InlineData("neutral", "neutral")]
    [InlineData("ang", null)]
    [InlineData("glad", null)]
    public void Synonyms_and_other_capitalization_have_one_word(string label, string? word) =>
        Assert.Equal(word, LabelVocabulary.Find(label));

    [Fact]
    public void Every_label_of_a_known_corpus_is_a_word_of_the_vocabulary() =>
        Assert.All(KnownCorpora.Descriptions, corpus =>
        {
            Assert.Equal(corpus.Labels.Order(StringComparer.Ordinal), corpus.Labels);
            Assert.Empty(corpus.Labels.Except(LabelVocabulary.Words));
        });

    [Fact]
    public void The_documentation_has_every_word_with_its_synonyms()
    {
        var page = File.ReadAllText(Repository.Path("docs", "corpora.md"));
        Assert.All(LabelVocabulary.Words, word =>
            Assert.Contains(
                $"| {word} | {string.Join(", ", LabelVocabulary.GetSynonyms(word))} |".Replace(
                    "|  |",
                    "| |",
                    StringComparison.Ordinal
                ),
                page,
                StringComparison.Ordinal
            )
        );
    }
}
