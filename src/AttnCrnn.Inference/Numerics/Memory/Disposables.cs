namespace AttnCrnn.Numerics.Memory;

/// <summary>The disposable parts of an object, each added where it is created, disposed in reverse.</summary>
internal sealed class Disposables : IDisposable
{
    private readonly Stack<IDisposable> parts = [];

    /// <summary>Takes ownership of a part.</summary>
    /// <returns>The part.</returns>
    public T Add<T>(T part)
        where T : IDisposable
    {
        parts.Push(part);
        return part;
    }

    /// <summary>Takes ownership of several parts.</summary>
    /// <returns>The parts.</returns>
    public T[] AddAll<T>(T[] parts)
        where T : IDisposable
    {
        foreach (var part in parts)
            Add(part);
        return parts;
    }

    public void Dispose()
    {
        while (parts.TryPop(out var part))
            part.Dispose();
    }
}
