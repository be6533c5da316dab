using AttnCrnn.HuggingFace;

namespace AttnCrnn.Tests.HuggingFace;

public sealed class HubNamesTests
{
    [Theory]
    [InlineData("facebook/wav2vec2-base")]
    [InlineData("gpt2")]
    [InlineData("_a.b-c/d_e.f-g")]
    public void Valid_repository_names_are_accepted(string name) =>
        Assert.Equal(name, HubNames.ValidateRepository(name));

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a/b/c")]
    [InlineData("../x")]
    [InlineData("a/..")]
    [InlineData("a/b..c")]
    [InlineData("a--b/c")]
    [InlineData(".a/b")]
    [InlineData("a/b-")]
    [InlineData("a/b.git")]
    [InlineData("a/b c")]
    [InlineData("a\\b")]
    [InlineData("a/b\n")]
    [InlineData("/etc/passwd")]
    public void Invalid_repository_names_are_rejected(string name) =>
        Assert.Throws<InvalidInputException>(() => HubNames.ValidateRepository(name));

    [Theory]
    [InlineData("main")]
    [InlineData("v1.0")]
    [InlineData("refs/pr/1")]
    [InlineData("feature/x+y@z=1")]
    [InlineData("0123456789abcdef0123456789abcdef01234567")]
    public void Branches_tags_pull_requests_and_commits_are_accepted(string name) =>
        Assert.Equal(name, HubNames.ValidateRevision(name));

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a/.b")]
    [InlineData(".a")]
    [InlineData("a.lock")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a?b")]
    [InlineData("a\\b")]
    [InlineData("a\n")]
    public void Invalid_revisions_are_rejected(string name) =>
        Assert.Throws<InvalidInputException>(() => HubNames.ValidateRevision(name));

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("onnx/model.onnx")]
    [InlineData(".gitattributes")]
    [InlineData("naïve name.txt")]
    public void Valid_file_names_are_accepted(string name) => Assert.Equal(name, HubNames.ValidateFile(name));

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../x")]
    [InlineData("a/../../x")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a\\b")]
    [InlineData("a\0b")]
    public void Files_outside_a_repository_are_rejected(string name) =>
        Assert.Throws<InvalidInputException>(() => HubNames.ValidateFile(name));
}
