using System.Collections;

namespace AttnCrnn.Training;

/// <summary>
/// Recall of each class on the validation set after an epoch, in the order of the labels; NaN for a class without
/// validation clips. Equal if the values are, so that histories can be compared.
/// </summary>
public sealed class ClassRecalls : IReadOnlyList<double>, IEquatable<ClassRecalls>
{
    private readonly double[] values;

    /// <summary>Creates them.</summary>
    /// <param name="values">[classes]; copied.</param>
    public ClassRecalls(IEnumerable<double> values) => this.values = [.. values];

    /// <inheritdoc/>
    public int Count => values.Length;

    /// <inheritdoc/>
    public double this[int index] => values[index];

    /// <inheritdoc/>
    public bool Equals(ClassRecalls? other) => other is not null && values.AsSpan().SequenceEqual(other.values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ClassRecalls);

    /// <inheritdoc/>
    public override int GetHashCode() => values.Aggregate(values.Length, HashCode.Combine);

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator() => values.AsEnumerable().GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
