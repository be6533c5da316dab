using AttnCrnn.Cli.Commands;

namespace AttnCrnn.Tests.Cli;

/// <summary>What doctor says about the hub.</summary>
public sealed class DoctorCommandTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_hub_that_answers_is_reachable()
    {
        using var hub = new FakeHub { Intercept = _ => HubReply.Create(200) };
        var (isOk, name, text) = await DoctorCommand.CheckHubAsync(hub.Settings, Cancellation);
        Assert.True(isOk);
        Assert.Equal("hub", name);
        Assert.StartsWith("reachable", text, StringComparison.Ordinal);
        Assert.Single(hub.Hub.Requests);
    }

    [Fact]
    public async Task A_hub_that_cannot_be_reached_is_not_ok_and_what_works_without_it_is_named()
    {
        using var hub = new FakeHub();
        var (isOk, _, text) = await DoctorCommand.CheckHubAsync(hub.Unreachable, Cancellation);
        Assert.False(isOk);
        Assert.StartsWith("not reachable", text, StringComparison.Ordinal);
        Assert.Contains("log-mel", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offline_hub_is_not_contacted()
    {
        using var hub = new FakeHub();
        var (isOk, _, text) = await DoctorCommand.CheckHubAsync(hub.Settings with { IsOffline = true }, Cancellation);
        Assert.True(isOk);
        Assert.Contains("HF_HUB_OFFLINE", text, StringComparison.Ordinal);
        Assert.Empty(hub.Hub.Requests);
    }
}
