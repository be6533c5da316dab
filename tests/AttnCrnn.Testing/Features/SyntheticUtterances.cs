using AttnCrnn.Corpora.Auditing;
using AttnCrnn.Corpora.Synthetic;
using AttnCrnn.Numerics.Random;

namespace AttnCrnn.Testing.Features;

/// <summary>Utterances of the demo's voices of about 2 s, each different: long enough for fingerprints.</summary>
internal static class SyntheticUtterances
{
    private static readonly DemoSpeaker Voice = new("voice", 120, 1, 1, 0, 0, 1);

    /// <summary>[samples], 16 kHz; the same number gives the same samples.</summary>
    public static float[] Create(uint number) =>
        new DemoVoice(
            Voice,
            DemoEmotion.All[(int)(number % DemoEmotion.All.Count)],
            new RandomStream(5).AtStep(number, 0).ForStream(RandomStreamId.Demo)
        ).Synthesize();

    /// <summary>What an audit measures of one, with another gain.</summary>
    public static ClipAudit Audit(uint number, float gain = 1) =>
        ClipAudit.Create(new([.. Create(number).Select(sample => gain * sample)], 0, []), findings: []);
}
