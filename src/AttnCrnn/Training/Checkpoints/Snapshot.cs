using AttnCrnn.Models;
using AttnCrnn.Models.Weights;
using AttnCrnn.Numerics.Memory;

namespace AttnCrnn.Training.Checkpoints;

/// <summary>Copies a network's tensors for a model file; further training does not change them.</summary>
internal static class Snapshot
{
    /// <summary>Copies all weights, in the network's order.</summary>
    public static IReadOnlyList<ModelTensor> CopyWeights(Parameters parameters) =>
        CopyTensors(parameters.All, parameter => parameter.Values);

    /// <summary>Copies Adam's state.</summary>
    /// <param name="adam">Options of the next step.</param>
    /// <param name="steps">Completed steps.</param>
    public static OptimizerState CopyOptimizerState(Parameters parameters, AdamOptions adam, long steps)
    {
        Parameter[] trainedParameters = [.. parameters.All.Where(parameter => parameter.Trainable)];
        return new(
            steps,
            (float)adam.LearningRate,
            adam.Beta1,
            adam.Beta2,
            adam.Epsilon,
            CopyTensors(trainedParameters, parameter => parameter.FirstMoment),
            CopyTensors(trainedParameters, parameter => parameter.SecondMoment)
        );
    }

    private static ModelTensor[] CopyTensors(IEnumerable<Parameter> parameters, Func<Parameter, MatrixView> values) =>
        [
            .. parameters.Select(parameter => new ModelTensor(
                parameter.Name,
                parameter.Shape,
                values(parameter).Span.ToArray()
            )),
        ];
}
