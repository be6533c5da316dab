using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AttnCrnn.Onnx;

/// <summary>A model in ONNX Runtime on the processor; float32 in and out. Several threads may call <see cref="Run"/> at once.</summary>
public sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession session;

    /// <param name="model">The bytes of a .onnx file.</param>
    /// <param name="threads">Threads within one operator, the caller's among them.</param>
    public OnnxSession(byte[] model, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        RuntimeTelemetry.SwitchOff();
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session = new InferenceSession(model, options);
    }

    /// <summary>One pass through the graph.</summary>
    /// <param name="inputs">Each input's name, values and shape.</param>
    /// <returns>The first output's values, in C order.</returns>
    public float[] Run(params (string Name, float[] Values, int[] Shape)[] inputs)
    {
        var values = inputs.Select(input =>
            NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>(input.Values, input.Shape))).ToList();
        using var results = session.Run(values);
        return results[0].AsEnumerable<float>().ToArray();
    }

    public void Dispose() => session.Dispose();
}
