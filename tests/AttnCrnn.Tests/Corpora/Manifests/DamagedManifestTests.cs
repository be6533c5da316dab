using System.Text;
using AttnCrnn.Corpora;

namespace AttnCrnn.Tests.Corpora.Manifests;

public sealed class DamagedManifestTests : IDisposable
{
    private readonly ManifestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(
        "clips.csv",
        "\uFEFFsep=;\nfile;emo;split;start;end\n\"a;\"\"b\".wav;sad;dev;0 days;NaT\nc.wav;;test;1,5;2\n"
    )]
    [InlineData("clips.tsv", "path\tangry\thappy\tsex\na.wav\t1\t0.5\tf\r\nb.wav\t2\tNaN\tm\r\n")]
    [InlineData("clips.jsonl", "{\"wav\": \"a.wav\", \"label\": NaN}\n{\"wav\": \"b\\u00e9.wav\", \"end\": 2.5}\n")]
    [InlineData("clips.json", "[{\"audio\": {\"path\": \"a.wav\"}, \"start\": \"00:01.5\"}]")]
    public void A_manifest_with_any_byte_changed_or_the_end_cut_is_read_or_refused_as_an_invalid_input(
        string name,
        string text
    )
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var path = folder.PathOf(name);
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var value in "\0\"\n,{\u00FF"u8)
            {
                byte[] changed = [.. bytes];
                changed[i] = value;
                ReadOrRefuse(path, changed);
            }
            ReadOrRefuse(path, bytes[..i]);
        }
    }

    private static void ReadOrRefuse(string path, byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        try
        {
            Assert.All(CorpusReader.Read([path]).Clips, clip => Assert.True(Path.IsPathRooted(clip.Path)));
        }
        catch (InvalidInputException) { }
    }
}
