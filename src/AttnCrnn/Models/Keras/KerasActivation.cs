using System.Text.Json;
using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>The activations of the network, in whichever of Keras' ways they are said: inside the layer before, as a layer, as an operator, as a Lambda.</summary>
internal sealed class KerasActivation(string file, KerasLayerCursor cursor, List<string> notices)
{
    private const string GeluOrRelu = "GELU or ReLU, as an Activation";

    /// <summary>ReLU after a convolution.</summary>
    /// <param name="inside">The layer's own activation; empty or linear: none.</param>
    public void Rectifier(KerasLayer layer, string inside)
    {
        if (KerasName(inside) is { } own)
        {
            if (own != "relu")
                throw cursor.UnexpectedLayer(layer, "its activation relu");
            return;
        }
        if (Named("ReLU, as an Activation") != "relu")
            throw cursor.UnexpectedLayer(cursor.At, "ReLU");
    }

    /// <summary>GELU or ReLU before the classes.</summary>
    public HeadActivation Hidden(KerasLayer layer, string inside)
    {
        if (KerasName(inside) is { } own)
            return Parse(own) ?? throw cursor.UnexpectedLayer(layer, "its activation linear, gelu or relu");
        if (cursor.NextIs("Lambda"))
            return Lambda(cursor.Take(GeluOrRelu, "Lambda"));
        if (cursor.NextIsOperator("Gelu"))
            return Operator(cursor.TakeOperator());
        return Parse(Named(GeluOrRelu)) ?? throw cursor.UnexpectedLayer(cursor.At, GeluOrRelu);
    }

    /// <summary>Softmax at the end.</summary>
    public void Softmax(KerasLayer layer, string inside)
    {
        if (KerasName(inside) is { } own)
        {
            if (own != "softmax")
                throw cursor.UnexpectedLayer(layer, "its activation softmax");
            return;
        }
        if (cursor.NextIs("Softmax"))
        {
            new KerasOptions(file, cursor.Take("a Softmax", "Softmax")).Require("axis", "-1|1").RejectUnknown();
            return;
        }
        if (Named("softmax, as an Activation") != "softmax")
            throw cursor.UnexpectedLayer(cursor.At, "softmax");
    }

    private static string? KerasName(string inside) => inside is "" or "linear" ? null : inside;

    private static HeadActivation? Parse(string name) =>
        name switch
        {
            "gelu" => HeadActivation.Gelu,
            "relu" => HeadActivation.Relu,
            _ => null,
        };

    // An Activation, or Keras' layer of its own for ReLU.
    private string Named(string expected)
    {
        var layer = cursor.Take(expected, "Activation", "ReLU");
        var options = new KerasOptions(file, layer);
        if (layer.ClassName == "ReLU")
        {
            options.Require("max_value", "null").RejectUnknown(); // a maximum of 0 is one; negative_slope and threshold are off
            return "relu";
        }
        var name = options.Text("activation");
        options.RejectUnknown();
        return name;
    }

    private HeadActivation Operator(KerasLayer layer)
    {
        var options = new KerasOptions(file, layer).Require("approximate", "true|false");
        options.RejectUnknown();
        return options.Raw("approximate").ValueKind == JsonValueKind.False
            ? HeadActivation.Gelu
            : HeadActivation.GeluTanh;
    }

    // Of a Lambda, the file holds the name of a Python function, or its byte code. A name is looked at; code is never.
    private HeadActivation Lambda(KerasLayer layer)
    {
        var options = new KerasOptions(file, layer)
            .Require("arguments", "{}")
            .Require("output_shape", "null")
            .Require("mask", "null");
        var function = options.Raw("function");
        options.RejectUnknown();
        var kind =
            function.ValueKind == JsonValueKind.Object
            && function.TryGetProperty("class_name", out var value)
            && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : "";
        if (
            kind == "function"
            && function.TryGetProperty("config", out var name)
            && name.ValueKind == JsonValueKind.String
        )
        {
            var said = InputFile.Quote(name.GetString()!);
            if (!said.Contains("gelu", StringComparison.OrdinalIgnoreCase))
                throw new InvalidFileException(
                    file,
                    null,
                    $"{layer} of the function {said}",
                    "a function named after GELU",
                    KerasGraph.Remedy
                );
            notices.Add(
                $"{layer} names the function {said}, which is not in the file; GELU by tanh is computed in its place"
            );
            return HeadActivation.GeluTanh;
        }
        throw kind == "__lambda__"
            ? new InvalidFileException(
                file,
                null,
                $"{layer} with Python byte code",
                "a function's name, or an Activation",
                "the code would have to be run to know what it does, which is never done here: replace it by keras.layers.Activation('gelu'), copy the weights, and save the model again"
            )
            : options.UnsupportedOption("function", "a function's name");
    }
}
