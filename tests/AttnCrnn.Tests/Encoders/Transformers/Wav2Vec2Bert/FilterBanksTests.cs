using AttnCrnn.Encoders.Transformers.Wav2Vec2Bert;
using AttnCrnn.Formats.Numpy;
using AttnCrnn.Onnx;

namespace AttnCrnn.Tests.Encoders.Transformers.Wav2Vec2Bert;

/// <summary>The input of w2v-BERT 2.0 against transformers' SeamlessM4TFeatureExtractor.</summary>
public sealed class FilterBanksTests
{
    private const int Bands = 80;
    private const double Tolerance = 5e-5;

    private static readonly IReadOnlyDictionary<string, NpyArray> Expected = NpzFile.Read(
        Fixtures.Path("encoders", "wav2vec2-bert", "w2v-bert-2.0-like", "expected.npz")
    );

    [Theory]
    [InlineData("even_frames")]
    [InlineData("odd_length")]
    public void Frames_match_the_reference(string clip)
    {
        // Without the padding of an odd number of frames.
        var frames = new FilterBanks(Bands).Compute(Expected[$"{clip}/waveform"].ToSingles());
        var reference = Expected[$"{clip}/input_features"].ToSingles();
        Assert.InRange(reference.Length - frames.Length, 0, Bands);
        FloatAssert.Near(reference.AsSpan(0, frames.Length), frames, Tolerance, clip);
    }

    [Theory]
    [InlineData("even_frames")]
    [InlineData("odd_length")]
    public void The_graph_computes_the_same(string clip)
    {
        var waveform = Expected[$"{clip}/waveform"].ToSingles();
        var graph = new GraphBuilder("features");
        graph.AddOutput("frames", FilterBankGraph.Add(graph, graph.AddInput("samples", "samples"), Bands), -1, Bands);
        using var session = new OnnxSession(graph.ToModel(), threads: 1);
        FloatAssert.Near(
            new FilterBanks(Bands).Compute(waveform),
            session.Run(("samples", waveform, [waveform.Length])),
            1e-5,
            clip
        );
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(559, 0)] // the variance of one frame is undefined
    [InlineData(560, 2)]
    [InlineData(719, 2)]
    [InlineData(720, 3)]
    public void Frames_are_counted_without_padding(int samples, int expected) =>
        Assert.Equal(expected, FilterBanks.CountFrames(samples));
}
