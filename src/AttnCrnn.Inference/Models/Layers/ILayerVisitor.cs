using AttnCrnn.Models.Layers.Convolution;
using AttnCrnn.Models.Layers.Recurrent;

namespace AttnCrnn.Models.Layers;

/// <summary>
/// What is done for each layer of a network, such as writing it to a format. A new kind of layer is a method here, and
/// the compiler names every format that lacks it.
/// </summary>
internal interface ILayerVisitor
{
    void Visit(LayerWeightingDeclaration layer, string name);

    void Visit(ConvPoolDeclaration layer, string name);

    void Visit(BidirectionalLstmDeclaration layer, string name);

    void Visit(DropoutDeclaration layer, string name);

    void Visit(SelfAttentionDeclaration layer, string name);

    void Visit(LayerNormDeclaration layer, string name);

    void Visit(MeanOverTimeDeclaration layer, string name);

    void Visit(StatisticsOverTimeDeclaration layer, string name);

    void Visit(AttentivePoolingDeclaration layer, string name);

    void Visit(DenseDeclaration layer, string name);

    void Visit(BatchNormDeclaration layer, string name);

    void Visit(ActivationDeclaration layer, string name);
}
