using AttnCrnn.Options;

namespace AttnCrnn.Features.Shards;

/// <summary>
/// Keeps a store from being pruned while another process reads or writes it: a lock of the operating system on a file
/// of the folder, which ends with the process. Some network file systems have no locks; there, it has no effect.
/// </summary>
internal sealed class StoreLock : IDisposable
{
    private const string FileName = ".lock";

    private readonly FileStream? file;

    private StoreLock(FileStream? file) => this.file = file;

    /// <summary>For a process that adds to the store; several may.</summary>
    /// <exception cref="InvalidInputException">Another process is pruning the store.</exception>
    public static StoreLock Write(string folder) =>
        Open(folder, FileMode.OpenOrCreate, FileAccess.Read, FileShare.Read, Pruning);

    /// <summary>For a process that reads the store; several may. No effect if nothing was ever locked.</summary>
    /// <exception cref="InvalidInputException">Another process is pruning the store.</exception>
    public static StoreLock Read(string folder) =>
        Open(folder, FileMode.Open, FileAccess.Read, FileShare.Read, Pruning);

    /// <summary>For the one process that prunes the store.</summary>
    /// <exception cref="InvalidInputException">Another process reads or writes the store.</exception>
    public static StoreLock Prune(string folder) =>
        Open(
            folder,
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite, // NFS gives no other exclusive locks
            FileShare.None,
            OptionText.Create(
                $"{OptionKeys.Prune} removes files that another process uses, which extracts, trains or evaluates: "
                    + $"wait until it ends"
            )
        );

    public void Dispose() => file?.Dispose();

    private static OptionText Pruning =>
        OptionText.Create(
            $"another process is removing clips from this store ({OptionKeys.Prune}): wait until it ends"
        );

    private static StoreLock Open(string folder, FileMode mode, FileAccess access, FileShare share, OptionText refusal)
    {
        var path = Path.Combine(folder, FileName);
        if (mode == FileMode.Open && !File.Exists(path))
            return new(null);
        try
        {
            return new(new FileStream(path, mode, access, share));
        }
        catch (UnauthorizedAccessException)
        {
            return new(null); // another user's file, or a folder that cannot be written: the writing itself will say so
        }
        catch (IOException) when (File.Exists(path))
        {
            throw new InvalidInputException(folder, refusal);
        }
    }
}
