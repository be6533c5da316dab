using AttnCrnn.Formats.Numpy;
using AttnCrnn.Models;

namespace AttnCrnn.Export.Npz;

/// <summary>
/// Exports a model's weights to NumPy: an .npz file with Keras' names, which <c>numpy.load</c> reads without pickle.
/// </summary>
public static class WeightsNpz
{
    /// <summary>Writes a model's weights, labels and normalization statistics, atomically.</summary>
    /// <param name="path">Output file; its folder is created if missing.</param>
    /// <param name="model">Labels [classes]; mean and standard deviation [width], empty without normalization.</param>
    /// <param name="tensors">In any order; each is stored under its name, in its shape.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, TrainedModelInfo model, IReadOnlyList<ModelTensor> tensors) =>
        NpzFile.Write(
            path,
            [
                .. tensors.Select(tensor =>
                    KeyValuePair.Create(tensor.Name, NpyArray.Create(tensor.Values, tensor.Shape))
                ),
                KeyValuePair.Create("labels", NpyArray.Create(model.Labels, model.Labels.Count)),
                KeyValuePair.Create(
                    "normalisation/mean",
                    NpyArray.Create(model.Normalization.Mean, model.Normalization.Mean.Length)
                ),
                KeyValuePair.Create(
                    "normalisation/deviation",
                    NpyArray.Create(model.Normalization.StandardDeviation, model.Normalization.StandardDeviation.Length)
                ),
            ]
        );
}
