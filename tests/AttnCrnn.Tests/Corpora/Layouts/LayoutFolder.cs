using AttnCrnn.Corpora;
using AttnCrnn.Testing.Corpora;

namespace AttnCrnn.Tests.Corpora.Layouts;

/// <summary>What a test asks of a tree beside its clips.</summary>
internal static class LayoutFolder
{
    /// <summary>The notices of a tree, as one text.</summary>
    public static string ReadNotices(this CorpusTree tree, CorpusReadOptions? options = null) =>
        string.Join('\n', CorpusReader.Read([tree.Path], options ?? CorpusReadOptions.Default).Notices);

    /// <summary>The error of a tree.</summary>
    public static string ReadError(this CorpusTree tree, CorpusReadOptions? options = null) =>
        Assert.ThrowsAny<InvalidInputException>(() => tree.Read(options)).Message;
}
