using System.Globalization;
using AttnCrnn.Audio;
using AttnCrnn.Onnx;

namespace AttnCrnn.Export.Onnx;

/// <summary>The lengths of recordings, in samples at 16 kHz, that a model with samples as input accepts.</summary>
/// <param name="Min">Fewer give NaN.</param>
/// <param name="Max">More give NaN; int.MaxValue: no limit.</param>
internal readonly record struct SampleRange(int Min, int Max)
{
    /// <summary>Whether there is a maximum.</summary>
    public bool IsLimited => Max < int.MaxValue;

    /// <summary>What callers of the file must know of the maximum.</summary>
    public string DescribeLimit() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"the file accepts recordings of at most {(double)Max / Waveform.SampleRateHz:0.##} seconds "
        ) + "and returns NaN for longer ones; its callers must split longer recordings themselves";

    /// <summary>Pads to the minimum: encoders fail on recordings shorter than their receptive field.</summary>
    /// <param name="samples">[samples], as the model's caller passes them.</param>
    public GraphValue AddPadding(GraphBuilder graph, GraphValue samples) => graph.PadToLength(samples, 0, 1, Min);

    /// <summary>
    /// 0, or NaN for recordings that <c>predict</c> rejects: too short, too long, or with a sample that is not finite.
    /// </summary>
    /// <param name="samples">[samples], as the model's caller passes them.</param>
    /// <returns>A scalar.</returns>
    public GraphValue AddValidation(GraphBuilder graph, GraphValue samples)
    {
        var length = graph.Length(samples, 0);
        var nanIfInvalid = graph.Where(
            graph.Less(length, graph.Int64(Min)),
            graph.Constant("too short", [float.NaN]),
            graph.Sum(graph.Subtract(samples, samples), 0)
        );
        return IsLimited
            ? graph.Where(graph.Less(graph.Int64(Max), length), graph.Constant("too long", [float.NaN]), nanIfInvalid)
            : nanIfInvalid;
    }
}
