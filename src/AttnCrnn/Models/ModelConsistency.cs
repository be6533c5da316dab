using AttnCrnn.Models.Keras;
using AttnCrnn.Models.Weights;

namespace AttnCrnn.Models;

/// <summary>
/// Checks that a model, its weights and Adam's state are consistent before they are written to a file.
/// </summary>
internal static class ModelConsistency
{
    /// <exception cref="ArgumentException">They are inconsistent; the message lists all errors.</exception>
    public static void ThrowIfInconsistent(
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        OptimizerState? optimizer = null
    )
    {
        string[] errors = [.. FindErrors(model, tensors, optimizer)];
        if (errors.Length > 0)
            throw new ArgumentException(string.Join("; ", errors));
    }

    private static IEnumerable<string> FindErrors(
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        OptimizerState? optimizer
    )
    {
        var networkOptions = model.Network;
        var normalization = model.Normalization;
        if (model.IsFixedLength && model.Padding < NetworkOptions.MinFrames)
            yield return $"a fixed length of {model.Padding} frames";
        foreach (
            var descriptionError in ModelDescription
                .Create(model)
                .Errors(
                    networkOptions,
                    model.IsFixedLength ? model.Padding : 0,
                    normalization.Kind == NormalizationMode.Corpus
                )
        )
            yield return descriptionError;
        if (model.Temperature > 0 && !KerasTemperature.IsRepresentable(KerasTemperature.GetScale(model.Temperature)))
            yield return $"temperature {model.Temperature}, whose inverse exceeds float32";
        if (
            normalization.Kind == NormalizationMode.Corpus
            && (
                normalization.Mean.Length != networkOptions.FrameWidth
                || normalization.StandardDeviation.Length != networkOptions.FrameWidth
            )
        )
            yield return $"a normalization of {normalization.Mean.Length} "
                + $"and {normalization.StandardDeviation.Length} features "
                + $"for a feature dimension of {networkOptions.FrameWidth}";
        var shapes = Parameters.ListShapes(networkOptions);
        var trainedShapes = shapes.Where(shape => shape.Trainable).ToList();
        IEnumerable<string> tensorErrors = FindTensorErrors("tensors", shapes, tensors);
        // Before the first step there are no moments.
        if (optimizer is not null && optimizer.FirstMoments.Count + optimizer.SecondMoments.Count > 0)
            tensorErrors = tensorErrors
                .Concat(FindTensorErrors("moments", trainedShapes, optimizer.FirstMoments))
                .Concat(FindTensorErrors("velocities", trainedShapes, optimizer.SecondMoments));
        foreach (var error in tensorErrors)
            yield return error;
    }

    private static IEnumerable<string> FindTensorErrors(
        string group,
        IReadOnlyList<ParameterShape> expected,
        IReadOnlyList<ModelTensor> tensors
    )
    {
        if (tensors.Count != expected.Count)
            return [$"{tensors.Count} {group}, expected {expected.Count}"];
        return expected
            .Zip(tensors)
            .Where(pair => !IsConsistent(pair.First.Name, pair.First.Shape, pair.Second))
            .Take(1)
            .Select(pair =>
                $"{group}: {pair.Second.Name} [{string.Join(", ", pair.Second.Shape)}] "
                + $"of {pair.Second.Values.Length} values, expected {pair.First.Name} "
                + $"[{string.Join(", ", pair.First.Shape)}]"
            );
    }

    private static bool IsConsistent(string name, int[] shape, ModelTensor tensors) =>
        tensors.Name == name
        && tensors.Shape.SequenceEqual(shape)
        && tensors.Values.Length == shape.Aggregate(1L, (count, size) => count * size);
}
