using AttnCrnn.Corpora.Readers;
using AttnCrnn.IO.Unicode;

namespace AttnCrnn.Corpora;

/// <summary>Words for the sex of a speaker.</summary>
internal static class SexName
{
    /// <summary><c>female</c>, <c>male</c>, or another word in lower case; null for a word that says nothing.</summary>
    public static string? Parse(string cell) =>
        NameText.GetKey(cell) switch
        {
            "f" or "female" or "w" or "woman" or "weiblich" => SpeakerSex.Female,
            "m" or "male" or "man" or "männlich" => SpeakerSex.Male,
            var word => MissingValue.MatchesName(word) ? null : word,
        };
}
