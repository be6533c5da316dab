using System.Text.Json.Nodes;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Options;

namespace AttnCrnn.Runs;

/// <summary>A number of folds, <c>speakers</c> for one per speaker, or <c>emobox</c>.</summary>
internal sealed class FoldCountType : OptionType<FoldCount>
{
    public override string Expected => FoldCount.Expected;

    public override bool TryParse(IReadOnlyList<string> texts, out FoldCount value)
    {
        value = default;
        return texts is [var text] && FoldCount.TryParse(text, out value);
    }

    public override bool IsValid(FoldCount value) => value.IsValid;

    public override string Format(FoldCount value) => value.ToString();

    public override JsonNode? ToJson(FoldCount value) => value.DependsOnClips ? value.ToString() : value.Number;
}
