namespace AttnCrnn.Corpora.Readers;

/// <summary>The words for the sex of a speaker.</summary>
internal static class SpeakerSex
{
    public const string Female = "female";

    public const string Male = "male";
}
