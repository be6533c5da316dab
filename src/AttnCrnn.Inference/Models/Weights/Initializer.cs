namespace AttnCrnn.Models.Weights;

/// <summary>The values of a tensor before training, as in Keras.</summary>
internal enum Initializer
{
    /// <summary>0.</summary>
    Zeros,

    /// <summary>1.</summary>
    Ones,

    /// <summary>
    /// Uniform within √(6 / (inputs + outputs)), both multiplied by the taps of a convolution (Glorot and Bengio
    /// 2010).
    /// </summary>
    GlorotUniform,

    /// <summary>Orthonormal rows (Saxe et al. 2014).</summary>
    Orthogonal,

    /// <summary>0, and 1 for the forget gates of an LSTM (Jozefowicz et al. 2015).</summary>
    ForgetGateOnes,

    /// <summary>The initial scale of the attention logits, an option of the training.</summary>
    AttentionScale,

    /// <summary>1 / number of elements.</summary>
    Mean,
}
