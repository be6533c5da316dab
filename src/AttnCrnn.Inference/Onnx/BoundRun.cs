using Microsoft.ML.OnnxRuntime;

namespace AttnCrnn.Onnx;

/// <summary>
/// Repeated runs of a session on the same arrays, which are bound once: a small graph would otherwise take longer to
/// call than to compute. Not thread-safe; several can run the same session at once.
/// </summary>
internal sealed class BoundRun : IDisposable
{
    private readonly InferenceSession session;
    private readonly OrtIoBinding binding;
    private readonly RunOptions options = new();
    private readonly List<OrtValue> tensors = [];

    public BoundRun(InferenceSession session)
    {
        this.session = session;
        binding = session.CreateIoBinding();
    }

    /// <summary>Binds an input; the values are read by every run.</summary>
    public void BindInput<T>(string name, T[] values, params long[] shape)
        where T : unmanaged => binding.BindInput(name, CreateTensor(values, shape));

    /// <summary>Binds an output; the values are written by every run.</summary>
    public void BindOutput<T>(string name, T[] values, params long[] shape)
        where T : unmanaged => binding.BindOutput(name, CreateTensor(values, shape));

    /// <summary>Runs the graph.</summary>
    public void Run() => session.RunWithBinding(options, binding);

    public void Dispose()
    {
        binding.Dispose();
        options.Dispose();
        foreach (var tensor in tensors)
            tensor.Dispose();
    }

    private OrtValue CreateTensor<T>(T[] values, long[] shape)
        where T : unmanaged
    {
        var tensor = OrtValue.CreateTensorValueFromMemory(values, shape);
        tensors.Add(tensor);
        return tensor;
    }
}
