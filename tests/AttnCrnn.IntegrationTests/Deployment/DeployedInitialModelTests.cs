namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>deploy --init: a local model from which a remote run starts.</summary>
[Requires("sshd")]
public sealed class DeployedInitialModelTests(DeployedInitialModel model) : IClassFixture<DeployedInitialModel>
{
    [Fact]
    public void A_model_of_any_name_is_uploaded()
    {
        Assert.True(model.Monitor.Code == 0, model.Monitor.Error);
        Assert.Contains($"{model.Home}/attn_crnn_v2/data/init-", model.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_model_is_the_same_run() =>
        Assert.Contains("has finished: fetch it", model.SecondDeployment.Error, StringComparison.Ordinal);

    [Fact]
    public void The_model_is_found_when_the_run_is_resumed_elsewhere()
    {
        Assert.True(model.OtherMachine.Code == 0, model.OtherMachine.Error);
        Assert.Single(model.ModelsOnOtherMachine);
    }

    [Fact]
    public void Another_file_of_the_models_name_is_not_used_as_the_model() => Assert.Equal(3, model.Changed.Code);

    [Fact]
    public void A_missing_model_is_reported()
    {
        Assert.Equal(3, model.Missing.Code);
        Assert.Contains("no such file", model.Missing.Error, StringComparison.Ordinal);
    }
}
