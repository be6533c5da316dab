namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>A session of the same name that was started from another folder is left alone.</summary>
[Requires("sshd")]
public sealed class OtherFolderSessionTests(OtherFolderSession session) : IClassFixture<OtherFolderSession>
{
    [Fact]
    public void Deploy_rejects_a_session_of_another_folder_with_the_remedy()
    {
        Assert.True(session.Deploy.Code == 3, session.Deploy.Error);
        Assert.Contains("--name", session.Deploy.Error, StringComparison.Ordinal);
        Assert.Contains("attn_crnn_v2 was not started", session.Deploy.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Monitor_distinguishes_a_session_of_another_folder()
    {
        Assert.Matches("state +ended with 0\n", session.Monitor.Output);
        Assert.Contains("attn_crnn_v2 belongs to another folder", session.Monitor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Stop_does_not_end_a_session_of_another_folder() =>
        Assert.Contains("had ended with 0", session.Stop.Output, StringComparison.Ordinal);

    [Fact]
    public void The_run_in_the_session_of_another_folder_continues() =>
        Assert.Contains("training, session attn_crnn_v2", session.OtherMonitor.Output, StringComparison.Ordinal);
}
