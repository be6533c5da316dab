using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Reads the network's activations in all of Keras' forms: an option of the previous layer, a layer, an operator or a
/// Lambda.
/// </summary>
internal sealed class KerasActivation(KerasLayerCursor cursor, List<string> notices)
{
    private const string GeluOrRelu = "GELU or ReLU, as an Activation";

    /// <summary>ReLU after a convolution.</summary>
    /// <param name="activationOption">The layer's activation option; empty or linear: none.</param>
    public void ReadRectifier(KerasLayer layer, string activationOption)
    {
        if (NullIfLinear(activationOption) is { } name)
        {
            if (name != "relu")
                throw cursor.CreateUnexpectedLayerError(layer, "its activation relu");
            return;
        }
        if (ReadActivation("ReLU, as an Activation") != "relu")
            throw cursor.CreateUnexpectedLayerError(cursor.Current, "ReLU");
    }

    /// <summary>GELU or ReLU of the hidden dense layer.</summary>
    public HeadActivation ReadHidden(KerasLayer layer, string activationOption)
    {
        if (NullIfLinear(activationOption) is { } name)
            return Parse(name) ?? throw cursor.CreateUnexpectedLayerError(layer, "its activation linear, gelu or relu");
        if (cursor.NextIs("Lambda"))
            return ReadLambda(cursor.Take(GeluOrRelu, "Lambda"));
        if (cursor.NextIsOperator("Gelu"))
            return ReadOperator(cursor.TakeOperator());
        return Parse(ReadActivation(GeluOrRelu)) ?? throw cursor.CreateUnexpectedLayerError(cursor.Current, GeluOrRelu);
    }

    /// <summary>Softmax of the output layer, and a temperature before it.</summary>
    /// <returns>The temperature; null if the graph has none.</returns>
    public double? ReadSoftmax(KerasLayer layer, string activationOption)
    {
        if (NullIfLinear(activationOption) is { } name)
        {
            if (name != "softmax")
                throw cursor.CreateUnexpectedLayerError(layer, "its activation softmax");
            return null;
        }
        double? temperature = cursor.NextIs("Rescaling")
            ? KerasTemperature.Read(cursor.Take("a Rescaling", "Rescaling"))
            : null;
        if (cursor.NextIs("Softmax"))
        {
            new KerasOptions(cursor.Take("a Softmax", "Softmax")).Require("axis", "-1|1").RejectUnknown();
            return temperature;
        }
        if (ReadActivation("softmax, as an Activation") != "softmax")
            throw cursor.CreateUnexpectedLayerError(cursor.Current, "softmax");
        return temperature;
    }

    private static string? NullIfLinear(string activationOption) =>
        activationOption is "" or "linear" ? null : activationOption;

    private static HeadActivation? Parse(string name) =>
        name switch
        {
            "gelu" => HeadActivation.Gelu,
            "relu" => HeadActivation.Relu,
            _ => null,
        };

    // An Activation layer, or Keras' ReLU layer.
    private string ReadActivation(string expected)
    {
        var layer = cursor.Take(expected, "Activation", "ReLU");
        var options = new KerasOptions(layer);
        if (layer.ClassName == "ReLU")
        {
            options.Require("max_value", "null").RejectUnknown(); // negative_slope and threshold must be 0
            return "relu";
        }
        var name = options.GetString("activation");
        options.RejectUnknown();
        return name;
    }

    private static HeadActivation ReadOperator(KerasLayer layer)
    {
        var options = new KerasOptions(layer).Require("approximate", "true|false");
        options.RejectUnknown();
        return options.GetRaw("approximate")?.AsBoolean() == false ? HeadActivation.Gelu : HeadActivation.GeluTanh;
    }

    // A Lambda holds the name of a Python function, or its byte code. The name is checked; code is never executed.
    private HeadActivation ReadLambda(KerasLayer layer)
    {
        var options = new KerasOptions(layer)
            .Require("arguments", "{}")
            .Require("output_shape", "null")
            .Require("mask", "null");
        var function = options.GetRaw("function");
        options.RejectUnknown();
        var className = function?.Find("class_name")?.AsString();
        if (className == "function" && function!.Find("config")?.AsString() is { } name)
        {
            var functionName = InputFile.Quote(name);
            if (!functionName.Contains("gelu", StringComparison.OrdinalIgnoreCase))
                throw function.Error(
                    $"{layer} of the function {functionName}",
                    "a function named after GELU",
                    KerasGraph.Remedy
                );
            notices.Add(
                $"{layer} contains the function {functionName}, which is not in the file; "
                    + "the tanh approximation of GELU is used instead"
            );
            return HeadActivation.GeluTanh;
        }
        throw className == "__lambda__"
            ? function!.Error(
                $"{layer} with Python byte code",
                "a function's name, or an Activation",
                "byte code from a file is never executed: replace the Lambda by keras.layers.Activation('gelu'), "
                    + "copy the weights, and save the model again"
            )
            : options.CreateUnsupportedOptionError("function", "a function's name");
    }
}
