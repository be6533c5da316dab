using AttnCrnn.Formats;

namespace AttnCrnn.Corpora.Auditing;

/// <summary>The names of what an audit finds, beside those of <see cref="RecordingWarning"/>, and remedies.</summary>
internal static class AuditFindings
{
    /// <summary>Recordings with equal samples, except for silence at their ends.</summary>
    public const string EqualRecordings = "equal_recordings";

    /// <summary>Recordings with nearly the same sound.</summary>
    public const string NearDuplicates = "near_duplicates";

    /// <summary>A speaker is in two subsets of a manifest.</summary>
    public const string SharedSpeakers = "shared_speakers";

    /// <summary>The label is not the emotion that the name of the file has.</summary>
    public const string LabelMismatch = "label_mismatch";

    /// <summary>A speaker has clips of one class only.</summary>
    public const string SingleClassSpeakers = "single_class_speakers";

    /// <summary>The length is an outlier among the recordings of the same origin.</summary>
    public const string UnusualLength = "unusual_length";

    /// <summary>Corpora differ in the bandwidth of their recordings.</summary>
    public const string CorpusBandwidth = "corpus_bandwidth";

    /// <summary>The classes of a corpus differ in the bandwidth of their recordings.</summary>
    public const string ClassBandwidth = "class_bandwidth";

    private const string FetchAgain = "get the file from its source again, or leave it out";

    private static readonly Dictionary<string, string> Remedies = new()
    {
        [EqualRecordings] = "remove all but one of each, or give them one label and one subset",
        [NearDuplicates] = "listen to both; remove all but one of each, or give them one speaker or one subset",
        [SharedSpeakers] = "give all clips of a speaker one subset; reports say that speakers are shared",
        [LabelMismatch] = "correct the label, or the name of the file",
        [SingleClassSpeakers] =
            "report metrics by speaker: a model can tell such speakers' classes by their voices alone",
        [UnusualLength] = "check where it was cut, or leave it out",
        [CorpusBandwidth] =
            "filter or resample all recordings to the lowest bandwidth: a model can tell the corpora apart by it",
        [ClassBandwidth] =
            "filter or resample all recordings to the lowest bandwidth: a model can tell the classes apart by it",
        [RecordingWarning.Truncated] = FetchAgain,
        [RecordingWarning.NonFinite] = FetchAgain,
        [RecordingWarning.LengthMismatch] = FetchAgain,
        [RecordingWarning.ChecksumMismatch] = FetchAgain,
        [RecordingWarning.MissingSamples] = FetchAgain,
        [RecordingWarning.SecondDataChunk] = "write the recording again with one chunk of samples",
        [RecordingWarning.SilentChannel] = "read the loudest channel (option channel)",
        [RecordingWarning.Decoder] = "listen to it; get the file from its source again if it is damaged",
        [RecordingWarning.SegmentEnd] = "correct the column end of the manifest",
        [RecordingWarning.Silent] = "leave it out",
        [RecordingWarning.Clipped] = "use a recording at a lower level if there is one, or leave it out",
        [RecordingWarning.TooShort] = "check where it was cut, or leave it out",
        [RecordingWarning.VeryLong] = "check where it was cut, or leave it out (option max_seconds of train)",
        [RecordingWarning.DcOffset] = "filter the recording with a high-pass of 20 Hz",
        [RecordingWarning.LowBandwidth] =
            "use recordings of one bandwidth for all classes and corpora: a model can tell them apart by it",
        [RecordingWarning.NoSpeech] = "listen to it, and leave it out if there is no speech",
    };

    /// <summary>What to do about a finding.</summary>
    public static string GetRemedy(string name) => Remedies[name];

    /// <summary>A finding about corpora as a whole, with its name and its remedy.</summary>
    public static OptionText DescribeWithRemedy(AuditFinding finding) =>
        OptionText.Create($"{finding.Name}: {finding.Message}; {GetRemedy(finding.Name)}");

    /// <summary>All names, in ordinal order.</summary>
    public static IReadOnlyList<string> Names => [.. Remedies.Keys.Order(StringComparer.Ordinal)];
}
