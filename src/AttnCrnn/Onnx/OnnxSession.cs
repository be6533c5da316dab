using Microsoft.ML.OnnxRuntime;

namespace AttnCrnn.Onnx;

/// <summary>A model in ONNX Runtime on the processor; float32 in and out. Several threads may run it at once.</summary>
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
    public float[] Run(params (string Name, float[] Values, int[] Shape)[] inputs) => Run(inputs, (options, names, values) =>
    {
        using var results = session.Run(options, names, values, session.OutputNames);
        return results[0].GetTensorDataAsSpan<float>().ToArray();
    });

    /// <summary>One pass through the graph, whose first output goes where the caller wants it, without a copy.</summary>
    /// <param name="output">The output's values, in C order, and its shape, which must be what the graph gives.</param>
    public void Run((float[] Values, int[] Shape) output, params (string Name, float[] Values, int[] Shape)[] inputs) => Run(inputs, (options, names, values) =>
    {
        using var result = Tensor(output.Values, output.Shape);
        session.Run(options, names, values, [session.OutputNames[0]], [result]);
        return output.Values;
    });

    public void Dispose() => session.Dispose();

    private static float[] Run((string Name, float[] Values, int[] Shape)[] inputs, Func<RunOptions, string[], OrtValue[], float[]> run)
    {
        OrtValue[] values = [.. inputs.Select(input => Tensor(input.Values, input.Shape))];
        try
        {
            using var options = new RunOptions();
            return run(options, [.. inputs.Select(input => input.Name)], values);
        }
        finally
        {
            foreach (var value in values) value.Dispose();
        }
    }

    private static OrtValue Tensor(float[] values, int[] shape) =>
        OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, values.AsMemory(), [.. shape.Select(size => (long)size)]);
}
