using AttnCrnn.Models.Weights;

namespace AttnCrnn.Models.Layers;

/// <summary>
/// The kind, sizes and rates of a layer: what a network's declaration lists, and what model files and exported formats
/// describe. Two equal declarations are the same computation.
/// </summary>
internal abstract record LayerDeclaration
{
    /// <summary>
    /// The layer's name, as Keras numbers layers of a kind: the second one with this name gets <c>_1</c>.
    /// </summary>
    public abstract string BaseName { get; }

    /// <summary>The parameters, in the order of Keras' layer.weights.</summary>
    /// <param name="name">Name of the layer, with which their names begin.</param>
    /// <param name="width">Feature dimension of the input.</param>
    public virtual IEnumerable<ParameterShape> ListParameters(string name, int width) => [];

    /// <summary>The largest batch and the feature dimension of the output.</summary>
    public virtual LayerSize GetOutput(LayerSize input) => input;

    /// <summary>Creates the layer.</summary>
    public abstract Layer Create(LayerContext context);

    /// <summary>Calls the visitor's method for this kind of layer.</summary>
    /// <param name="name">Name of the layer.</param>
    public abstract void Accept(ILayerVisitor visitor, string name);
}
