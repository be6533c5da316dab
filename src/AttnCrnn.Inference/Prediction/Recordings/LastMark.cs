using System.Runtime.ExceptionServices;

namespace AttnCrnn.Prediction.Recordings;

/// <summary>Marks the last item of a sequence, for which it reads one item ahead.</summary>
internal static class LastMark
{
    /// <summary>The items, each with whether it is the last one.</summary>
    /// <exception cref="InvalidInputException">
    /// That of the sequence, after the items before it, of which none is the last one.
    /// </exception>
    public static IEnumerable<(T Item, bool IsLast)> Add<T>(IEnumerable<T> items)
        where T : class
    {
        using var source = items.GetEnumerator();
        T? previous = null;
        ExceptionDispatchInfo? error;
        while (MoveNext(source, out error))
        {
            if (previous is not null)
                yield return (previous, false);
            previous = source.Current;
        }
        if (previous is not null)
            yield return (previous, error is null);
        error?.Throw();
    }

    private static bool MoveNext<T>(IEnumerator<T> source, out ExceptionDispatchInfo? error)
    {
        error = null;
        try
        {
            return source.MoveNext();
        }
        catch (InvalidInputException exception)
        {
            error = ExceptionDispatchInfo.Capture(exception);
            return false;
        }
    }
}
