using AttnCrnn.Cli.Options;

namespace AttnCrnn.Cli.Commands.Prediction;

/// <summary>Reads a recording from standard input.</summary>
internal static class StandardInput
{
    /// <summary>The argument that stands for it.</summary>
    public const string Name = "-";

    // 90 minutes of 16-bit stereo at 48 kHz.
    private const int MaxBytes = 1 << 30;

    /// <summary>Reads standard input to its end.</summary>
    /// <exception cref="UsageException">It is a terminal.</exception>
    /// <exception cref="InvalidInputException">It is longer than 1 GiB.</exception>
    /// <exception cref="OperationCanceledException">The user interrupted.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        if (!Console.IsInputRedirected)
            throw new UsageException($"{Name}: standard input is a terminal; pipe a recording into it");
        // A read from a pipe cannot be canceled; the process ends while the thread waits.
        return await Task.Run(
                () =>
                {
                    using var stream = Console.OpenStandardInput();
                    return Read(stream, MaxBytes);
                },
                cancellationToken
            )
            .WaitAsync(cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Reads a stream to its end, in memory that grows with what arrives.</summary>
    /// <exception cref="InvalidInputException">It is longer than <paramref name="maxBytes"/>.</exception>
    public static ReadOnlyMemory<byte> Read(Stream stream, int maxBytes)
    {
        using var content = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (stream.Read(buffer) is > 0 and var count)
        {
            if (content.Length + count > maxBytes)
                throw new InvalidInputException(
                    Name,
                    $"more than {maxBytes} bytes on standard input; write them to a file and pass the file"
                );
            content.Write(buffer, 0, count);
        }
        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }
}
