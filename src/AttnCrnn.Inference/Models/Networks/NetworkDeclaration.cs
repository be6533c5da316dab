using AttnCrnn.Models.Layers;
using AttnCrnn.Models.Weights;

namespace AttnCrnn.Models.Networks;

/// <summary>
/// A network: its layers in order, with the names that Keras gives them, and their parameters.
/// </summary>
internal sealed class NetworkDeclaration
{
    /// <param name="width">Feature dimension of the frames, over all encoder layers.</param>
    /// <param name="layers">The layers, from the frames to the logits.</param>
    public NetworkDeclaration(int width, IReadOnlyList<LayerDeclaration> layers)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var named = new List<NamedLayer>();
        var size = new LayerSize(default, width);
        foreach (var layer in layers)
        {
            var count = counts.GetValueOrDefault(layer.BaseName);
            counts[layer.BaseName] = count + 1;
            named.Add(new(layer, count, size.Width));
            size = layer.GetOutput(size);
        }
        Width = width;
        Layers = named;
        ParameterShape[] shapes =
        [
            .. named.SelectMany(layer => layer.Declaration.ListParameters(layer.Name, layer.InputWidth)),
        ];
        Parameters = [.. shapes.Where(shape => shape.Trainable), .. shapes.Where(shape => !shape.Trainable)];
    }

    /// <summary>Feature dimension of the frames, over all encoder layers.</summary>
    public int Width { get; }

    /// <summary>From the frames to the logits.</summary>
    public IReadOnlyList<NamedLayer> Layers { get; }

    /// <summary>The parameters in the order of the layers; those that are not trained come last.</summary>
    public IReadOnlyList<ParameterShape> Parameters { get; }

    /// <summary>Calls the visitor for each layer, from the frames to the logits.</summary>
    public void Accept(ILayerVisitor visitor)
    {
        foreach (var layer in Layers)
            layer.Declaration.Accept(visitor, layer.Name);
    }
}

/// <summary>A layer of a network.</summary>
/// <param name="Declaration">Its kind and sizes.</param>
/// <param name="Occurrence">Number of layers with the same base name before it.</param>
/// <param name="InputWidth">Feature dimension of its input.</param>
internal sealed record NamedLayer(LayerDeclaration Declaration, int Occurrence, int InputWidth)
{
    /// <summary>Its name in the network, as Keras numbers layers.</summary>
    public string Name => Occurrence == 0 ? Declaration.BaseName : $"{Declaration.BaseName}_{Occurrence}";
}
