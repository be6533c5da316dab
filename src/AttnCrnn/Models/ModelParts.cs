using AttnCrnn.Models.Weights;

namespace AttnCrnn.Models;

/// <summary>
/// Checks that a model, its weights and Adam's state are consistent before they are written to a file.
/// </summary>
internal static class ModelParts
{
    /// <exception cref="ArgumentException">They are inconsistent; the message lists all errors.</exception>
    public static void Require(
        TrainedModelInfo model,
        IReadOnlyList<ModelTensor> tensors,
        OptimizerState? optimizer = null
    )
    {
        string[] errors = [.. Errors(model, tensors, optimizer)];
        if (errors.Length > 0)
            throw new ArgumentException(string.Join("; ", errors));
    }

    private static IEnumerable<string> Errors(
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
                .Errors(networkOptions, model.IsFixedLength ? model.Padding : 0, normalization.Kind == "corpus")
        )
            yield return descriptionError;
        if (
            normalization.Kind == "corpus"
            && (
                normalization.Mean.Length != networkOptions.FrameWidth
                || normalization.StandardDeviation.Length != networkOptions.FrameWidth
            )
        )
            yield return $"a normalization of {normalization.Mean.Length} "
                + $"and {normalization.StandardDeviation.Length} features "
                + $"for frames {networkOptions.FrameWidth} wide";
        var shapes = Parameters.Shapes(networkOptions);
        var trained = shapes.Where(shape => shape.Trainable).ToList();
        IEnumerable<string> all = FindErrors("tensors", shapes, tensors);
        // Before the first step there are no moments.
        if (optimizer is not null && optimizer.Moments.Count + optimizer.Velocities.Count > 0)
            all = all.Concat(FindErrors("moments", trained, optimizer.Moments))
                .Concat(FindErrors("velocities", trained, optimizer.Velocities));
        foreach (var error in all)
            yield return error;
    }

    private static IEnumerable<string> FindErrors(
        string kind,
        IReadOnlyList<ParameterShape> expected,
        IReadOnlyList<ModelTensor> given
    )
    {
        if (given.Count != expected.Count)
            return [$"{given.Count} {kind} for {expected.Count}"];
        return expected
            .Zip(given)
            .Where(pair => !Fits(pair.First.Name, pair.First.Shape, pair.Second))
            .Take(1)
            .Select(pair =>
                $"{kind}: {pair.Second.Name} [{string.Join(", ", pair.Second.Shape)}] "
                + $"of {pair.Second.Values.Length} numbers where {pair.First.Name} "
                + $"[{string.Join(", ", pair.First.Shape)}] belongs"
            );
    }

    private static bool Fits(string name, int[] shape, ModelTensor given) =>
        given.Name == name
        && given.Shape.SequenceEqual(shape)
        && given.Values.Length == shape.Aggregate(1L, (count, size) => count * size);
}
