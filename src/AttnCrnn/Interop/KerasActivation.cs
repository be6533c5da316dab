using System.Text.Json;
using AttnCrnn.Formats;
using AttnCrnn.Model;

namespace AttnCrnn.Interop;

/// <summary>The activations of the network, in whichever of Keras' ways they are said: inside the layer before, as a layer, as an operator, as a Lambda.</summary>
internal sealed class KerasActivation(string file, KerasWalk walk, List<string> notices)
{
    private const string GeluOrRelu = "GELU or ReLU, as an Activation";

    /// <summary>ReLU after a convolution.</summary>
    /// <param name="inside">The layer's own activation; empty or linear: none.</param>
    public void Rectifier(KerasLayer layer, string inside)
    {
        if (Said(inside) is { } own)
        {
            if (own != "relu") throw walk.Misfit(layer, "its activation relu");
            return;
        }
        if (Named("ReLU, as an Activation") != "relu") throw walk.Misfit(walk.At, "ReLU");
    }

    /// <summary>GELU or ReLU before the classes.</summary>
    public HeadActivation Hidden(KerasLayer layer, string inside)
    {
        if (Said(inside) is { } own) return Of(own) ?? throw walk.Misfit(layer, "its activation linear, gelu or relu");
        if (walk.NextIs("Lambda")) return Lambda(walk.Take(GeluOrRelu, "Lambda"));
        if (walk.NextIsOperator("Gelu")) return Operator(walk.TakeOperator());
        return Of(Named(GeluOrRelu)) ?? throw walk.Misfit(walk.At, GeluOrRelu);
    }

    /// <summary>Softmax at the end.</summary>
    public void Softmax(KerasLayer layer, string inside)
    {
        if (Said(inside) is { } own)
        {
            if (own != "softmax") throw walk.Misfit(layer, "its activation softmax");
            return;
        }
        if (walk.NextIs("Softmax"))
        {
            new KerasOptions(file, walk.Take("a Softmax", "Softmax")).Is("axis", "-1|1").Done();
            return;
        }
        if (Named("softmax, as an Activation") != "softmax") throw walk.Misfit(walk.At, "softmax");
    }

    private static string? Said(string inside) => inside is "" or "linear" ? null : inside;

    private static HeadActivation? Of(string name) => name switch { "gelu" => HeadActivation.Gelu, "relu" => HeadActivation.Relu, _ => null };

    // An Activation, or Keras' layer of its own for ReLU.
    private string Named(string expected)
    {
        var layer = walk.Take(expected, "Activation", "ReLU");
        var options = new KerasOptions(file, layer);
        if (layer.ClassName == "ReLU")
        {
            options.Is("max_value", "null").Done(); // a maximum of 0 is one; negative_slope and threshold are off
            return "relu";
        }
        var name = options.Text("activation");
        options.Done();
        return name;
    }

    private HeadActivation Operator(KerasLayer layer)
    {
        var options = new KerasOptions(file, layer).Is("approximate", "true|false");
        options.Done();
        return options.Any("approximate").ValueKind == JsonValueKind.False ? HeadActivation.Gelu : HeadActivation.TanhGelu;
    }

    // Of a Lambda, the file holds the name of a Python function, or its byte code. A name is looked at; code is never.
    private HeadActivation Lambda(KerasLayer layer)
    {
        var options = new KerasOptions(file, layer).Is("arguments", "{}").Is("output_shape", "null").Is("mask", "null");
        var function = options.Any("function");
        options.Done();
        var kind = function.ValueKind == JsonValueKind.Object && function.TryGetProperty("class_name", out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : "";
        if (kind == "function" && function.TryGetProperty("config", out var name) && name.ValueKind == JsonValueKind.String)
        {
            var said = InputFile.Quote(name.GetString()!);
            if (!said.Contains("gelu", StringComparison.OrdinalIgnoreCase)) throw new BadFileException(file, null, $"{layer} of the function {said}", "a function named after GELU", KerasGraph.Remedy);
            notices.Add($"{layer} names the function {said}, which is not in the file; GELU by tanh is computed in its place");
            return HeadActivation.TanhGelu;
        }
        throw kind == "__lambda__"
            ? new BadFileException(
                file, null, $"{layer} with Python byte code", "a function's name, or an Activation",
                "the code would have to be run to know what it does, which is never done here: replace it by keras.layers.Activation('gelu'), copy the weights, and save the model again")
            : options.Wrong("function", "a function's name");
    }
}
