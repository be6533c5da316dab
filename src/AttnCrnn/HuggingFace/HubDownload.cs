using System.Net;

namespace AttnCrnn.HuggingFace;

/// <summary>
/// Fetches blobs into the cache: what a cut connection or a killed process left is gone on with, and nothing becomes a blob that is not whole.
/// </summary>
internal sealed class HubDownload(
    HubFolder folder,
    HubHttp http,
    HubRetries retries,
    HubErrors refusals,
    Action<string> notice,
    IProgress<HubProgress>? progress
)
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Makes the blob be in the cache, once, whoever else wants it.</summary>
    /// <param name="file">Its name in the repository, for the progress.</param>
    /// <param name="subject">The repository and file, for messages.</param>
    /// <returns>Whether this call fetched it.</returns>
    /// <exception cref="InvalidInputException">The bytes are not those that the hub promised, or the disk has no room.</exception>
    /// <exception cref="HubTransientException">The hub failed too often.</exception>
    public bool Fetch(HubBlob blob, string file, string subject, CancellationToken cancellation)
    {
        var path = folder.Blob(blob.Etag);
        if (File.Exists(path))
            return false;
        folder.PrepareFor(blob.Etag);
        void Waiting() => notice($"{subject}: another process is fetching it; waiting for that");
        using var held = HubLock.Take(folder.Lock(blob.Etag), Waiting, cancellation);
        if (File.Exists(path))
            return false;

        var wasBegun = File.Exists(folder.Incomplete(blob.Etag));
        // What was there before may be another program's, with holes in it: then once more, from the start.
        var isRight =
            GatherAndCheck(blob, file, subject, cancellation)
            || (wasBegun && GatherAndCheck(blob, file, subject, cancellation));
        if (!isRight)
            throw new InvalidInputException(
                $"{subject}: the bytes that came are not those the hub promised (hash {blob.Etag[..7]}…); nothing was kept: "
                    + "try again, and check the proxy if there is one"
            );
        File.Move(folder.Incomplete(blob.Etag), path, overwrite: true);
        return true;
    }

    private bool GatherAndCheck(HubBlob blob, string file, string subject, CancellationToken cancellation)
    {
        Gather(blob, file, subject, cancellation);
        if (HubHash.Matches(folder.Incomplete(blob.Etag), blob.Etag, cancellation))
            return true;
        File.Delete(folder.Incomplete(blob.Etag));
        return false;
    }

    // Ends with a file of the promised size, flushed to the disk.
    private void Gather(HubBlob blob, string file, string subject, CancellationToken cancellation)
    {
        var incomplete = folder.Incomplete(blob.Etag);
        using var target = new FileStream(
            incomplete,
            FileMode.OpenOrCreate,
            FileAccess.ReadWrite,
            FileShare.Read,
            bufferSize: 0
        );
        if (target.Length > blob.SizeBytes)
            target.SetLength(0);
        CheckRoom(incomplete, blob.SizeBytes - target.Length, subject);
        var address = blob.Address;
        retries.Run(subject, patient: true, () => target.Length, Attempt, cancellation);
        target.Flush(flushToDisk: true);

        bool Attempt()
        {
            if (target.Length == blob.SizeBytes)
                return true;
            using var response = http.Get(address, target.Length, cancellation);
            address = blob.Source; // should this one fail: a signed address goes stale, and the hub gives a fresh one
            Receive(response, target, blob, file, cancellation);
            return true;
        }
    }

    private void Receive(
        HttpResponseMessage response,
        FileStream target,
        HubBlob blob,
        string file,
        CancellationToken cancellation
    )
    {
        var host = response.RequestMessage!.RequestUri!.Host;
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            target.SetLength(0);
            throw new HubTransientException($"{host} has no more than what is there, which is not whole")
            {
                RetryAfter = TimeSpan.Zero,
            };
        }
        if (
            response.StatusCode == HttpStatusCode.Forbidden
            && response.RequestMessage.RequestUri.Authority != blob.Source.Authority
        )
            throw new HubTransientException($"{host} no longer takes the address the hub gave")
            {
                RetryAfter = TimeSpan.Zero,
            };
        if (!response.IsSuccessStatusCode)
            throw refusals.Create(response);
        // What came before is given up for nothing less than the whole file: a login page in between must not cost a gigabyte.
        var start =
            response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From : 0;
        if (start != 0 && start != target.Length)
            throw new HubTransientException($"{host} sent another part than asked for");
        if (start == 0 && response.Content.Headers.ContentLength is { } length && length != (blob.SizeBytes ?? length))
            throw new HubTransientException(
                $"{host} sent something of {length} bytes instead of the file's {blob.SizeBytes}"
            );
        if (start == 0)
            target.SetLength(0);
        target.Seek(0, SeekOrigin.End);
        Copy(response, target, blob, file, host, cancellation);
        if (target.Length == (blob.SizeBytes ?? target.Length))
            return;
        if (target.Length > blob.SizeBytes)
            target.SetLength(0);
        throw new HubTransientException($"{host} ended after {target.Length} of {blob.SizeBytes} bytes");
    }

    private void Copy(
        HttpResponseMessage response,
        FileStream target,
        HubBlob blob,
        string file,
        string host,
        CancellationToken cancellation
    )
    {
        using var body = response.Content.ReadAsStream(cancellation);
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var buffer = new byte[BufferBytes];
        progress?.Report(new HubProgress(file, target.Length, blob.SizeBytes));
        while (Read() is > 0 and var count)
        {
            target.Write(buffer, 0, count);
            progress?.Report(new HubProgress(file, target.Length, blob.SizeBytes));
            // More than promised: no reason to fill the disk with it.
            if (target.Length > blob.SizeBytes)
                return;
        }

        // Only what goes wrong with the connection may be tried again, not what goes wrong with the disk.
        int Read()
        {
            stall.CancelAfter(http.Timeout);
            try
            {
                return body.ReadAsync(buffer, stall.Token).AsTask().GetAwaiter().GetResult();
            }
            catch (OperationCanceledException fault) when (!cancellation.IsCancellationRequested)
            {
                throw new HubTransientException($"{host} sent nothing for {http.Timeout.TotalSeconds:0.#} s", fault);
            }
            catch (Exception fault) when (fault is IOException or HttpRequestException)
            {
                cancellation.ThrowIfCancellationRequested();
                throw new HubTransientException($"the connection to {host} was cut", fault);
            }
            finally
            {
                stall.CancelAfter(Timeout.Infinite); // the disk may take its time
            }
        }
    }

    private static void CheckRoom(string path, long? needed, string subject)
    {
        var free = new DriveInfo(Path.GetDirectoryName(path)!).AvailableFreeSpace;
        if (needed > free)
            throw new InvalidInputException(
                $"{subject}: needs {Mebibytes(needed.Value)} MiB in {Path.GetDirectoryName(path)}, where {Mebibytes(free)} MiB are free; "
                    + "make room, or set HF_HOME to a folder with more"
            );
    }

    private static long Mebibytes(long bytes) => (bytes + (1 << 20) - 1) >> 20;
}
