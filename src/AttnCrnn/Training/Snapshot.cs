using AttnCrnn.Interop;
using AttnCrnn.Kernels;
using AttnCrnn.Model;

namespace AttnCrnn.Training;

/// <summary>A network's tensors as a model file has them: copies, which go on training does not change.</summary>
internal static class Snapshot
{
    /// <summary>All weights, in the network's order.</summary>
    public static IReadOnlyList<ModelTensor> Weights(Parameters parameters) => Tensors(parameters.All, of => of.Values);

    /// <summary>Adam's state.</summary>
    /// <param name="adam">Of the next step.</param>
    /// <param name="steps">Steps done.</param>
    public static OptimiserState Optimiser(Parameters parameters, AdamOptions adam, long steps)
    {
        Parameter[] trained = [.. parameters.All.Where(of => of.Trainable)];
        return new(steps, (float)adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, Tensors(trained, of => of.Moment), Tensors(trained, of => of.Velocity));
    }

    private static ModelTensor[] Tensors(IEnumerable<Parameter> parameters, Func<Parameter, Rows> values) =>
        [.. parameters.Select(of => new ModelTensor(of.Name, of.Shape, values(of).Span.ToArray()))];
}
