using AttnCrnn.Models;

namespace AttnCrnn.Export.Hub;

/// <summary>The script of an exported folder, which predicts with ONNX Runtime in Python.</summary>
internal static class HubScript
{
    public const string FileName = "predict.py";

    private const string Common = """
        import json
        import pathlib
        import sys

        import numpy
        import onnxruntime
        """;

    private const string Models = """

        folder = pathlib.Path(__file__).resolve().parent
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        paths = [str(folder / model["onnx"]) for model in config["models"]]
        models = [onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"]) for path in paths]
        """;

    private const string Print = """

        for label, probability in sorted(zip(config["labels"], probabilities), key=lambda pair: -pair[1]):
            print(f"{label:12s} {probability:0.4f}")
        """;

    // A model that includes the encoder has one recording per call.
    private const string Samples = """

        samples, rate = soundfile.read(sys.argv[1], dtype="float32", always_2d=True)
        if rate != config["sample_rate_hz"]:
            sys.exit(f"{sys.argv[1]}: {rate} Hz; resample it to {config['sample_rate_hz']} Hz first")
        outputs = [model.run(None, {"samples": samples.mean(axis=1)})[0] for model in models]
        probabilities = numpy.mean(outputs, axis=0)
        if numpy.isnan(probabilities).any():
            sys.exit(f"{sys.argv[1]}: too short, too long, or not finite")
        """;

    private const string Frames = """

        with numpy.load(sys.argv[1]) as archive:
            frames = archive["wav2vec_features"].astype(numpy.float32)
        encoder = config["encoder"]
        shape = [1, len(frames), encoder["width"]]
        if encoder["layer_count"] > 1:
            shape.insert(2, encoder["layer_count"])
        inputs = {"frames": frames.reshape(shape), "lengths": numpy.array([len(frames)], dtype=numpy.int64)}
        probabilities = numpy.mean([model.run(None, inputs)[0][0] for model in models], axis=0)
        if numpy.isnan(probabilities).any():
            sys.exit(f"{sys.argv[1]}: fewer than {config['min_frames']} frames, too many, or not finite")
        """;

    private const string SamplesHeading =
        "\"\"\"Print the probabilities of a recording (16 kHz): python3 predict.py RECORDING.wav\"\"\"";

    private const string FramesHeading =
        "\"\"\"Print the probabilities of the frames of a clip: python3 predict.py CLIP.npz\"\"\"";

    private const string SpeakerFrames = """
        # The model takes frames that are normalized by the mean and standard deviation of the speaker's clips.
        """;

    /// <param name="takesSamples">Whether the ONNX file includes the encoder.</param>
    public static string Format(TrainedModelInfo model, bool takesSamples)
    {
        var script = takesSamples
            ? string.Join('\n', SamplesHeading, Common, "import soundfile", Models, Samples, Print)
            : string.Join(
                '\n',
                [
                    FramesHeading,
                    .. model.Normalization.Kind == NormalizationMode.Speaker ? (string[])[SpeakerFrames] : [],
                    Common,
                    Models,
                    Frames,
                    Print,
                ]
            );
        return script.ReplaceLineEndings("\n") + "\n";
    }
}
