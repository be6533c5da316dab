namespace AttnCrnn.Metrics;

/// <summary>Probabilities of the classes, in the order of a model's labels.</summary>
public static class ClassProbabilities
{
    /// <summary>Index of the highest probability, the first one in a tie.</summary>
    public static int FindMostProbable(ReadOnlySpan<double> probabilities)
    {
        int best = 0;
        for (int k = 1; k < probabilities.Length; k++)
        {
            if (probabilities[k] > probabilities[best])
                best = k;
        }
        return best;
    }
}
