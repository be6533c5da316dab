using AttnCrnn.HuggingFace.Cache;
using AttnCrnn.IO;

namespace AttnCrnn.HuggingFace;

/// <summary>One repository: its cache folder and its remote on the hub.</summary>
internal sealed record HubRepository(
    string Name,
    HubSettings Settings,
    HubFolder Folder,
    HubRemote Remote,
    HubDownload Download,
    HubErrors Errors,
    Action<string> Notice
)
{
    /// <summary>Runs an operation that writes to the cache.</summary>
    /// <exception cref="InvalidInputException">The cache is not writable.</exception>
    public async Task<T> WriteToCacheAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write().ConfigureAwait(false);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new InvalidInputException(
                $"{Settings.CacheFolder}: the hub's cache is not writable ({FileFailure.Describe(exception)}); "
                    + "set HF_HOME to a writable folder",
                exception
            );
        }
    }
}
