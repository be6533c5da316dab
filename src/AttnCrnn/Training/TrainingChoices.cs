namespace AttnCrnn.Training;

/// <summary>A set of defaults.</summary>
public enum TrainingRecipe
{
    /// <summary>This program's.</summary>
    Default,

    /// <summary>
    /// The reference Keras implementation's, which also restores the best weights before it writes the final model.
    /// </summary>
    Original,
}

/// <summary>Statistics with which batch norm is evaluated.</summary>
public enum BatchNormStatistics
{
    /// <summary>Moving averages over training batches, as in Keras.</summary>
    Moving,

    /// <summary>Computed over the training set after each epoch.</summary>
    Recalibrated,
}

/// <summary>Weights of the classes in the loss.</summary>
public enum ClassWeighting
{
    /// <summary>All classes have equal weight in the training set.</summary>
    Balanced,

    /// <summary>All clips have equal weight.</summary>
    None,
}

/// <summary>Metric that selects the best epoch and ends training early.</summary>
public enum MonitoredMetric
{
    /// <summary>Accuracy of the validation set.</summary>
    ValAccuracy,

    /// <summary>Unweighted average recall of the validation set.</summary>
    ValUar,
}

/// <summary>How the learning rate changes during the training.</summary>
public enum LearningRateSchedule
{
    /// <summary>Constant, and reduced when val_loss stops improving: Keras' ReduceLROnPlateau.</summary>
    Plateau,

    /// <summary>Linear warm-up, then half a cosine period: Keras' CosineDecay.</summary>
    Cosine,

    /// <summary>Up and down along cosines, with the first moment's decay rate: PyTorch's OneCycleLR.</summary>
    OneCycle,
}

/// <summary>Average of the weights with which the training is validated and which its models have.</summary>
public enum WeightAveraging
{
    /// <summary>None: the weights of the last step.</summary>
    None,

    /// <summary>Exponential moving average over the steps: Keras' use_ema.</summary>
    Ema,

    /// <summary>Mean of the weights after each of the last epochs.</summary>
    Last,
}

/// <summary>Zero padding of training clips.</summary>
public enum PaddingMode
{
    /// <summary>None: clips keep their lengths.</summary>
    None,

    /// <summary>To the longest clip, without masking, as the reference Keras implementation does.</summary>
    Longest,
}
