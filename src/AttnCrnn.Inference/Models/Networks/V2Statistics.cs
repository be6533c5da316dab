using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Models.Layers.Recurrent;

namespace AttnCrnn.Models.Networks;

/// <summary>"v2-stats": v2 with mean and standard deviation over time instead of the mean.</summary>
internal static class V2Statistics
{
    /// <summary>[B, T, D] to [B, K], before softmax.</summary>
    public static IEnumerable<LayerDeclaration> Declare(NetworkOptions o) =>
        [
            .. LayerWeightingDeclaration.ForLayers(o.EncoderLayers), // [B, T, D]: Σ w · layer
            new ConvPoolDeclaration(o.Conv1Filters), // [B, T/2, 128]: convolution, ReLU, max pooling
            new ConvPoolDeclaration(o.Conv2Filters), // [B, T/4, 256]
            new BidirectionalLstmDeclaration(o.LstmUnits, o.LstmDropout, o.RecurrentDropout), // [B, T/4, 256]
            new DropoutDeclaration(o.Dropout),
            new SelfAttentionDeclaration(o.HasAttentionScale, o.HasResidual), // [B, T/4, 256]: attention(x) + x
            .. LayerNormDeclaration.If(o.HasLayerNorm),
            new StatisticsOverTimeDeclaration(), // [B, 512]: mean and standard deviation
            new DenseDeclaration(o.DenseUnits), // [B, 256]
            .. HeadNormalizations.Declare(o.HeadNormalization),
            new ActivationDeclaration(o.Activation),
            new DropoutDeclaration(o.HeadDropout),
            new DenseDeclaration(o.Classes), // [B, K]
        ];
}
