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
    public bool EnsureDownloaded(HubBlob blob, string file, string subject, CancellationToken cancellation)
    {
        var path = folder.GetBlobPath(blob.Etag);
        if (File.Exists(path))
            return false;
        folder.CreateFoldersFor(blob.Etag);
        void ReportWait() => notice($"{subject}: waiting for another process that is downloading it");
        using var fileLock = HubLock.Acquire(folder.GetLockPath(blob.Etag), ReportWait, cancellation);
        if (File.Exists(path))
            return false;

        var isResumed = File.Exists(folder.GetIncompletePath(blob.Etag));
        // A partial file of another program may have holes: download it again from the start.
        var isValid =
            DownloadAndVerify(blob, file, subject, cancellation)
            || (isResumed && DownloadAndVerify(blob, file, subject, cancellation));
        if (!isValid)
            throw new InvalidInputException(
                $"{subject}: the download does not match the hash {blob.Etag[..7]}… and was deleted: "
                    + "try again, and check the proxy if there is one"
            );
        File.Move(folder.GetIncompletePath(blob.Etag), path, overwrite: true);
        return true;
    }

    private bool DownloadAndVerify(HubBlob blob, string file, string subject, CancellationToken cancellation)
    {
        Download(blob, file, subject, cancellation);
        if (HubHash.Matches(folder.GetIncompletePath(blob.Etag), blob.Etag, cancellation))
            return true;
        File.Delete(folder.GetIncompletePath(blob.Etag));
        return false;
    }

    // Ends with a file of the expected size, flushed to disk.
    private void Download(HubBlob blob, string file, string subject, CancellationToken cancellation)
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
        retries.Run(subject, retryUnreachable: true, () => destination.Length, Attempt, cancellation);
        destination.Flush(flushToDisk: true);

        bool Attempt()
        {
            if (destination.Length == blob.SizeBytes)
                return true;
            using var response = http.Get(address, destination.Length, cancellation);
            address = blob.Source; // for a retry: signed addresses expire, and the hub issues a new one
            Receive(response, destination, blob, file, cancellation);
            return true;
        }
    }

    private void Receive(
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
        Copy(response, destination, blob, file, host, cancellation);
        if (destination.Length == (blob.SizeBytes ?? destination.Length))
            return;
        if (destination.Length > blob.SizeBytes)
            destination.SetLength(0);
        throw new HubTransientException($"{host} ended after {destination.Length} of {blob.SizeBytes} bytes");
    }

    private void Copy(
        HttpResponseMessage response,
        FileStream destination,
        HubBlob blob,
        string file,
        string host,
        CancellationToken cancellation
    )
    {
        using var body = response.Content.ReadAsStream(cancellation);
        using var stallTimeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var buffer = new byte[BufferBytes];
        progress?.Report(new HubProgress(file, destination.Length, blob.SizeBytes));
        while (Read() is > 0 and var count)
        {
            destination.Write(buffer, 0, count);
            progress?.Report(new HubProgress(file, destination.Length, blob.SizeBytes));
            // Stop if the server sends more than the expected size.
            if (destination.Length > blob.SizeBytes)
                return;
        }

        // Only connection errors are transient; disk errors are not.
        int Read()
        {
            stallTimeout.CancelAfter(http.Timeout);
            try
            {
                return body.ReadAsync(buffer, stallTimeout.Token).AsTask().GetAwaiter().GetResult();
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
