using AttnCrnn.Features.Npz;
using AttnCrnn.Features.Shards;

namespace AttnCrnn.Features;

/// <summary>A folder of frames: a feature store, or a folder of .npz files.</summary>
/// <param name="Folder">The folder as it was named.</param>
/// <param name="Entries">All entries, each with the folder.</param>
internal sealed record StoreFolder(string Folder, StoreDescription Description, IReadOnlyList<FolderEntry> Entries)
{
    /// <exception cref="InvalidInputException">There are no frames in the folder.</exception>
    /// <exception cref="InvalidFileException">An index or the description is damaged.</exception>
    public static StoreFolder Read(string folder)
    {
        try
        {
            var (description, entries) = FeatureStore.IsStore(folder)
                ? (StoreJson.Read(folder), [.. ShardIndex.ReadEntries(folder)])
                : NpzFolder.Read(folder);
            return new(folder, description, [.. entries.Select(entry => new FolderEntry(folder, entry))]);
        }
        catch (UnauthorizedAccessException)
        {
            throw new InvalidInputException(folder, "this user may not read the folder: grant read permission");
        }
    }
}
