using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Models.Layers.Recurrent;

namespace AttnCrnn.Models.Networks;

/// <summary>
/// "v1", the predecessor of "v2": without a scale of the attention, its residual connection and norm, and with ReLU
/// instead of batch norm and GELU in the head.
/// </summary>
internal static class V1
{
    /// <summary>[B, T, D] to [B, K], before softmax.</summary>
    public static IEnumerable<LayerDeclaration> Declare(NetworkOptions o) =>
        [
            .. LayerWeightingDeclaration.ForLayers(o.EncoderLayers), // [B, T, D]: Σ w · layer
            new ConvPoolDeclaration(o.Conv1Filters), // [B, T/2, 128]: convolution, ReLU, max pooling
            new ConvPoolDeclaration(o.Conv2Filters), // [B, T/4, 256]
            new BidirectionalLstmDeclaration(o.LstmUnits, o.LstmDropout, o.RecurrentDropout), // [B, T/4, 256]
            new DropoutDeclaration(o.Dropout),
            new SelfAttentionDeclaration(HasScale: false, HasResidual: false), // [B, T/4, 256]
            new MeanOverTimeDeclaration(), // [B, 256]
            new DenseDeclaration(o.DenseUnits), // [B, 128]
            new ActivationDeclaration(HeadActivation.Relu),
            new DropoutDeclaration(o.HeadDropout),
            new DenseDeclaration(o.Classes), // [B, K]
        ];
}
