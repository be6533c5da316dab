using System.Text.Json;

namespace AttnCrnn.IntegrationTests.Deployment;

/// <summary>The questions of <c>deploy --init</c>, and the settings file that it writes.</summary>
public sealed class DeployInitTests : IDisposable
{
    // Host, key, port, folder, data folders and epochs, after an empty answer to where the run is deployed.
    private static readonly string[] Answers = ["", "me@there", "~/.ssh/key", "2222", "", "one two", "7"];

    private readonly Laptop laptop = new(null);

    private string SettingsFile => laptop.PathOf("deploy.json");

    public void Dispose() => laptop.Dispose();

    [Fact]
    public void Init_writes_the_answers_as_settings()
    {
        Assert.Equal(0, laptop.Init(Answers).Code);
        using var settings = ReadSettings();
        Assert.Equal("me@there", settings.RootElement.GetProperty("host").GetString());
        Assert.Equal(2222, settings.RootElement.GetProperty("port").GetInt32());
        Assert.Equal("attn_crnn_v2", settings.RootElement.GetProperty("dir").GetString()); // the default
        Assert.Equal(
            ["one", "two"],
            settings.RootElement.GetProperty("data_dirs").EnumerateArray().Select(item => item.GetString())
        );
        Assert.Equal(7, settings.RootElement.GetProperty("train").GetProperty("epochs").GetInt32());
    }

    [Fact]
    public void Init_keeps_previous_values_for_empty_answers()
    {
        Assert.Equal(0, laptop.Init(Answers).Code);
        using var settingsBefore = ReadSettings();
        Assert.Equal(0, laptop.Init("", "", "", "", "", "", "").Code);
        using var settings = ReadSettings();
        Assert.True(
            JsonElement.DeepEquals(settingsBefore.RootElement, settings.RootElement),
            settings.RootElement.GetRawText()
        );
    }

    [Fact]
    public void Init_asks_again_after_an_invalid_answer()
    {
        Assert.Equal(0, laptop.Init(Answers).Code);
        // The home folder is rejected by init, not by the first deploy.
        var (code, _, error) = laptop.Init("", "", "", "", "~", "mine", "", "many", "9");
        Assert.True(code == 0, error);
        Assert.Contains("many: expected 1 to ", error, StringComparison.Ordinal);
        using var settings = ReadSettings();
        Assert.Equal("mine", settings.RootElement.GetProperty("dir").GetString());
        Assert.Equal(9, settings.RootElement.GetProperty("train").GetProperty("epochs").GetInt32());
    }

    [Fact]
    public void Init_without_all_answers_is_a_usage_error_and_writes_nothing()
    {
        Assert.Equal(2, laptop.Init("", "only a host").Code);
        Assert.False(File.Exists(SettingsFile));
    }

    [Fact]
    public void Init_asks_for_cluster_settings_and_removes_others()
    {
        Assert.Equal(
            0,
            laptop.Init("slurm", "me@login", "", "2222", "/project/me", "partition=long time=08:00:00", "one", "").Code
        );
        using (var cluster = ReadSettings())
        {
            Assert.Equal("slurm", cluster.RootElement.GetProperty("to").GetString());
            Assert.Equal(
                ["partition=long", "time=08:00:00"],
                cluster.RootElement.GetProperty("sbatch").EnumerateArray().Select(item => item.GetString())
            );
            Assert.Equal(30, cluster.RootElement.GetProperty("train").GetProperty("epochs").GetInt32());
        }
        Assert.Contains(
            "--sbatch '': expected ",
            laptop.Init("", "", "", "", "", "-- time", "", "").Error,
            StringComparison.Ordinal
        );
        Assert.Equal(0, laptop.Init("", "", "-", "-", "", "", "", "").Code);
        Assert.Equal(0, laptop.Init("local", "here", "", "").Code);
        using var local = ReadSettings();
        Assert.Equal(
            ["data_dirs", "dir", "to", "train"],
            local.RootElement.EnumerateObject().Select(pair => pair.Name).Order()
        );
        Assert.Contains("expected ssh, slurm or local", laptop.Init("moon").Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_at_a_question_ends_init_and_writes_nothing()
    {
        using var process = laptop.StartInit();
        process.StandardInput.Write("\n");
        process.StandardInput.Flush();
        var expected = "";
        var letter = new char[1];
        while (
            !expected.Contains("~/.ssh/config)", StringComparison.Ordinal)
            && await process.StandardError.ReadAsync(letter, TestContext.Current.CancellationToken) > 0
        )
            expected += letter[0];
        Interruption.Send(process);
        await RemoteRun.WaitUntil(() => process.HasExited);
        Assert.Equal(130, process.ExitCode);
        Assert.EndsWith(
            "\nattn-crnn: interrupted; nothing was written\n",
            await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(SettingsFile));
    }

    private JsonDocument ReadSettings() => JsonDocument.Parse(File.ReadAllText(SettingsFile));
}
