using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AttnCrnn.Cli.Terminal;

/// <summary>
/// Standard output into a pipe. .NET's own is silent when its reader is gone, as in <c>… | head</c>: a command would go on for nobody, and take for read what
/// was not. By this one it gets a <see cref="PipeClosedException"/>.
/// </summary>
internal sealed class OutputPipe : FileStream
{
    // POSIX: a pipe takes so many bytes whole or not at all.
    private const int WholePiece = 512;

    // EPIPE, ECONNRESET and EAGAIN.
    private const int Broken = 32,
        LinuxReset = 104,
        MacReset = 54,
        LinuxWouldBlock = 11,
        MacWouldBlock = 35;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private OutputPipe(SafeFileHandle handle)
        : base(handle, FileAccess.Write, bufferSize: 0) { }

    /// <summary>Takes standard output over where it is a pipe. Terminals and files stay .NET's: of a file, which others may write to as well, a stream of our own would keep a place of its own.</summary>
    public static void TakeOver()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows())
            return;
        var pipe = new OutputPipe(new SafeFileHandle(1, ownsHandle: false));
        if (!pipe.CanSeek)
            Console.SetOut(
                new StreamWriter(pipe, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true }
            );
    }

    /// <exception cref="PipeClosedException">The reader is gone.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        for (; buffer.Length > 0; buffer = buffer[Math.Min(buffer.Length, WholePiece)..])
            WritePiece(buffer[..Math.Min(buffer.Length, WholePiece)]);
    }

    // Whoever else has the pipe may have made it one that does not wait for its reader.
    private void WritePiece(ReadOnlySpan<byte> chunk)
    {
        while (true)
        {
            try
            {
                base.Write(chunk);
                return;
            }
            catch (IOException fault) when (fault.HResult is LinuxWouldBlock or MacWouldBlock)
            {
                Thread.Sleep(Pause);
            }
            catch (IOException fault) when (fault.HResult is Broken or LinuxReset or MacReset)
            {
                throw new PipeClosedException();
            }
        }
    }
}

/// <summary>Whoever read our output has had enough. No IOException, which commands take for a fault of their files.</summary>
internal sealed class PipeClosedException : Exception;
