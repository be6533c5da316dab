using AttnCrnn.Encoders.Transformers.Layouts;
using AttnCrnn.HuggingFace;

namespace AttnCrnn.Encoders.Transformers;

/// <summary>Downloads a speech model from a Hugging Face repository.</summary>
internal static class HubCheckpoint
{
    /// <summary>Ensures that all files of the layout that the repository has are in the cache.</summary>
    /// <returns>The folder that holds them.</returns>
    /// <exception cref="InvalidInputException">A required file cannot be downloaded.</exception>
    /// <exception cref="OperationCanceledException">The caller canceled.</exception>
    public static async Task<string> FetchAsync(
        HubSnapshot snapshot,
        EncoderFamilies families,
        CancellationToken cancellationToken
    )
    {
        if (await snapshot.FindAsync(HuggingFaceLayout.Adapter, cancellationToken).ConfigureAwait(false) is not null)
            return snapshot.Folder; // the folder is rejected later
        var layout = await FindLayoutAsync(snapshot, families, cancellationToken).ConfigureAwait(false);
        await layout.FetchAsync(snapshot, cancellationToken).ConfigureAwait(false);
        return snapshot.Folder;
    }

    // Without any of the files, the first layout reports that its own is missing.
    private static async Task<ICheckpointLayout> FindLayoutAsync(
        HubSnapshot snapshot,
        EncoderFamilies families,
        CancellationToken cancellationToken
    )
    {
        foreach (var layout in families.Layouts)
            if (await snapshot.FindAsync(layout.ConfigFile, cancellationToken).ConfigureAwait(false) is not null)
                return layout;
        return families.Layouts.First();
    }
}
