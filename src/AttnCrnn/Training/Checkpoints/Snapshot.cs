using AttnCrnn.Models;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Training.Checkpoints;

/// <summary>A network's tensors as a model file has them: copies, which go on training does not change.</summary>
internal static class Snapshot
{
    /// <summary>All weights, in the network's order.</summary>
    public static IReadOnlyList<ModelTensor> Weights(Parameters parameters) =>
        Tensors(parameters.All, parameter => parameter.Values);

    /// <summary>Adam's state.</summary>
    /// <param name="adam">Of the next step.</param>
    /// <param name="steps">Steps done.</param>
    public static OptimizerState Optimizer(Parameters parameters, AdamOptions adam, long steps)
    {
        Parameter[] trained = [.. parameters.All.Where(parameter => parameter.Trainable)];
        return new(
            steps,
            (float)adam.LearningRate,
            adam.Beta1,
            adam.Beta2,
            adam.Epsilon,
            Tensors(trained, parameter => parameter.Moment),
            Tensors(trained, parameter => parameter.Velocity)
        );
    }

    private static ModelTensor[] Tensors(IEnumerable<Parameter> parameters, Func<Parameter, MatrixView> values) =>
        [
            .. parameters.Select(parameter => new ModelTensor(
                parameter.Name,
                parameter.Shape,
                values(parameter).Span.ToArray()
            )),
        ];
}
