namespace AttnCrnn.Models;

/// <summary>Whether a model, its weights and Adam's state belong together: asked before a file is written that its reader would refuse, or take for another model.</summary>
internal static class ModelParts
{
    /// <exception cref="ArgumentException">They do not; the message says all that is wrong.</exception>
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
        var (networkOptions, scale) = (model.Network, model.Normalization);
        if (model.IsFixedLength && model.Padding < NetworkOptions.MinFrames)
            yield return $"a fixed length of {model.Padding} frames";
        foreach (
            var error in ModelDescription
                .Create(model)
                .Errors(networkOptions, model.IsFixedLength ? model.Padding : 0, scale.Kind == "corpus")
        )
            yield return error;
        if (
            scale.Kind == "corpus"
            && (
                scale.Mean.Length != networkOptions.FrameWidth
                || scale.StandardDeviation.Length != networkOptions.FrameWidth
            )
        )
            yield return $"a normalisation of {scale.Mean.Length} and {scale.StandardDeviation.Length} features for frames {networkOptions.FrameWidth} wide";
        var shapes = Parameters.Shapes(networkOptions);
        var trained = shapes.Where(shape => shape.Trainable).ToList();
        IEnumerable<string> all = FindErrors("tensors", shapes, tensors);
        if (optimizer is not null && optimizer.Moments.Count + optimizer.Velocities.Count > 0) // before the first step there are none
            all = all.Concat(FindErrors("moments", trained, optimizer.Moments))
                .Concat(FindErrors("velocities", trained, optimizer.Velocities));
        foreach (var misfit in all)
            yield return misfit;
    }

    private static IEnumerable<string> FindErrors(
        string what,
        IReadOnlyList<(string Name, int[] Shape, bool Trainable)> expected,
        IReadOnlyList<ModelTensor> given
    )
    {
        if (given.Count != expected.Count)
            return [$"{given.Count} {what} for {expected.Count}"];
        return expected
            .Zip(given)
            .Where(pair => !Fits(pair.First.Name, pair.First.Shape, pair.Second))
            .Take(1)
            .Select(pair =>
                $"{what}: {pair.Second.Name} [{string.Join(", ", pair.Second.Shape)}] of {pair.Second.Values.Length} numbers where {pair.First.Name} [{string.Join(", ", pair.First.Shape)}] belongs"
            );
    }

    private static bool Fits(string name, int[] shape, ModelTensor given) =>
        given.Name == name
        && given.Shape.SequenceEqual(shape)
        && given.Values.Length == shape.Aggregate(1L, (count, size) => count * size);
}
