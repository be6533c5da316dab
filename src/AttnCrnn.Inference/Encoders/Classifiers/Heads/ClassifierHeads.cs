using AttnCrnn.Formats.Checkpoints;

namespace AttnCrnn.Encoders.Classifiers.Heads;

/// <summary>The registry of heads.</summary>
internal static class ClassifierHeads
{
    private const int MaxListed = 8;

    private static readonly string[] HeadPrefixes = ["classifier.", "projector.", "proj.", "head.", "layer_weights"];

    private static readonly IClassifierHeadKind[] All =
    [
        new ProjectionHead.Kind(),
        new DenseHead.Kind("classifier.out_proj"),
        new DenseHead.Kind("classifier.output"),
        new LinearHead.Kind(),
    ];

    /// <summary>The head of a checkpoint.</summary>
    /// <param name="width">Feature dimension of the encoder's frames.</param>
    /// <exception cref="InvalidInputException">There is none, or its tensors do not fit.</exception>
    public static IClassifierHead Find(CheckpointFiles files, int width, ClassifierSettings settings)
    {
        var tensors = new HeadTensors(files, width);
        IClassifierHead[] heads = [.. All.Select(kind => kind.Find(tensors, settings)).OfType<IClassifierHead>()];
        if (heads is [var head])
            return head;
        string[] names =
        [
            .. files.Tensors.Keys.Where(name =>
                Array.Exists(HeadPrefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal))
            ),
        ];
        var found = names.Length == 0 ? "no tensors of one" : string.Join(", ", names.Order().Take(MaxListed));
        throw new InvalidInputException(
            files.Path,
            $"{(heads.Length == 0 ? "no classification head" : "more than one classification head")} ({found}); "
                + $"expected {string.Join(", or ", All.Select(kind => kind.Tensors))}: use a checkpoint that was "
                + "fine-tuned for classification, or extract its frames and train"
        );
    }
}
