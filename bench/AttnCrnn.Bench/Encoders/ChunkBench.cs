using System.Text.Json.Nodes;
using AttnCrnn.Audio;
using AttnCrnn.Encoders;
using AttnCrnn.Encoders.Transformers;

namespace AttnCrnn.Bench.Encoders;

/// <summary>
/// Measures how much the frames of a chunked recording differ from those of the whole recording (at most two minutes).
/// </summary>
internal static class ChunkBench
{
    public static JsonObject Run(string checkpoint, string recording, double chunkSeconds, string layers)
    {
        var waveform = AudioReader.Read(recording).Samples;
        FrameMatrix Encode(double chunk)
        {
            using var encoder = new SpeechEncoder(
                checkpoint,
                "bench",
                null,
                new(layers)
                {
                    ChunkSeconds = chunk,

                    Threads = Environment.ProcessorCount,
                }
            );
            return encoder.Encode(waveform);
        }
        var frames = Encode(120);
        var unchunked = frames.Values;
        var chunks = Encode(chunkSeconds).Values;
        var frameLength = frames.Layers * frames.Width;
        double totalError = 0,
            energy = 0,
            maxError = 0;
        for (var offset = 0; offset < unchunked.Length; offset += frameLength)
        {
            double error = 0,
                frameEnergy = 0;
            for (var i = offset; i < offset + frameLength; i++)
            {
                error += Math.Pow((double)chunks[i] - unchunked[i], 2);
                frameEnergy += Math.Pow(unchunked[i], 2);
            }
            totalError += error;
            energy += frameEnergy;
            maxError = Math.Max(maxError, Math.Sqrt(error / frameEnergy));
        }
        return new()
        {
            ["bench"] = "chunks",
            ["seconds"] = Math.Round((double)waveform.Length / Waveform.SampleRateHz, 1),
            ["chunk"] = chunkSeconds,
            ["layers"] = layers,
            ["frames"] = frames.Count,
            ["relative_difference"] = Math.Round(Math.Sqrt(totalError / energy), 5),
            ["worst_frame"] = Math.Round(maxError, 5),
        };
    }
}
