using AttnCrnn.Audio;
using AttnCrnn.Encoders.Classifiers.Heads;
using AttnCrnn.Encoders.Transformers;
using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.HuggingFace;
using AttnCrnn.Metrics;
using AttnCrnn.Onnx;

namespace AttnCrnn.Encoders.Classifiers;

/// <summary>
/// A published classifier: a speech encoder and its classification head in one checkpoint, as transformers and FunASR
/// save them. The head is recognized by its tensors; a checkpoint without one is an error. Thread-safe: concurrent
/// calls share the threads of the classifier.
/// </summary>
public sealed class SpeechClassifier : IDisposable
{
    /// <summary>The longest recording that is classified at once, in seconds.</summary>
    public const double MaxSeconds = 120;

    private const string Input = "input";

    private readonly SpeechCheckpoint checkpoint;
    private readonly ISpeechNetwork network;
    private readonly IClassifierHead head;
    private readonly IFrameGrid grid; // of the hidden states that the head takes
    private readonly OnnxSession session;
    private readonly int[] outputs; // the indices of the outputs that have a label
    private readonly double maxSeconds;

    internal SpeechClassifier(OpenedCheckpoint opened, SpeechClassifierOptions options)
    {
        checkpoint = opened.Checkpoint;
        using var files = checkpoint.OpenWeights(); // first, so that a damaged file is reported as damaged
        var settings = checkpoint.Family.ReadClassifierSettings(checkpoint.Folder);
        var isPadded = checkpoint.Family.Contexts.Contains(EncoderContext.Padded);
        network = checkpoint.ReadNetwork(new() { Context = isPadded ? EncoderContext.Padded : null });
        foreach (var assumption in checkpoint.ListNotices(opened.Name))
            options.Notice?.Invoke(assumption);
        maxSeconds = Math.Min(MaxSeconds, network.MaxSeconds);
        head = ClassifierHeads.Find(files, network.Width, settings);
        grid = network.GetGrid(ClassifierGraph.SelectLayers(network, head));
        var labels = PublishedLabelSet.Create(settings, head.Outputs, options.Notice);
        outputs = [.. labels.Outputs];
        PublishedLabels = labels.Labels;
        Labels = options.RawLabels ? PublishedLabels : ClassifierLabels.Simplify(PublishedLabels);
        Output = settings.Output;
        Name = opened.Name;
        ModelType = checkpoint.ModelType;
        Revision = opened.Commit ?? files.Revision ?? checkpoint.ComputeHash(files);
        var graph = new GraphBuilder("speech classifier");
        var classifierGraph = new ClassifierGraph(graph, checkpoint, files, WeightsLocation.MemoryMapped);
        var logits = classifierGraph.AddLogits(network, head, network.CreateInput(graph, Input));
        graph.AddOutput("logits", logits, 1, head.Outputs);
        WeightBytes = classifierGraph.Bytes;
        session = new OnnxSession(graph.ToModel(), options.Threads, classifierGraph.Folder ?? checkpoint.Folder.Path);
    }

    /// <summary>The repository, or the absolute folder.</summary>
    public string Name { get; }

    /// <summary>The commit, or a hash of the files.</summary>
    public string Revision { get; }

    /// <summary>The type of the encoder, as the configuration names it.</summary>
    public string ModelType { get; }

    /// <summary>[outputs], the labels as published.</summary>
    public IReadOnlyList<string> PublishedLabels { get; }

    /// <summary>[outputs], the labels in the order of the outputs.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>What the outputs are.</summary>
    public ClassifierOutput Output { get; }

    /// <summary>
    /// The paths of the checkpoint's files, for programs that must not overwrite them: configurations, labels and
    /// weights.
    /// </summary>
    public IReadOnlyList<string> Files => checkpoint.ListFiles();

    /// <summary>Size of the weights in bytes.</summary>
    internal long WeightBytes { get; }

    /// <summary>Minimum number of samples at 16 kHz: those of one frame.</summary>
    internal int MinSamples => Enumerable.Range(1, int.MaxValue).First(samples => grid.CountFrames(samples) > 0);

    /// <summary>Maximum number of samples at 16 kHz that are classified at once.</summary>
    internal int MaxSamples => (int)(maxSeconds * Waveform.SampleRateHz);

    /// <summary>Opens a classifier, and downloads it first if it is not in the cache; the caller disposes it.</summary>
    /// <param name="name">
    /// A checkpoint folder, or a repository of the hub: <c>superb/hubert-large-superb-er</c>.
    /// </param>
    /// <exception cref="InvalidInputException">
    /// There is no such checkpoint, it has no classification head, or it cannot be downloaded.
    /// </exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static async Task<SpeechClassifier> OpenAsync(
        string name,
        SpeechClassifierOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new();
        var opener = new EncoderOpener(EncoderFamilies.BuiltIn, options.Notice ?? (_ => { }))
        {
            IsForClassifier = true,
        };
        return new(
            await opener.OpenCheckpointAsync(name, options.Revision, cancellationToken).ConfigureAwait(false),
            options
        );
    }

    /// <summary>Whether a folder holds the configuration of a checkpoint; it may be of an unsupported one.</summary>
    public static bool IsCheckpointFolder(string folder)
    {
        var layouts = EncoderFamilies.BuiltIn.Layouts;
        if (!layouts.Any(layout => File.Exists(Path.Combine(folder, layout.ConfigFile))))
            return false;
        try
        {
            var files = CheckpointFolder.Open(folder);
            return layouts.Any(layout => layout.IsLayoutOf(files));
        }
        catch (InvalidFileException)
        {
            return true; // opening it reports what is damaged
        }
    }

    /// <summary>Whether a name has the form of a repository, OWNER/NAME, and not that of a path.</summary>
    public static bool IsRepository(string name) => HubNames.IsRepository(name);

    /// <summary>Classifies a recording.</summary>
    /// <param name="waveform">[samples], 16 kHz mono, finite, full scale ±1.</param>
    /// <returns>[outputs], in the order of the labels: probabilities or values, as <see cref="Output"/> says.</returns>
    /// <exception cref="InvalidInputException">
    /// The recording is too short or too long, or the outputs are not finite.
    /// </exception>
    public double[] Predict(ReadOnlySpan<float> waveform)
    {
        var logits = Compute(waveform);
        return Output switch
        {
            ClassifierOutput.Probabilities => Temperature.ComputeSoftmax(logits, 1),
            ClassifierOutput.IndependentProbabilities => Array.ConvertAll(logits, value => 1 / (1 + Math.Exp(-value))),
            _ => logits,
        };
    }

    /// <summary>The outputs before softmax or sigmoid.</summary>
    /// <param name="waveform">As for <see cref="Predict"/>.</param>
    /// <exception cref="InvalidInputException">As for <see cref="Predict"/>.</exception>
    internal double[] Compute(ReadOnlySpan<float> waveform)
    {
        if (waveform.Length > MaxSamples)
            throw new RecordingLengthException((double)waveform.Length / Waveform.SampleRateHz, maxSeconds);
        if (grid.CountFrames(waveform.Length) == 0)
            throw new InvalidInputException(
                $"{waveform.Length} samples at 16 kHz are too short for a frame of {ModelType}: use a longer recording"
            );
        var (input, shape) = network.CreateInput(network.PrepareSamples(waveform));
        var values = session.Run((Input, input, shape));
        double[] logits = [.. outputs.Select(i => (double)values[i])];
        var invalid = Array.FindIndex(logits, value => !double.IsFinite(value));
        return invalid < 0
            ? logits
            : throw new InvalidInputException(
                $"the classifier's outputs are not finite ({PublishedLabels[invalid]}: {logits[invalid]}); its weights "
                    + "are damaged or overflow: download it again, or use another checkpoint"
            );
    }

    /// <summary>Adds what <see cref="Predict"/> computes to a graph.</summary>
    /// <param name="samples">[samples], 16 kHz mono, from <see cref="MinSamples"/> to <see cref="MaxSamples"/>.</param>
    /// <returns>[outputs], as <see cref="Predict"/> returns.</returns>
    internal GraphValue AddToGraph(GraphBuilder graph, GraphValue samples)
    {
        using var files = checkpoint.OpenWeights();
        var classifierGraph = new ClassifierGraph(graph, checkpoint, files, WeightsLocation.Embedded);
        var logits = classifierGraph.AddLogits(network, head, network.AddPreprocessing(graph, samples));
        var indices = graph.Int64s("labeled outputs", [.. outputs.Select(i => (long)i)], outputs.Length);
        var labeled = graph.Gather(graph.Squeeze(logits, 0), indices, 0);
        return Output switch
        {
            ClassifierOutput.Probabilities => graph.Softmax(labeled),
            ClassifierOutput.IndependentProbabilities => graph.Sigmoid(labeled),
            _ => labeled,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => session.Dispose();
}
