using AttnCrnn.HuggingFace;

namespace AttnCrnn.Tests.HuggingFace;

/// <summary>A hub that does not answer until a test lets it.</summary>
public sealed class HubWaitingTests : IDisposable
{
    private readonly ManualResetEventSlim answering = new();
    private readonly FakeHub hub = new();
    private readonly HubClient client;

    public HubWaitingTests()
    {
        hub.Intercept = _ =>
        {
            answering.Wait(Cancellation);
            return null;
        };
        client = hub.Client();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        client.Dispose();
        hub.Dispose();
        answering.Dispose();
    }

    [Fact]
    public async Task The_callers_thread_does_not_wait()
    {
        var opening = client.OpenAsync(FakeHub.Repository, null, Cancellation);
        Assert.False(opening.IsCompleted); // a call that blocks would end with the timeout
        answering.Set();
        var snapshot = await opening;
        answering.Reset();
        var download = snapshot.GetAsync(FakeHub.LargeFile, Cancellation);
        Assert.False(download.IsCompleted);
        answering.Set();
        Assert.Equal(hub.Bytes(FakeHub.LargeFile), File.ReadAllBytes(await download));
        Assert.Empty(hub.Notices);
    }

    [Fact]
    public async Task Cancellation_ends_a_request_without_an_answer()
    {
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var opening = client.OpenAsync(FakeHub.Repository, null, cancelling.Token);
        cancelling.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => opening);
        answering.Set();
        Assert.Empty(hub.Notices);
    }
}
