using AttnCrnn.HuggingFace;

namespace AttnCrnn.Tests.HuggingFace;

/// <summary>The environment variables mean what huggingface_hub documents.</summary>
public sealed class HubSettingsTests
{
    [Theory]
    [InlineData("", "/home/me/.cache/huggingface/hub")]
    [InlineData("XDG_CACHE_HOME=/x", "/x/huggingface/hub")]
    [InlineData("XDG_CACHE_HOME=/x HF_HOME=/y", "/y/hub")]
    [InlineData("HF_HOME=~/z", "/home/me/z/hub")]
    [InlineData("HF_HOME=$SCRATCH/${NAME}/$UNSET SCRATCH=/s NAME=n", "/s/n/$UNSET/hub")]
    [InlineData("HF_HOME=/y HF_HUB_CACHE=/z", "/z")]
    [InlineData("HF_HOME=/y HUGGINGFACE_HUB_CACHE=/old", "/old")]
    public void The_cache_folder_is_the_one_of_Python(string variables, string expected) =>
        Assert.Equal(expected, ParseVariables(variables).CacheFolder);

    [Theory]
    [InlineData("", false)]
    [InlineData("HF_HUB_OFFLINE=1", true)]
    [InlineData("HF_HUB_OFFLINE=yes", true)]
    [InlineData("HF_HUB_OFFLINE=0", false)]
    [InlineData("TRANSFORMERS_OFFLINE=True", true)]
    [InlineData("HF_HUB_OFFLINE=0 TRANSFORMERS_OFFLINE=1", false)]
    public void Offline_mode_is_set_as_for_Python(string variables, bool expected) =>
        Assert.Equal(expected, ParseVariables(variables).IsOffline);

    [Fact]
    public void The_token_comes_from_the_environment_or_the_login_file()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.PathOf("token"), "hf_file\n");
        File.WriteAllText(folder.PathOf("other"), " hf_other ");
        Assert.Equal("hf_file", ParseVariables($"HF_HOME={folder.Path}").Token);
        Assert.Equal("hf_other", ParseVariables($"HF_HOME={folder.Path} HF_TOKEN_PATH={folder.Path}/other").Token);
        Assert.Equal("hf_variable", ParseVariables($"HF_HOME={folder.Path} HF_TOKEN=hf_variable").Token);
        Assert.Null(
            ParseVariables($"HF_HOME={folder.Path} HF_TOKEN=hf_variable HF_HUB_DISABLE_IMPLICIT_TOKEN=1").Token
        );
        Assert.Null(ParseVariables($"HF_HOME={folder.Path}/nowhere").Token);
    }

    [Fact]
    public void The_token_is_never_shown()
    {
        Assert.DoesNotContain("hf_secret", ParseVariables("HF_TOKEN=hf_secret").ToString(), StringComparison.Ordinal);
        var exception = Assert.Throws<InvalidInputException>(() => ParseVariables("HF_TOKEN=hf_secret\u00e9"));
        Assert.DoesNotContain("hf_secret", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_endpoint_may_be_a_mirror()
    {
        Assert.Equal("https://huggingface.co", ParseVariables("").Endpoint.OriginalString);
        Assert.Equal(
            "https://mirror.example/hf",
            ParseVariables("HF_ENDPOINT=https://mirror.example/hf/").Endpoint.OriginalString
        );
        Assert.Contains(
            "HF_ENDPOINT",
            Assert.Throws<InvalidInputException>(() => ParseVariables("HF_ENDPOINT=mirror")).Message,
            StringComparison.Ordinal
        );
        Assert.Throws<InvalidInputException>(() => ParseVariables("HF_ENDPOINT=file:///tmp"));
    }

    private static HubSettings ParseVariables(string variables)
    {
        var pairs = variables
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return HubSettings.FromVariables(pairs.GetValueOrDefault, "/home/me");
    }
}
