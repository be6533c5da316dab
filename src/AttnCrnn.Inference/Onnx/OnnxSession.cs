using AttnCrnn.Options;
using Microsoft.ML.OnnxRuntime;

namespace AttnCrnn.Onnx;

/// <summary>An ONNX Runtime session with float32 inputs and outputs, on the CPU by default; thread-safe.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession session;

    /// <param name="model">The bytes of a .onnx file.</param>
    /// <param name="threads">Intra-operator threads, including the caller's.</param>
    /// <param name="weightsFolder">
    /// Folder of external data files; null: none. The runtime maps each tensor, packs it for the processor and unmaps
    /// it, so that the weights are never in memory twice.
    /// </param>
    /// <param name="onCuda">Whether to run on an NVIDIA GPU, which requires ONNX Runtime's GPU package.</param>
    /// <exception cref="InvalidInputException">The runtime does not support CUDA, or finds no GPU.</exception>
    public OnnxSession(byte[] model, int threads, string? weightsFolder = null, bool onCuda = false)
    {
        using var options = CreateOptions(threads);
        if (onCuda)
            UseCuda(options);
        if (weightsFolder is not null)
            options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", weightsFolder);
        session = new InferenceSession(model, options);
    }

    private OnnxSession(string path, int threads)
    {
        using var options = CreateOptions(threads);
        session = new InferenceSession(path, options);
    }

    /// <summary>Loads a model file and its external data with the runtime's defaults.</summary>
    public static OnnxSession Load(string path, int threads) => new(path, threads);

    /// <summary>Runs the graph.</summary>
    /// <param name="inputs">Each input's name, values and shape.</param>
    /// <returns>The first output's values, in C order.</returns>
    public float[] Run(params (string Name, float[] Values, int[] Shape)[] inputs) =>
        Run(inputs, (options, names, values) =>
        {
            using var results = session.Run(options, names, values, session.OutputNames);
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        });

    /// <summary>Runs a graph that also has an int64 input.</summary>
    /// <param name="int64Input">The int64 input, one-dimensional.</param>
    /// <param name="inputs">Each input's name, values and shape.</param>
    /// <returns>The first output's values, in C order.</returns>
    public float[] Run(
        (string Name, long[] Values) int64Input,
        params (string Name, float[] Values, int[] Shape)[] inputs
    ) => Run(inputs, (options, names, values) =>
        {
            using var integers = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                int64Input.Values.AsMemory(),
                [int64Input.Values.Length]
            );
            using var results = session.Run(
                options,
                [.. names, int64Input.Name],
                [.. values, integers],
                session.OutputNames
            );
            return results[0].GetTensorDataAsSpan<float>().ToArray();
        });

    /// <summary>Names of the outputs.</summary>
    public IReadOnlyList<string> OutputNames => session.OutputNames;

    /// <summary>The model's custom metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata => session.ModelMetadata.CustomMetadataMap;

    /// <summary>Runs the graph and returns all outputs.</summary>
    /// <param name="shrinkArena">
    /// Whether to shrink the memory arena afterwards, for a run that needs much more memory than others; otherwise the
    /// arena keeps it and may allocate more for the next run.
    /// </param>
    /// <returns>Every output's values, in C order.</returns>
    public float[][] RunAll(bool shrinkArena, params (string Name, float[] Values, int[] Shape)[] inputs) =>
        Run(inputs, (options, names, values) =>
        {
            if (shrinkArena)
                options.AddRunConfigEntry("memory.enable_memory_arena_shrinkage", "cpu:0");
            using var results = session.Run(options, names, values, session.OutputNames);
            return results.Select(result => result.GetTensorDataAsSpan<float>().ToArray()).ToArray();
        });

    /// <summary>Runs the graph and writes the first output to the caller's memory, without a copy.</summary>
    /// <param name="output">Receives the output's values, in C order; its shape must match the graph's.</param>
    public void Run((float[] Values, int[] Shape) output, params (string Name, float[] Values, int[] Shape)[] inputs) =>
        Run(inputs, (options, names, values) =>
        {
            using var result = CreateTensor(output.Values, output.Shape);
            session.Run(options, names, values, [session.OutputNames[0]], [result]);
            return output.Values;
        });

    public void Dispose() => session.Dispose();

    private static SessionOptions CreateOptions(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        RuntimeTelemetry.Disable();
        var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            EnableMemoryPattern = false,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Spinning threads cost a fifth of the processor time of a prediction.
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    private static void UseCuda(SessionOptions options)
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Device} cuda: this build has ONNX Runtime's package without GPU support; build the "
                        + $"program with -p:Gpu=true as described in docs/encoders.md, or omit {OptionKeys.Device}"
                )
            );
        try
        {
            options.AppendExecutionProvider_CUDA();
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidInputException(
                OptionText.Create(
                    $"{OptionKeys.Device} cuda: ONNX Runtime cannot use a GPU ({exception.Message}); install NVIDIA's "
                        + $"driver, CUDA 13 and cuDNN 9, or omit {OptionKeys.Device}"
                )
            );
        }
    }

    private static T Run<T>(
        (string Name, float[] Values, int[] Shape)[] inputs,
        Func<RunOptions, string[], OrtValue[], T> run
    )
    {
        OrtValue[] values = [.. inputs.Select(input => CreateTensor(input.Values, input.Shape))];
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

    private static OrtValue CreateTensor(float[] values, int[] shape) =>
        OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance,
            values.AsMemory(),
            [.. shape.Select(size => (long)size)]
        );
}
