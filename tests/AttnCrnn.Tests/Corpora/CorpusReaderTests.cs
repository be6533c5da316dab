using AttnCrnn.Corpora;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Corpora.Synthetic;
using AttnCrnn.Formats.Wav;

namespace AttnCrnn.Tests.Corpora;

public sealed class CorpusReaderTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    [Trait("Category", "Corpora")]
    public void Ravdess_is_read_by_its_file_names()
    {
        var corpus = CorpusReader.Read([RealCorpora.Path("ravdess")]);
        Assert.Equal(
            ("RAVDESS", 1200, 20),
            (corpus.Name, corpus.Clips.Count, corpus.Clips.Select(clip => clip.Speaker).Distinct().Count())
        );
        Assert.Equal(8, corpus.Clips.Select(clip => clip.Label).Distinct().Count());
        Assert.Equal(80, corpus.Clips.Count(clip => clip.Label == "neutral"));
        Assert.All(corpus.Clips, clip =>
            Assert.EndsWith($"-{clip.Speaker![8..]}.flac", clip.Path, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Folder_names_are_the_labels_of_an_unknown_corpus()
    {
        WavWriter.Write(folder.PathOf("glad", "one.wav"), new float[1600], 16_000);
        WavWriter.Write(folder.PathOf("two.wav"), new float[1600], 16_000);
        Assert.Equal(["glad", null], CorpusReader.Read([folder.Path]).Clips.Select(clip => clip.Label));
    }

    [Fact]
    public void Manifests_with_either_set_of_columns_are_read_and_round_trip()
    {
        var path = folder.PathOf("clips.csv");
        File.WriteAllText(
            path,
            "file;emo;speaker;split;start;end\r\na b.wav;sad;s1;dev;0.5;1.25\r\n\"sub/c.wav\";;;;;\r\n"
        );
        var clips = Manifest.Read(path);
        Assert.Equal(new Clip(folder.PathOf("a b.wav"), "sad", "s1", Subset.Validation, 0.5, 1.25), clips[0]);
        Assert.Equal(new Clip(folder.PathOf("sub", "c.wav"), null, null), clips[1]);
        Manifest.Write(path, clips);
        Assert.Equal(clips, Manifest.Read(path));
    }

    [Theory]
    [InlineData("label\nsad\n", "path, file, filename")]
    [InlineData("path,split\na.wav,holdout\n", "line 2")]
    [InlineData("path,start,end\na.wav,2,1\n", "line 2")]
    [InlineData("path,start\na.wav,soon\n", "line 2")]
    [InlineData("path,label\na.wav\n", "line 2")]
    public void An_invalid_manifest_is_rejected_with_its_line(string text, string expected)
    {
        var path = folder.PathOf("clips.csv");
        File.WriteAllText(path, text);
        Assert.Contains(
            expected,
            Assert.Throws<InvalidFileException>(() => Manifest.Read(path)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_audit_lists_errors_and_warnings()
    {
        string Wav(string name, float[] samples)
        {
            var path = folder.PathOf("x", name);
            WavWriter.Write(path, samples, 16_000);
            return path;
        }
        float[] Tone(float level) => [.. Enumerable.Range(0, 8000).Select(i => level * MathF.Sin(i * 0.1f))];
        Clip[] clips =
        [
            .. (
                (string[])
                    [
                        Wav("good.wav", Tone(0.5f)),
                        Wav("silent.wav", new float[8000]),
                        Wav("clipped.wav", Tone(3)),
                        Wav("twice.wav", Tone(0.5f)),
                        Wav("short.wav", new float[100]),
                        "/nowhere.wav",
                    ]
            ).Select(path => new Clip(path, "x", null)),
        ];
        var audit = CorpusAudit.Audit(clips, new() { DetectsSpeech = false });
        Assert.Equal(["short.wav", "nowhere.wav"], audit.Errors.Select(finding => Path.GetFileName(finding.Path)));
        Assert.Equal(
            ["silent.wav", "clipped.wav", "twice.wav"],
            audit.Warnings.Select(finding => Path.GetFileName(finding.Path))
        );
    }

    [Fact]
    public void The_demo_corpus_is_deterministic_and_plainly_synthetic()
    {
        DemoCorpus.Generate(folder.PathOf("a"), speakers: 3, clipsPerEmotion: 1);
        DemoCorpus.Generate(folder.PathOf("b"), speakers: 3, clipsPerEmotion: 1);
        var (a, b) = (CorpusReader.Read([folder.PathOf("a", "clips.csv")]), CorpusReader.Read([folder.PathOf("b")]));
        Assert.True(a.Synthetic && b.Synthetic);
        Assert.Equal((18, 3), (a.Clips.Count, a.Clips.Select(clip => clip.Speaker).Distinct().Count()));
        Assert.Equal(LabelRules.Six, a.Clips.Select(clip => clip.Label!).Distinct().Order());
        Assert.All(a.Clips, clip =>
            Assert.Equal(
                File.ReadAllBytes(clip.Path),
                File.ReadAllBytes(clip.Path.Replace("/a/", "/b/", StringComparison.Ordinal))
            )
        );
        Assert.All(a.Clips, clip =>
            Assert.Contains("synthetic", Path.GetFileName(clip.Path), StringComparison.Ordinal)
        );
        double Level(string label) =>
            a
                .Clips.Where(clip => clip.Label == label)
                .Average(clip =>
                    AttnCrnn.Audio.AudioReader.Read(clip.Path).Samples.Average(sample => (double)sample * sample)
                );
        Assert.True(Level("angry") > Level("neutral") && Level("neutral") > Level("sad"));
        DemoCorpus.Generate(folder.PathOf("b"), speakers: 3, clipsPerEmotion: 1, seed: 1);
        Assert.Contains(a.Clips, clip =>
            !File.ReadAllBytes(clip.Path)
                .SequenceEqual(File.ReadAllBytes(clip.Path.Replace("/a/", "/b/", StringComparison.Ordinal)))
        );
    }
}
