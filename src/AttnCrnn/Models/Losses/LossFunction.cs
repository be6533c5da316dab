namespace AttnCrnn.Models.Losses;

/// <summary>The loss of a training.</summary>
public enum LossFunction
{
    /// <summary>Categorical cross-entropy.</summary>
    CrossEntropy,

    /// <summary>Focal loss.</summary>
    Focal,
}

/// <summary>The loss and its parameters.</summary>
/// <param name="FocalGamma">γ of the focal loss; null with another loss.</param>
/// <param name="LabelSmoothing">Probability that is distributed over all classes; 0 for none.</param>
internal sealed record LossOptions(LossFunction Loss, double? FocalGamma, double LabelSmoothing);

/// <summary>
/// The losses: a new one is its file, its value of <see cref="LossFunction"/> and its line in the table.
/// </summary>
internal static class LossFunctions
{
    private static readonly (string Name, LossFunction Loss, Func<LossOptions, ILoss> Create)[] Table =
    [
        ("cross_entropy", LossFunction.CrossEntropy, _ => new CrossEntropy()),
        ("focal", LossFunction.Focal, options => new FocalLoss(options.FocalGamma!.Value)),
    ];

    /// <summary>All losses by name, in the order of the help.</summary>
    public static (string Name, LossFunction Loss)[] All { get; } = [.. Table.Select(row => (row.Name, row.Loss))];

    /// <summary>The loss of a training.</summary>
    /// <param name="classes">Number of classes.</param>
    public static ILoss Create(LossOptions options, int classes)
    {
        var loss = Array.Find(Table, row => row.Loss == options.Loss).Create(options);
        return options.LabelSmoothing > 0 ? new LabelSmoothing(loss, options.LabelSmoothing, classes) : loss;
    }
}
