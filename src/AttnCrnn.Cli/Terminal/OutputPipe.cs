using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AttnCrnn.Cli.Terminal;

/// <summary>
/// Standard output to a pipe. The stream of .NET ignores that the reader has closed the pipe, as in <c>… | head</c>;
/// this one throws <see cref="PipeClosedException"/>.
/// </summary>
internal sealed class OutputPipe : FileStream
{
    // POSIX: writes of up to PIPE_BUF bytes, at least 512, are atomic.
    private const int AtomicWriteBytes = 512;

    // EPIPE, ECONNRESET and EAGAIN.
    private const int Broken = 32;
    private const int LinuxReset = 104;
    private const int MacReset = 54;
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private OutputPipe(SafeFileHandle handle)
        : base(handle, FileAccess.Write, bufferSize: 0) { }

    /// <summary>
    /// Replaces standard output if it is a pipe. Terminals and files keep the stream of .NET: a FileStream would keep
    /// its own position in a file that other processes also write to.
    /// </summary>
    public static void Install()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
            return;
        var pipe = new OutputPipe(new SafeFileHandle(1, ownsHandle: false));
        if (!pipe.CanSeek)
            Console.SetOut(
                new StreamWriter(pipe, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true }
            );
    }

    /// <exception cref="PipeClosedException">The reader has closed the pipe.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        for (; buffer.Length > 0; buffer = buffer[Math.Min(buffer.Length, AtomicWriteBytes)..])
            WriteAtomically(buffer[..Math.Min(buffer.Length, AtomicWriteBytes)]);
    }

    // Another process that shares the pipe may have made it non-blocking.
    private void WriteAtomically(ReadOnlySpan<byte> chunk)
    {
        while (true)
        {
            try
            {
                base.Write(chunk);
                return;
            }
            catch (IOException exception) when (exception.HResult is LinuxWouldBlock or MacWouldBlock)
            {
                Thread.Sleep(Pause);
            }
            catch (IOException exception) when (exception.HResult is Broken or LinuxReset or MacReset)
            {
                throw new PipeClosedException();
            }
        }
    }
}

/// <summary>
/// The downstream reader closed the pipe. Not an IOException: commands report IOExceptions as errors of their files.
/// </summary>
internal sealed class PipeClosedException : Exception;
