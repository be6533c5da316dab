using System.Net;
using AttnCrnn.HuggingFace.Cache;
using AttnCrnn.HuggingFace.Http;

namespace AttnCrnn.HuggingFace;

/// <summary>
/// Downloads blobs into the cache. Interrupted downloads are resumed, and only complete, verified files become blobs.
/// </summary>
internal sealed class HubDownload(
    HubFolder folder,
    HubHttp http,
    HubRetries retries,
    HubErrors errors,
    Action<string> notice,
    IProgress<HubProgress>? progress
)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Downloads a blob unless it is cached; concurrent processes download it only once.</summary>
    /// <param name="file">File name in the repository, for the progress.</param>
    /// <param name="subject">Repository and file, for messages.</param>
    /// <returns>Whether this call downloaded it.</returns>
    /// <exception cref="InvalidInputException">The hash does not match, or the disk is full.</exception>
    /// <exception cref="HubTransientException">All retries failed.</exception>
    public async Task<bool> EnsureDownloadedAsync(
        HubBlob blob,
        string file,
        string subject,
        CancellationToken cancellation
    )
    {
        var path = folder.GetBlobPath(blob.Etag);
        if (File.Exists(path))
            return false;
        folder.CreateFoldersFor(blob.Etag);
        void ReportWait() => notice($"{subject}: waiting for another process that is downloading it");
        using var fileLock = await HubLock
            .AcquireAsync(folder.GetLockPath(blob.Etag), ReportWait, cancellation)
            .ConfigureAwait(false);
        if (File.Exists(path))
            return false;

        var isResumed = File.Exists(folder.GetIncompletePath(blob.Etag));
        // A partial file of another program may have holes: download it again from the start.
        var isValid =
            await DownloadAndVerifyAsync(blob, file, subject, cancellation).ConfigureAwait(false)
            || (isResumed && await DownloadAndVerifyAsync(blob, file, subject, cancellation).ConfigureAwait(false));
        if (!isValid)
            throw new InvalidInputException(
                $"{subject}: the download does not match the hash {blob.Etag[..7]}… and was deleted: "
                    + "try again, and check the proxy if there is one"
            );
        File.Move(folder.GetIncompletePath(blob.Etag), path, overwrite: true);
        return true;
    }

    private async Task<bool> DownloadAndVerifyAsync(
        HubBlob blob,
        string file,
        string subject,
        CancellationToken cancellation
    )
    {
        await DownloadAsync(blob, file, subject, cancellation).ConfigureAwait(false);
        if (HubHash.Matches(folder.GetIncompletePath(blob.Etag), blob.Etag, cancellation))
            return true;
        File.Delete(folder.GetIncompletePath(blob.Etag));
        return false;
    }

    // Ends with a file of the expected size, flushed to disk.
    private async Task DownloadAsync(HubBlob blob, string file, string subject, CancellationToken cancellation)
    {
        var incomplete = folder.GetIncompletePath(blob.Etag);
        using var destination = new FileStream(
            incomplete,
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.Read,
            bufferSize: 0
        );
        if (destination.Length > blob.SizeBytes)
            destination.SetLength(0);
        RequireFreeSpace(incomplete, blob.SizeBytes - destination.Length, subject);
        var address = blob.Address;
        await retries
            .RunAsync(subject, UnansweredRetry.All, () => destination.Length, AttemptAsync, cancellation)
            .ConfigureAwait(false);
        // There is no asynchronous call that waits for the disk.
#pragma warning disable CA1849
        destination.Flush(flushToDisk: true);
#pragma warning restore CA1849

        async Task<bool> AttemptAsync()
        {
            if (destination.Length == blob.SizeBytes)
                return true;
            using var response = await http.GetAsync(address, destination.Length, cancellation).ConfigureAwait(false);
            address = blob.Source; // for a retry: signed addresses expire, and the hub issues a new one
            await ReceiveAsync(response, destination, blob, file, cancellation).ConfigureAwait(false);
            return true;
        }
    }

    private async Task ReceiveAsync(
        HttpResponseMessage response,
        FileStream destination,
        HubBlob blob,
        string file,
        CancellationToken cancellation
    )
    {
        var host = response.RequestMessage!.RequestUri!.Host;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            destination.SetLength(0);
            throw new HubTransientException($"{host} rejected the resume range (HTTP 416)")
            {
                RetryAfter = TimeSpan.Zero,
            };
        }
        if (
            response.StatusCode == HttpStatusCode.Forbidden
            && response.RequestMessage.RequestUri.Authority != blob.Source.Authority
        )
            throw new HubTransientException($"{host} rejected the address given by the hub")
            {
                RetryAfter = TimeSpan.Zero,
            };
        if (!response.IsSuccessStatusCode)
            throw errors.Create(response);
        // Discard the partial download only if the response is the complete file, not for a proxy's login page.
        var start =
            response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From : 0;
        if (start != 0 && start != destination.Length)
            throw new HubTransientException($"{host} sent a different range than requested");
        if (start == 0 && response.Content.Headers.ContentLength is { } length && length != (blob.SizeBytes ?? length))
            throw new HubTransientException($"{host} sent {length} bytes instead of the file's {blob.SizeBytes}");
        if (start == 0)
            destination.SetLength(0);
        destination.Seek(0, SeekOrigin.End);
        await CopyAsync(response, destination, blob, file, host, cancellation).ConfigureAwait(false);
        if (destination.Length == (blob.SizeBytes ?? destination.Length))
            return;
        if (destination.Length > blob.SizeBytes)
            destination.SetLength(0);
        throw new HubTransientException($"{host} ended after {destination.Length} of {blob.SizeBytes} bytes");
    }

    private async Task CopyAsync(
        HttpResponseMessage response,
        FileStream destination,
        HubBlob blob,
        string file,
        string host,
        CancellationToken cancellation
    )
    {
        using var body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var stallTimeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var buffer = new byte[BufferBytes];
        progress?.Report(new HubProgress(file, destination.Length, blob.SizeBytes));
        while (await ReadAsync().ConfigureAwait(false) is > 0 and var count)
        {
            await destination.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
            progress?.Report(new HubProgress(file, destination.Length, blob.SizeBytes));
            // Stop if the server sends more than the expected size.
            if (destination.Length > blob.SizeBytes)
                return;
        }

        // Only connection errors are transient; disk errors are not.
        async Task<int> ReadAsync()
        {
            stallTimeout.CancelAfter(http.Timeout);
            try
            {
                return await body.ReadAsync(buffer, stallTimeout.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (!cancellation.IsCancellationRequested)
            {
                throw new HubTransientException(
                    $"{host} sent nothing for {http.Timeout.TotalSeconds:0.#} s",
                    exception
                );
            }
            catch (Exception exception) when (exception is IOException or HttpRequestException)
            {
                cancellation.ThrowIfCancellationRequested();
                throw new HubTransientException($"the connection to {host} was interrupted", exception);
            }
            finally
            {
                stallTimeout.CancelAfter(Timeout.Infinite); // no timeout while writing to disk
            }
        }
    }

    private static void RequireFreeSpace(string path, long? requiredBytes, string subject)
    {
        var freeBytes = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        if (requiredBytes > freeBytes)
            throw new InvalidInputException(
                $"{subject}: needs {ToMebibytes(requiredBytes.Value)} MiB in {Path.GetDirectoryName(path)}, "
                    + $"where {ToMebibytes(freeBytes)} MiB are free; free disk space, or set HF_HOME to a larger disk"
            );
    }

    private static long ToMebibytes(long bytes) => (bytes + (1 << 20) - 1) >> 20;
}
