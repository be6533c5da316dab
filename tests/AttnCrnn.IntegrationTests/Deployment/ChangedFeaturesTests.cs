namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>Features are extracted again between two deployments.</summary>
[Requires("sshd")]
public sealed class ChangedFeaturesTests(ChangedFeatures features) : IClassFixture<ChangedFeatures>
{
    [Fact]
    public void The_first_deployment_sends_every_file() =>
        Assert.Contains(": 4 files, ", features.FirstDeployment, StringComparison.Ordinal);

    [Fact]
    public void Unchanged_files_of_changed_features_are_not_sent_again()
    {
        Assert.Contains(": 3 files, ", features.SecondDeployment, StringComparison.Ordinal);
        Assert.Equal("the same", features.NewNotes);
    }

    [Fact]
    public void Changed_features_do_not_replace_those_of_an_earlier_run()
    {
        Assert.Equal(features.FirstFrames, features.OldFrames);
        Assert.NotEqual(features.FirstFrames, features.NewFrames);
    }

    [Fact]
    public void Unchanged_features_are_not_sent_again() =>
        Assert.Contains(
            $"as data/{Path.GetFileName(features.NewFolder)}: unchanged",
            features.ThirdDeployment,
            StringComparison.Ordinal
        );

    [Fact]
    public void Only_features_that_an_unfinished_run_needs_are_kept_at_an_upload() =>
        Assert.Equal([features.OldFolder], features.FoldersAtUpload);

    [Fact]
    public void A_run_is_resumed_on_its_features_after_others_were_deployed()
    {
        Assert.True(features.ResumedDeployment.Code == 0, features.ResumedDeployment.Error);
        Assert.Contains("in the session again", features.ResumedDeployment.Error, StringComparison.Ordinal);
    }
}
