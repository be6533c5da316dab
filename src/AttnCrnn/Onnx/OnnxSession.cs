using Microsoft.ML.OnnxRuntime;

namespace AttnCrnn.Onnx;

/// <summary>A model in ONNX Runtime on the processor; float32 in and out. Several threads may run it at once.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession session;

    /// <param name="model">The bytes of a .onnx file.</param>
    /// <param name="threads">Threads within one operator, the caller's among them.</param>
    /// <param name="weightsFolder">Where the files are that stored tensors name; null where there are none. The runtime maps them, lays them out for the
    /// processor one by one, and lets go of each mapping: they are there twice at no time.</param>
    /// <param name="onCuda">On an NVIDIA card; only ONNX Runtime's GPU package can.</param>
    /// <exception cref="InvalidInputException">The runtime at hand cannot use a card.</exception>
    public OnnxSession(byte[] model, int threads, string? weightsFolder = null, bool onCuda = false)
    {
        using var options = Options(threads);
        if (onCuda)
            UseCuda(options);
        if (weightsFolder is not null)
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", weightsFolder);
        session = new InferenceSession(model, options);
    }

    private OnnxSession(string path, int threads)
    {
        using var options = Options(threads);
        session = new InferenceSession(path, options);
    }

    /// <summary>A model in a file, with its weights beside it, as the runtime has it by default.</summary>
    public static OnnxSession Load(string path, int threads) => new(path, threads);

    /// <summary>One pass through the graph.</summary>
    /// <param name="inputs">Each input's name, values and shape.</param>
    /// <returns>The first output's values, in C order.</returns>
    public float[] Run(params (string Name, float[] Values, int[] Shape)[] inputs) =>
        Run(inputs, (options, names, values) =>
        {
            using var results = session.Run(options, names, values, session.OutputNames);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        });

    /// <summary>One pass through a graph that takes whole numbers too.</summary>
    /// <param name="wholeNumbers">Of 64 bits, along one axis.</param>
    /// <param name="inputs">Each input's name, values and shape.</param>
    /// <returns>The first output's values, in C order.</returns>
    public float[] Run(
        (string Name, long[] Values) wholeNumbers,
        params (string Name, float[] Values, int[] Shape)[] inputs
    ) => Run(inputs, (options, names, values) =>
        {
            using var whole = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                wholeNumbers.Values.AsMemory(),
                [wholeNumbers.Values.Length]
            );
            using var results = session.Run(
                options,
                [.. names, wholeNumbers.Name],
                [.. values, whole],
                session.OutputNames
            );
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        });

    /// <summary>What the model says of itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata => session.ModelMetadata.CustomMetadataMap;

    /// <summary>One pass through the graph.</summary>
    /// <param name="givesMemoryBack">Whether what the pass needed is given back after it: for one that needs much more than others. Kept, it would be laid out anew
    /// for the next, beside the old.</param>
    /// <returns>Every output's values, in C order.</returns>
    public float[][] RunAll(bool givesMemoryBack, params (string Name, float[] Values, int[] Shape)[] inputs) =>
        Run(inputs, (options, names, values) =>
        {
            if (givesMemoryBack)
                options.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
            using var results = session.Run(options, names, values, session.OutputNames);
            return results.Select(result => result.GetTensorDataAsSpan<float>().ToArray()).ToArray();
        });

    /// <summary>One pass through the graph, whose first output goes where the caller wants it, without a copy.</summary>
    /// <param name="output">The output's values, in C order, and its shape, which must be what the graph gives.</param>
    public void Run((float[] Values, int[] Shape) output, params (string Name, float[] Values, int[] Shape)[] inputs) =>
        Run(inputs, (options, names, values) =>
        {
            using var result = Tensor(output.Values, output.Shape);
            session.Run(options, names, values, [session.OutputNames[0]], [result]);
            return output.Values;
        });

    public void Dispose() => session.Dispose();

    private static SessionOptions Options(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        RuntimeTelemetry.SwitchOff();
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            EnableMemoryPattern = false,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Threads that wait in a loop take the processor from what a prediction does beside: a fifth of its processor time.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    private static void UseCuda(SessionOptions options)
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
            throw new InvalidInputException(
                "--device cuda: the ONNX Runtime in this build is the one for processors; put the GPU package in its place as docs/encoders.md says, or leave --device out"
            );
        options.AppendExecutionProvider_CUDA();
    }

    private static T Run<T>(
        (string Name, float[] Values, int[] Shape)[] inputs,
        Func<RunOptions, string[], OrtValue[], T> run
    )
    {
        OrtValue[] values = [.. inputs.Select(input => Tensor(input.Values, input.Shape))];
        try
        {
            using var options = new RunOptions();
            return run(options, [.. inputs.Select(input => input.Name)], values);
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    private static OrtValue Tensor(float[] values, int[] shape) =>
        OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            values.AsMemory(),
            [.. shape.Select(size => (long)size)]
        );
}
