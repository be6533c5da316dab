using System.Diagnostics;
using AttnCrnn.HuggingFace.Cache;

namespace AttnCrnn.IntegrationTests.HuggingFace;

/// <summary>Against flock as Python's filelock uses it, in another process.</summary>
public sealed class HubLockTests
{
    // Prints "held" or "busy"; holds the lock until its input ends.
    private const string Python =
        "import fcntl,os,sys\nf=os.open(sys.argv[1],os.O_RDWR|os.O_TRUNC|os.O_CREAT,0o666)\n"
        + "try: fcntl.flock(f,fcntl.LOCK_EX|fcntl.LOCK_NB)\nexcept OSError: print('busy',flush=True); sys.exit()\n"
        + "print('held',flush=True)\nsys.stdin.read()\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    [Requires("python3")]
    public async Task Python_waits_for_our_lock()
    {
        using var file = new TemporaryPath();
        using (
            await HubLock.AcquireAsync(file.Path, () => Assert.Fail("no other process holds the lock"), Cancellation)
        )
        {
            using var python = StartPython(file.Path);
            Assert.Equal("busy", python.StandardOutput.ReadLine());
            python.WaitForExit();
        }
        using var laterProcess = StartPython(file.Path);
        Assert.Equal("held", laterProcess.StandardOutput.ReadLine());
        laterProcess.StandardInput.Close();
        laterProcess.WaitForExit();
    }

    [Fact]
    [Requires("python3")]
    public async Task Our_lock_waits_for_Python()
    {
        using var file = new TemporaryPath();
        using var python = StartPython(file.Path);
        Assert.Equal("held", python.StandardOutput.ReadLine());
        var waitingCount = 0;
        using var heldLock = await HubLock.AcquireAsync(
            file.Path,
            () =>
            {
                waitingCount++;
                python.StandardInput.Close();
            },
            Cancellation
        );
        Assert.Equal(1, waitingCount);
        python.WaitForExit();
    }

    [Fact]
    public async Task Waiting_can_be_canceled()
    {
        using var file = new TemporaryPath();
        using var cancelling = new CancellationTokenSource();
        using var heldLock = await HubLock.AcquireAsync(file.Path, () => { }, Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            HubLock.AcquireAsync(file.Path, cancelling.Cancel, cancelling.Token)
        );
    }

    private static Process StartPython(string path)
    {
        var start = new ProcessStartInfo("python3", ["-c", Python, path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }

    private sealed class TemporaryPath : IDisposable
    {
        public string Path { get; } =
            System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"attn-crnn-{Guid.NewGuid():N}.lock");

        public void Dispose() => File.Delete(Path);
    }
}
