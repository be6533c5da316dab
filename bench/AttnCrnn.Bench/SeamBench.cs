using System.Text.Json.Nodes;
using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;

namespace AttnCrnn.Bench;

/// <summary>How far the frames of a recording in pieces are from those of the recording as a whole (of at most two minutes).</summary>
internal static class SeamBench
{
    public static JsonObject Run(string checkpoint, string recording, double chunkSeconds, string layers)
    {
        var waveform = AudioReader.Read(recording).Samples;
        FrameMatrix Frames(double chunk)
        {
            using var encoder = new SpeechEncoder(
                checkpoint,
                "bench",
                null,
                new(layers) { ChunkSeconds = chunk, Threads = Environment.ProcessorCount }
            );
            return encoder.Encode(waveform);
        }
        var frames = Frames(120);
        var (whole, chunks, width) = (frames.Values, Frames(chunkSeconds).Values, frames.Layers * frames.Width);
        double difference = 0,
            size = 0,
            worst = 0;
        for (var at = 0; at < whole.Length; at += width)
        {
            double own = 0,
                value = 0;
            for (var i = at; i < at + width; i++)
            {
                own += Math.Pow((double)chunks[i] - whole[i], 2);
                value += Math.Pow(whole[i], 2);
            }
            (difference, size, worst) = (difference + own, size + value, Math.Max(worst, Math.Sqrt(own / value)));
        }
        return new()
        {
            ["bench"] = "seams",
            ["seconds"] = Math.Round(waveform.Length / 16000.0, 1),
            ["chunk"] = chunkSeconds,
            ["layers"] = layers,
            ["frames"] = frames.Count,
            ["relative_difference"] = Math.Round(Math.Sqrt(difference / size), 5),
            ["worst_frame"] = Math.Round(worst, 5),
        };
    }
}
