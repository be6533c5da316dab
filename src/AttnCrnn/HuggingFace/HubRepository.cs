namespace AttnCrnn.HuggingFace;

/// <summary>One repository from both sides: as the cache has it and as the hub shows it.</summary>
internal sealed record HubRepository(
    string Name,
    HubSettings Settings,
    HubFolder Folder,
    HubRemote Remote,
    HubDownload Download,
    HubErrors Refusals,
    Action<string> Notice
)
{
    /// <summary>Does what writes into the cache.</summary>
    /// <exception cref="InvalidInputException">The cache may not be written.</exception>
    public T Writing<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new InvalidInputException(
                $"{Settings.CacheFolder}: the hub's cache may not be written ({fault.Message.TrimEnd('.')}); set HF_HOME to a folder of your own",
                fault
            );
        }
    }
}
