using AttnCrnn.IO;

namespace AttnCrnn.Models.Keras;

/// <summary>A walk along a graph from its input: each step takes the layer that comes next, and says which does not fit.</summary>
internal sealed class KerasLayerCursor
{
    private readonly string file;
    private readonly KerasGraph graph;
    private readonly Dictionary<string, List<KerasLayer>> takers = new(StringComparer.Ordinal);

    private KerasLayer at;

    /// <exception cref="InvalidFileException">The graph has no input, or more than one.</exception>
    public KerasLayerCursor(string file, KerasGraph graph)
    {
        (this.file, this.graph) = (file, graph);
        foreach (var layer in graph.Layers)
        {
            takers[layer.Name] = [];
            foreach (var input in layer.Inputs.Distinct())
                takers[input].Add(layer);
        }
        var first = graph.Layers.FirstOrDefault(layer => layer.Inputs.Count == 0)
            ?? throw Error("no layers", "an InputLayer");
        at =
            first.ClassName == "InputLayer" && !first.IsOperator
                ? first
                : throw UnexpectedLayer(first, "an InputLayer");
        InputName = first.Name;
        if (graph.Layers.FirstOrDefault(layer => layer.Inputs.Count == 0 && layer != first) is { } second)
            throw UnexpectedLayer(second, "one input alone");
    }

    /// <summary>Of the layer that the walk begins with.</summary>
    public string InputName { get; }

    /// <summary>The layer that was taken last.</summary>
    public KerasLayer At => at;

    /// <summary>Whether what comes next is one of these.</summary>
    public bool NextIs(params ReadOnlySpan<string> classes) =>
        takers[at.Name] is [var next, ..] && !next.IsOperator && classes.Contains(next.ClassName);

    /// <summary>Whether the next one is an operator of this class.</summary>
    public bool NextIsOperator(string className) =>
        takers[at.Name] is [{ IsOperator: true } next] && next.ClassName == className;

    /// <summary>Takes the one layer that comes next.</summary>
    /// <param name="expected">For messages.</param>
    /// <param name="classes">Of which it must be one; operators go by themselves.</param>
    public KerasLayer Take(string expected, params ReadOnlySpan<string> classes)
    {
        var next = Next(expected);
        if (next.IsOperator || !classes.Contains(next.ClassName))
            throw UnexpectedLayer(next, expected);
        if (takers[at.Name].Count > 1)
            throw UnexpectedLayer(takers[at.Name][1], $"nothing else beside {next}");
        if (next.Inputs.Count != 1)
            throw UnexpectedLayer(next, $"{expected} that takes one tensor");
        return Advance(next);
    }

    /// <summary>Takes an operator of one tensor.</summary>
    public KerasLayer TakeOperator() => Advance(Next("an operator"));

    /// <summary>Takes the attention, and the sum with what went in where there is one.</summary>
    public (KerasLayer Attention, bool HasResidual) TakeAttention()
    {
        const string expected = "an Attention of the recurrent layer's frames to themselves";
        var from = at;
        var attention = takers[from.Name]
            .FirstOrDefault(layer => layer is { ClassName: "Attention", IsOperator: false })
            ?? throw UnexpectedLayer(Next(expected), expected);
        if (attention.Inputs.Count is not (2 or 3) || attention.Inputs.Any(input => input != from.Name))
            throw UnexpectedLayer(attention, expected);
        var rest = takers[from.Name].Where(layer => layer != attention).ToArray();
        Advance(attention);
        if (rest.Length == 0)
            return (attention, false);
        const string sum = "an Add of the attention's input and output";
        var add = rest.FirstOrDefault(layer => layer.ClassName != "Add") ?? rest[0];
        if (
            rest.Length > 1
            || add.ClassName != "Add"
            || add.Inputs.Count != 2
            || !add.Inputs.Contains(attention.Name)
            || !add.Inputs.Contains(from.Name)
        )
            throw UnexpectedLayer(add, sum);
        if (takers[attention.Name] is not [_])
            throw UnexpectedLayer(takers[attention.Name].First(layer => layer != add), sum);
        if (!add.IsOperator)
            new KerasOptions(file, add).RejectUnknown();
        Advance(add);
        return (attention, true);
    }

    /// <summary>Nothing follows, and this is what the model gives.</summary>
    public void End()
    {
        if (takers[at.Name] is [var more, ..])
            throw UnexpectedLayer(more, "nothing after the probabilities");
        if (graph.Outputs is not [var output] || output != at.Name)
            throw Error($"the outputs {string.Join(", ", graph.Outputs.Select(InputFile.Quote))}", $"{at} alone");
    }

    /// <summary>A layer that does not fit.</summary>
    public InvalidFileException UnexpectedLayer(KerasLayer layer, string expected) => Error(layer.ToString(), expected);

    private KerasLayer Next(string expected) =>
        takers[at.Name] is [var next, ..] ? next : throw Error($"nothing after {at}", expected);

    private KerasLayer Advance(KerasLayer next)
    {
        if (next.Call.Count > 0)
            throw Error($"{next} called with {next.Call[0]}", "nothing of that kind");
        return at = next;
    }

    private InvalidFileException Error(string found, string expected) =>
        new(file, null, found, expected, KerasGraph.Remedy);
}
