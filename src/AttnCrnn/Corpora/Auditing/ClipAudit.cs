using System.Globalization;
using AttnCrnn.Audio;

namespace AttnCrnn.Corpora.Auditing;

/// <summary>What the audit of a clip measured, as a store keeps it beside the frames.</summary>
/// <param name="TrimmedKey">
/// Hash of the samples without leading and trailing silence: clips with equal ones are equal recordings. Empty for
/// silence.
/// </param>
/// <param name="Fingerprint">
/// <see cref="RecordingFingerprint"/>; empty if the clip is too short for one, or a tone.
/// </param>
/// <param name="Findings">
/// Names of the warnings, as in <see cref="Formats.RecordingWarning"/>, separated by spaces, in ordinal order.
/// </param>
/// <param name="BandwidthHz">Frequency up to which there is energy; null if it was not measured.</param>
internal sealed record ClipAudit(string TrimmedKey, string Fingerprint, string Findings, int? BandwidthHz)
{
    private const char FactSeparator = '|';
    private const char NameSeparator = ' ';
    private const string None = "-";

    /// <summary><see cref="Findings"/>, one by one.</summary>
    public IReadOnlyList<string> FindingNames => Findings.Split(NameSeparator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Audits a clip that was read.</summary>
    /// <param name="findings">The names of its warnings.</param>
    public static ClipAudit Create(Waveform waveform, IEnumerable<string> findings) =>
        new(
            Auditing.TrimmedKey.Compute(waveform.Samples),
            RecordingFingerprint.Compute(waveform.Samples)?.Format() ?? "",
            string.Join(NameSeparator, findings.Distinct().Order(StringComparer.Ordinal)),
            waveform.Bandwidth?.EffectiveHz
        );

    /// <summary>Reads what a store has of it.</summary>
    /// <exception cref="FormatException">It is not valid.</exception>
    public static ClipAudit Parse(string facts, string fingerprint)
    {
        if (fingerprint.Length > 0)
            RecordingFingerprint.Parse(fingerprint); // so that a damaged index is named when the store is opened
        return facts.Split(FactSeparator) is [var key, var bandwidth, var findings]
            ? new(key == None ? "" : key, fingerprint, findings, bandwidth == None ? null : ParseHertz(bandwidth))
            : throw new FormatException();
    }

    /// <summary>All but the fingerprint, in one cell of an index.</summary>
    public string FormatFacts() =>
        string.Join(
            FactSeparator,
            TrimmedKey.Length == 0 ? None : TrimmedKey,
            BandwidthHz?.ToString(CultureInfo.InvariantCulture) ?? None,
            Findings
        );

    private static int ParseHertz(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
