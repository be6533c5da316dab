using System.Text;
using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Manifests;

namespace AttnCrnn.Tests.Corpora.Manifests;

/// <summary>A folder with one manifest.</summary>
internal sealed class ManifestFolder : IDisposable
{
    private readonly TempFolder folder = new();

    public string PathOf(params string[] parts) => folder.PathOf(parts);

    /// <summary>Writes a manifest, and returns its path.</summary>
    public string Write(string text, string name = "clips.csv")
    {
        File.WriteAllText(folder.PathOf(name), text, new UTF8Encoding(false));
        return folder.PathOf(name);
    }

    /// <summary>The clips of a manifest as a source, and the notices about it.</summary>
    public (IReadOnlyList<Clip> Clips, IReadOnlyList<string> Notices) Read(string text, string name = "clips.csv")
    {
        List<string> notices = [];
        return (ManifestReader.Read(Write(text, name), CorpusReadOptions.Default, notices), notices);
    }

    public void Dispose() => folder.Dispose();
}
