using AttnCrnn.Reports.ModelCards;

namespace AttnCrnn.Export.Hub;

/// <summary>The section of an exported model card that says how its files are used.</summary>
internal static class HubUsage
{
    /// <param name="takesSamples">Whether the ONNX file includes the encoder.</param>
    public static CardSection Create(IReadOnlyList<HubModel> models, bool takesSamples)
    {
        List<CardBlock> blocks =
        [
            new CardText(
                models.Count == 1
                    ? "With attn-crnn, which computes the frames of recordings in any format:"
                    : "With attn-crnn, which computes the frames of recordings in any format, by one of the models:"
            ),
            new CardExample("sh", $"attn-crnn predict {models[0].KerasFile} RECORDING.wav"),
            new CardText(
                takesSamples
                    ? "With ONNX Runtime in Python, from a recording (pip install onnxruntime soundfile):"
                    : "With ONNX Runtime in Python, from frames that attn-crnn has computed (pip install onnxruntime):"
            ),
            new CardExample("sh", $"python3 {HubScript.FileName} {(takesSamples ? "RECORDING.wav" : "CLIP.npz")}"),
            new CardExample("python", HubScript.Format(models[0].Info, takesSamples)),
            new CardText(
                $"{HubConfig.FileName} has the labels in the order of the probabilities, the encoder and the files."
            ),
        ];
        return new("How to use it", blocks);
    }
}
