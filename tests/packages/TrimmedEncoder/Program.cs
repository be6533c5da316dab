// Half a second of a tone through the encoder that the package AttnCrnn.Encoders.WhisperTiny puts beside an
// application.
using AttnCrnn;
using AttnCrnn.Encoders;

var samples = new float[8000]; // 16 kHz
for (var i = 0; i < samples.Length; i++)
    samples[i] = 0.1f * MathF.Sin(2 * MathF.PI * 440 * i / 16000);
try
{
    using var encoder = EncoderCatalog.Open(new("whisper-tiny.en"), Console.Error.WriteLine);
    var frames = encoder.Encode(samples);
    Console.WriteLine($"{frames.Count} frames of {frames.Width} features");
    return 0;
}
catch (InvalidInputException error)
{
    Console.Error.WriteLine(error.Message);
    return 3;
}
