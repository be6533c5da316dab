using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>
/// Traverses a graph from its input: each step takes the next layer, or throws an error with its name.
/// </summary>
internal sealed class KerasLayerCursor
{
    private readonly string file;
    private readonly KerasGraph graph;
    private readonly Dictionary<string, List<KerasLayer>> consumers = new(StringComparer.Ordinal);

    private KerasLayer current;

    /// <exception cref="InvalidFileException">The graph does not have exactly one input.</exception>
    public KerasLayerCursor(string file, KerasGraph graph)
    {
        this.file = file;
        this.graph = graph;
        foreach (var layer in graph.Layers)
        {
            consumers[layer.Name] = [];
            foreach (var input in layer.Inputs.Distinct())
                consumers[input].Add(layer);
        }
        var first = graph.Layers.FirstOrDefault(layer => layer.Inputs.Count == 0)
            ?? throw CreateError("no layers", "an InputLayer");
        current =
            first.ClassName == "InputLayer" && !first.IsOperator
                ? first
                : throw CreateUnexpectedLayerError(first, "an InputLayer");
        InputName = first.Name;
        if (graph.Layers.FirstOrDefault(layer => layer.Inputs.Count == 0 && layer != first) is { } second)
            throw CreateUnexpectedLayerError(second, "only one input");
    }

    /// <summary>Name of the input layer.</summary>
    public string InputName { get; }

    /// <summary>Number of layers taken so far.</summary>
    public int Taken { get; private set; }

    /// <summary>The layer taken last.</summary>
    public KerasLayer Current => current;

    /// <summary>Whether the next layer is of one of these classes.</summary>
    public bool NextIs(params ReadOnlySpan<string> classes) =>
        consumers[current.Name] is [var next, ..] && !next.IsOperator && classes.Contains(next.ClassName);

    /// <summary>Whether the next layer is an operator of this class.</summary>
    public bool NextIsOperator(string className) =>
        consumers[current.Name] is [{ IsOperator: true } next] && next.ClassName == className;

    /// <summary>Takes the next layer, which must be the only one.</summary>
    /// <param name="expected">Description for error messages.</param>
    /// <param name="classes">Accepted classes; operators are not accepted.</param>
    public KerasLayer Take(string expected, params ReadOnlySpan<string> classes)
    {
        var next = GetNext(expected);
        if (next.IsOperator || !classes.Contains(next.ClassName))
            throw CreateUnexpectedLayerError(next, expected);
        if (consumers[current.Name].Count > 1)
            throw CreateUnexpectedLayerError(consumers[current.Name][1], $"only {next}");
        if (next.Inputs.Count != 1)
            throw CreateUnexpectedLayerError(next, $"{expected} that takes one tensor");
        return Advance(next);
    }

    /// <summary>Takes the next operator.</summary>
    public KerasLayer TakeOperator() => Advance(GetNext("an operator"));

    /// <summary>Takes the attention layer, and its residual connection if there is one.</summary>
    public (KerasLayer Attention, bool HasResidual) TakeAttention()
    {
        const string expected = "an Attention of the recurrent layer's frames to themselves";
        var input = current;
        var attention = consumers[input.Name]
            .FirstOrDefault(layer => layer is { ClassName: "Attention", IsOperator: false })
            ?? throw CreateUnexpectedLayerError(GetNext(expected), expected);
        if (attention.Inputs.Count is not (2 or 3) || attention.Inputs.Any(name => name != input.Name))
            throw CreateUnexpectedLayerError(attention, expected);
        var remaining = consumers[input.Name].Where(layer => layer != attention).ToArray();
        Advance(attention);
        if (remaining.Length == 0)
            return (attention, false);
        const string sum = "an Add of the attention's input and output";
        var add = remaining.FirstOrDefault(layer => layer.ClassName != "Add") ?? remaining[0];
        if (
            remaining.Length > 1
            || add.ClassName != "Add"
            || add.Inputs.Count != 2
            || !add.Inputs.Contains(attention.Name)
            || !add.Inputs.Contains(input.Name)
        )
            throw CreateUnexpectedLayerError(add, sum);
        if (consumers[attention.Name] is not [_])
            throw CreateUnexpectedLayerError(consumers[attention.Name].First(layer => layer != add), sum);
        if (!add.IsOperator)
            new KerasOptions(add).RejectUnknown();
        Advance(add);
        return (attention, true);
    }

    /// <summary>The layers that take the output of a layer.</summary>
    public IReadOnlyList<KerasLayer> GetConsumers(KerasLayer layer) => consumers[layer.Name];

    /// <summary>Finds the layer of a class that takes exactly these tensors.</summary>
    /// <param name="expected">Description of the group of layers for error messages.</param>
    /// <param name="source">One of the layers that it follows.</param>
    /// <param name="isOperator">Whether it is an operator of keras.ops.</param>
    /// <param name="consumers">Number of layers that take the output of <paramref name="source"/>.</param>
    /// <param name="inputs">The layers whose outputs it takes, in order.</param>
    public KerasLayer FindConsumer(
        string expected,
        KerasLayer source,
        string className,
        bool isOperator,
        int consumers,
        params ReadOnlySpan<KerasLayer> inputs
    )
    {
        var found = GetConsumers(source);
        foreach (var layer in found)
            if (
                found.Count == consumers
                && layer.ClassName == className
                && layer.IsOperator == isOperator
                && HasInputs(layer, inputs)
            )
                return layer;
        throw found is [var next, ..]
            ? CreateUnexpectedLayerError(next, expected)
            : CreateUnexpectedLayerError(source, $"{expected} after it");
    }

    /// <summary>Requires that layers are called with their inputs alone.</summary>
    public void RequirePlainCalls(params ReadOnlySpan<KerasLayer> layers)
    {
        foreach (var layer in layers)
            if (layer.Call.Count > 0)
                throw CreateUnexpectedLayerError(layer, $"{layer.ClassName} without other arguments");
    }

    /// <summary>Continues after a group of layers that was read by its connections.</summary>
    /// <param name="layers">The layers of the group; the last one is its output.</param>
    public void Skip(params ReadOnlySpan<KerasLayer> layers)
    {
        Taken += layers.Length;
        current = layers[^1];
    }

    private static bool HasInputs(KerasLayer layer, ReadOnlySpan<KerasLayer> inputs)
    {
        if (layer.Inputs.Count != inputs.Length)
            return false;
        for (var i = 0; i < inputs.Length; i++)
            if (layer.Inputs[i] != inputs[i].Name)
                return false;
        return true;
    }

    /// <summary>Requires that no layer follows and that this layer is the model's only output.</summary>
    public void RequireEnd()
    {
        if (consumers[current.Name] is [var unexpectedLayer, ..])
            throw CreateUnexpectedLayerError(unexpectedLayer, "nothing after the probabilities");
        if (graph.Outputs is not [var output] || output != current.Name)
            throw CreateError(
                $"the outputs {string.Join(", ", graph.Outputs.Select(InputFile.Quote))}",
                $"{current} alone"
            );
    }

    /// <summary>Creates the error for an unexpected layer.</summary>
    public InvalidFileException CreateUnexpectedLayerError(KerasLayer layer, string expected) =>
        CreateError(layer.ToString(), expected);

    private KerasLayer GetNext(string expected) =>
        consumers[current.Name] is [var next, ..] ? next : throw CreateError($"nothing after {current}", expected);

    private KerasLayer Advance(KerasLayer next)
    {
        if (next.Call.Count > 0)
            throw CreateError($"{next} called with {next.Call[0]}", "no such argument");
        Taken++;
        return current = next;
    }

    private InvalidFileException CreateError(string found, string expected) =>
        new(file, null, found, expected, KerasGraph.Remedy);
}
