using AttnCrnn.Features;

namespace AttnCrnn.Runs;

/// <summary>Speakers who have equal recordings: one person under several names.</summary>
internal sealed class SpeakerIdentities
{
    private readonly Dictionary<string, string> identityOfSpeaker = [];

    private SpeakerIdentities() { }

    /// <summary>Compares the samples of all clips, of those too that a split leaves out as copies.</summary>
    public static SpeakerIdentities Find(IReadOnlyList<StoredClip> clips)
    {
        var identities = new SpeakerIdentities();
        var copies = clips
            .Where(clip => clip.Speaker is not null && clip.Key is { Length: > 0 })
            .GroupBy(clip => clip.Key, clip => clip.Speaker!);
        foreach (var speakers in copies)
        foreach (var speaker in speakers.Skip(1))
            identities.Merge(speakers.First(), speaker);
        return identities;
    }

    /// <summary>The name that stands for all names of a speaker.</summary>
    public string GetIdentity(string speaker)
    {
        while (identityOfSpeaker.TryGetValue(speaker, out var other))
            speaker = other;
        return speaker;
    }

    private void Merge(string first, string second)
    {
        var identity = GetIdentity(first);
        var other = GetIdentity(second);
        if (identity != other)
            identityOfSpeaker[other] = identity;
    }
}
