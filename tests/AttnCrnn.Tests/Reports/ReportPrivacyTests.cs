using AttnCrnn.Evaluation;
using AttnCrnn.Formats.Wav;
using AttnCrnn.Reports;

namespace AttnCrnn.Tests.Reports;

/// <summary>What a page shows of the people who were recorded.</summary>
public sealed class ReportPrivacyTests : IDisposable
{
    private const string Speaker = "ravdess_01";
    private const string File = "03-01-05-01-01-01-01.wav";

    private readonly TempFolder folder = new();

    public ReportPrivacyTests()
    {
        Directory.CreateDirectory(folder.PathOf("corpus", "Actor_01"));
        WavWriter.Write(folder.PathOf("corpus", "Actor_01", File), new float[12 * 16_000], 16_000);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void By_default_it_has_neither_names_nor_absolute_paths_nor_voices()
    {
        var page = Write(new());
        Assert.DoesNotContain(Speaker, page, StringComparison.Ordinal);
        Assert.DoesNotContain("03-01-05", page, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<audio", page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">speaker 1</th>", page, StringComparison.Ordinal);
        Assert.Contains("<th scope=\"row\">clip 1</th>", page, StringComparison.Ordinal);
        Assert.Contains("names of speakers are not shown", page, StringComparison.Ordinal);
    }

    [Fact]
    public void With_names_recordings_are_linked_relative_to_the_page()
    {
        var page = Write(new() { WithNames = true });
        Assert.Contains($"<th scope=\"row\">{Speaker}</th>", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"../corpus/Actor_01/{File}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain(folder.Path, page, StringComparison.Ordinal);
        Assert.Contains(
            "Recordings linked, relative to this page: 1. Not found from here: 7.",
            page,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Embedded_recordings_are_cut_and_counted_and_have_no_names()
    {
        var page = Write(new() { EmbedAudio = true });
        var start = page.IndexOf("data:audio/wav;base64,", StringComparison.Ordinal) + "data:audio/wav;base64,".Length;
        var audio = Convert.FromBase64String(page[start..page.IndexOf('"', start)]);
        Assert.Equal(44 + (10 * 2 * 16_000), audio.Length); // 12 s are cut to 10
        Assert.Contains(
            "Recordings in this page: 1, as 16 kHz mono WAV (0.3 MB), each at most 10 s long (1 cut). "
                + "Not found from here: 7.",
            page,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(Speaker, page, StringComparison.Ordinal);
        Assert.DoesNotContain("href=", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_with_only_the_root_in_common_with_the_page_is_not_linked()
    {
        var recordings = new Recordings(new() { WithNames = true }, "/no-such-folder/run");
        Assert.Null(recordings.Link(CreateClips()[0]));
        Assert.Equal(1, recordings.Missing);
    }

    [Fact]
    public void Metrics_in_the_page_name_no_speaker_whatever_they_contain()
    {
        var names = ReportNames.Create(PredictionBuilder.Result(CreateClips()), withNames: false);
        var json = System.Text.Json.Nodes.JsonNode.Parse(
            $$"""{"worst":"{{Speaker}}","by_speaker":{"{{Speaker}}":1},"path":"/home/me/a.wav","n":2}"""
        );
        Assert.Equal(
            """{"worst":"speaker 1","by_speaker":{"speaker 1":1},"path":"a.wav","n":2}""",
            names.Replace(json)!.ToJsonString()
        );
    }

    private string Write(ReportOptions options)
    {
        var report = new RunReport(
            "run",
            PredictionBuilder.Result(CreateClips()),
            [],
            [new("data_dirs", folder.PathOf("features")), new("test_speakers", Speaker)],
            "log-mel",
            "1"
        )
        {
            Options = options,
        };
        AnalysisFolder.Write(folder.PathOf("run"), report);
        return System.IO.File.ReadAllText(folder.PathOf("run", "report.html"));
    }

    // Two speakers, of whose clips all are errors; the most confident one is the recording that exists.
    private ClipPrediction[] CreateClips() =>
        [
            PredictionBuilder.Clip(folder.PathOf("corpus", "Actor_01", File), Speaker, 0, [0.01, 0.9, 0.05, 0.04]),
            .. Enumerable
                .Range(0, 11)
                .Select(clip =>
                    PredictionBuilder.Clip(
                        folder.PathOf("corpus", $"03-01-05-{clip}.wav"),
                        clip % 2 == 0 ? Speaker : "ravdess_02",
                        clip % 2,
                        clip % 2 == 0 ? [0.1, 0.7, 0.1, 0.1] : [0.7, 0.1, 0.1, 0.1]
                    )
                ),
        ];
}
