using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;

namespace AttnCrnn.Export.Npz;

/// <summary>A model's weights for NumPy: an .npz with Keras' names, which <c>numpy.load</c> reads without pickle.</summary>
public static class WeightsNpz
{
    /// <summary>Writes a model's weights, its labels and the figures of its normalisation.</summary>
    /// <param name="path">The file is there whole or not at all; its folder is made where absent.</param>
    /// <param name="model">Labels [classes]; mean and deviation [width], empty where nothing is normalised.</param>
    /// <param name="tensors">In any order; each goes under its name, in its shape.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, TrainedModelInfo model, IReadOnlyList<ModelTensor> tensors) =>
        NpzFile.Write(
            path,
            [
                .. tensors.Select(tensor => KeyValuePair.Create(tensor.Name, NpyArray.Of(tensor.Values, tensor.Shape))),
                KeyValuePair.Create("labels", NpyArray.Of(model.Labels, model.Labels.Count)),
                KeyValuePair.Create(
                    "normalisation/mean",
                    NpyArray.Of(model.Normalization.Mean, model.Normalization.Mean.Length)
                ),
                KeyValuePair.Create(
                    "normalisation/deviation",
                    NpyArray.Of(model.Normalization.StandardDeviation, model.Normalization.StandardDeviation.Length)
                ),
            ]
        );
}
