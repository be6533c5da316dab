namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>A session of the same name that was started from another folder is left alone.</summary>
[Requires("sshd")]
public sealed class OtherFolderSessionTests(OtherFolderSession session) : IClassFixture<OtherFolderSession>
{
    [Fact]
    public void Deploy_rejects_it_with_the_remedy()
    {
        Assert.True(session.Deploy.Code == 3, session.Deploy.Error);
        Assert.Contains("--name", session.Deploy.Error, StringComparison.Ordinal);
        Assert.Contains("was not started from", session.Deploy.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Monitor_tells_it_from_the_folders_own_run()
    {
        Assert.Matches("state +ended with 0\n", session.Monitor.Output);
        Assert.Contains(
            "the session attn_crnn_v2 belongs to another folder or to the user",
            session.Monitor.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Stop_does_not_end_it() =>
        Assert.Contains("had ended with 0", session.Stop.Output, StringComparison.Ordinal);

    [Fact]
    public void Its_run_trains_on() =>
        Assert.Contains("training, session attn_crnn_v2", session.Other.Output, StringComparison.Ordinal);
}
