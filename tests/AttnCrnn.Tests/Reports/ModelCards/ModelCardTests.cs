using System.Text.Json.Nodes;
using System.Xml.Linq;
using AttnCrnn.Corpora.Splits;
using AttnCrnn.Reports;
using AttnCrnn.Reports.ModelCards;
using AttnCrnn.Runs;
using YamlDotNet.Serialization;

namespace AttnCrnn.Tests.Reports.ModelCards;

/// <summary>The model card of a run, as Markdown and as a page.</summary>
public sealed class ModelCardTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_header_is_yaml_with_the_results_and_their_intervals()
    {
        var run = RunBuilder.Write(folder.Path);
        var header = ParseHeader(Read(run, license: "cc-by-4.0").ToMarkdown());
        Assert.Equal("cc-by-4.0", header["license"]);
        Assert.Equal("audio-classification", header["pipeline_tag"]);
        Assert.Equal(["RAVDESS"], (List<object>)header["datasets"]);
        var index = (Dictionary<object, object>)((List<object>)header["model-index"])[0];
        Assert.Equal(run.Name, index["name"]);
        var result = (Dictionary<object, object>)((List<object>)index["results"])[0];
        Assert.Equal("RAVDESS", ((Dictionary<object, object>)result["dataset"])["name"]);
        var metrics = ((List<object>)result["metrics"]).Cast<Dictionary<object, object>>().ToList();
        Assert.Equal(["recall", "accuracy", "f1"], metrics.Select(metric => metric["type"]));
        var stored = JsonNode.Parse(File.ReadAllText(Path.Combine(run.Analysis, "metrics.json")))!;
        Assert.Equal(
            stored["uar"]!.GetValue<double>(),
            double.Parse((string)metrics[0]["value"], System.Globalization.CultureInfo.InvariantCulture),
            0.0005
        );
        Assert.Matches(@"^UAR .*, 95% CI 0\.\d{3} to 0\.\d{3}$", (string)metrics[0]["name"]);
    }

    [Fact]
    public void A_license_is_stated_only_if_it_is_given()
    {
        var markdown = Read(RunBuilder.Write(folder.Path)).ToMarkdown();
        Assert.False(ParseHeader(markdown).ContainsKey("license"));
        Assert.Contains("The author has not chosen a license", markdown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a\": b\n---\nlicense: mit")]
    [InlineData("yes")]
    [InlineData("# no comment, *no alias, !no tag")]
    public void No_text_can_end_the_header_or_become_another_type(string license)
    {
        var header = ParseHeader(Read(RunBuilder.Write(folder.Path), license).ToMarkdown());
        Assert.Equal(license, header["license"]);
    }

    [Fact]
    public void The_card_says_what_the_model_is_for_and_what_the_law_forbids()
    {
        var markdown = Read(RunBuilder.Write(folder.Path)).ToMarkdown();
        foreach (
            var text in (string[])
                [
                    "No tool of this kind reads a person's inner state",
                    "Article 5(1)(f) prohibits",
                    "workplace and education institutions",
                    "medical or safety reasons",
                    "Annex III, point 1(c)",
                    "Article 50(3)",
                    "It has applied since 2 February 2025",
                    "apply from 2 December 2027",
                    "It has applied since 2 August 2026",
                    "a summary of 1 December 2026, not legal advice",
                    "Speakers were assigned to train, validation and test sets",
                    "| angry |",
                    "RAVDESS (English): S. R. Livingstone",
                    "epochs 12",
                ]
        )
            Assert.Contains(text, markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void The_card_contains_no_path_and_no_speaker()
    {
        var card = Read(RunBuilder.Write(folder.Path, encoder: new("/home/ada/whisper-own", "1", "2", 50, 16, 1)));
        foreach (var text in (string[])[card.ToMarkdown(), card.ToPage()])
        {
            Assert.DoesNotContain(folder.Path, text, StringComparison.Ordinal);
            Assert.All(RunBuilder.Private, name => Assert.DoesNotContain(name, text, StringComparison.Ordinal));
            Assert.Contains("whisper-own", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_card_of_synthetic_speech_says_so_first()
    {
        var markdown = Read(RunBuilder.Write(folder.Path, synthetic: true)).ToMarkdown();
        Assert.Contains(
            "> **Trained on synthetic speech; not valid for real speech.**",
            markdown.Split("\n\n")[2],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_model_that_is_not_evaluated_has_a_card_without_results()
    {
        var run = RunBuilder.Write(folder.Path, evaluated: false);
        var markdown = Read(run).ToMarkdown();
        Assert.False(ParseHeader(markdown).ContainsKey("model-index"));
        Assert.Contains("The model has not been evaluated", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("UAR 0", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void The_card_of_folds_says_that_their_ensemble_was_not_evaluated()
    {
        var markdown = Read(RunBuilder.Write(folder.Path, folds: 3)).ToMarkdown();
        Assert.Contains("The mean of their probabilities was not evaluated", markdown, StringComparison.Ordinal);
        Assert.Contains("fold_3/best_attn_crnn_model.keras", markdown, StringComparison.Ordinal);
        Assert.Contains("Over the 3 folds, the mean of UAR is 0.", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Corpora_of_clips_that_the_user_gave_are_not_those_of_the_training()
    {
        var run = RunBuilder.Write(folder.Path);
        var path = Path.Combine(run.Analysis, "metrics.json");
        var metrics = JsonNode.Parse(File.ReadAllText(path))!;
        metrics["split"]!["method"] = "given";
        File.WriteAllText(path, metrics.ToJsonString());
        var markdown = Read(run).ToMarkdown();
        Assert.False(ParseHeader(markdown).ContainsKey("datasets"));
        Assert.Contains("does not show on which recordings the model was trained", markdown, StringComparison.Ordinal);
        Assert.Contains("Corpora of the evaluated clips", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Corpora_of_the_training_are_those_of_the_file_beside_the_model()
    {
        var run = RunBuilder.Write(folder.Path, evaluated: false);
        SeenClip[] clips =
        [
            new(Subset.Train, "1", "1", "1", "RAVDESS"),
            new(Subset.Train, "2", "2", "2", "EMO-DB"),
            new(Subset.Validation, "3", "3", "3", ""),
        ];
        TrainingClipsFile.Write(run.Checkpoints, clips);
        var markdown = Read(run).ToMarkdown();
        Assert.Equal(["EMO-DB", "RAVDESS"], (IEnumerable<object>)ParseHeader(markdown)["datasets"]);
        Assert.Contains(
            "Corpora of the training and validation clips, and recordings that are not of a corpus",
            markdown,
            StringComparison.Ordinal
        );
        TrainingClipsFile.Write(run.Checkpoints, clips[2..]);
        Assert.Contains(
            "The recordings are not of a corpus that attn-crnn knows by name",
            Read(run).ToMarkdown(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Leaks_missing_folds_unfinished_trainings_and_seeds_are_said_at_the_start_and_among_the_limits()
    {
        var run = RunBuilder.Write(folder.Path, folds: 3);
        var path = Path.Combine(run.Analysis, "metrics.json");
        var metrics = JsonNode.Parse(File.ReadAllText(path))!;
        metrics["leaks"] = JsonNode.Parse("""[{"name": "initial_model", "count": 9, "allowed": true}]""");
        metrics["split"]!["folds"] = 5;
        metrics["split"]!["unfinished_trainings"] = 1;
        metrics["repeats"] = RepeatsJson.Create(new([new(0, 0.5, 0.5, 0.5), new(1, 0.6, 0.6, 0.6)], Requested: 2));
        File.WriteAllText(path, metrics.ToJsonString());
        var markdown = Read(run).ToMarkdown();
        Assert.Contains(
            "(split: 3 of 5 folds by speaker, known test clips, training not finished)",
            markdown,
            StringComparison.Ordinal
        );
        Assert.Contains("Over 2 seeds (0 to 1)", markdown, StringComparison.Ordinal);
        Assert.Contains("are known to the model, which was allowed", markdown, StringComparison.Ordinal);
        Assert.Contains("The training had not ended", markdown, StringComparison.Ordinal);
        Assert.Contains("most clips of the data are in the training set", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Losses_have_their_intervals()
    {
        var row = Read(RunBuilder.Write(folder.Path))
            .ToMarkdown()
            .Split('\n')
            .Single(line => line.StartsWith("| log loss", StringComparison.Ordinal));
        Assert.Matches(@"\| 0\.\d{3} to \d\.\d{3} \|$", row);
    }

    [Fact]
    public void Models_of_one_folder_are_named_without_it()
    {
        var run = RunBuilder.Write(folder.Path, folds: 2);
        string[] models = [folder.PathOf("upload", "fold_1.keras"), folder.PathOf("upload", "fold_2.keras")];
        Directory.CreateDirectory(folder.PathOf("upload"));
        foreach (var (model, copy) in RunDirectory.FindModels(run.WorkFolder, run.Name).Zip(models))
            File.Copy(model, copy);
        var markdown = ModelCard.Read("run", models, run.Analysis).ToMarkdown();
        Assert.Contains("| fold_2.keras |", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_are_shown_if_the_metrics_have_them_but_no_session()
    {
        var run = RunBuilder.Write(folder.Path);
        var path = Path.Combine(run.Analysis, "metrics.json");
        var json = JsonNode.Parse(File.ReadAllText(path))!;
        json["groups"] = new JsonArray(CreateGroup("sex", "female"), CreateGroup("session", RunBuilder.Speaker));
        File.WriteAllText(path, json.ToJsonString());
        var markdown = Read(run).ToMarkdown();
        Assert.Contains("| sex: female | 40 | 0.500 |", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain(RunBuilder.Speaker, markdown, StringComparison.Ordinal);
        json.AsObject().Remove("groups");
        File.WriteAllText(path, json.ToJsonString());
        Assert.DoesNotContain("UAR by group", Read(run).ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_is_well_formed_and_refers_to_no_other_file()
    {
        var page = XDocument.Parse(Read(RunBuilder.Write(folder.Path)).ToPage());
        Assert.All(page.Descendants("img"), image =>
        {
            Assert.StartsWith("data:image/png;base64,", image.Attribute("src")!.Value, StringComparison.Ordinal);
            Assert.NotEmpty(image.Attribute("alt")!.Value);
        });
        Assert.Single(page.Descendants("img"));
        Assert.Empty(page.Descendants("script").Attributes("src"));
        Assert.Empty(page.Descendants("link"));
        Assert.Contains("Article 5(1)(f)", page.Root!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a|b", @"a\|b")]
    [InlineData("<script>", @"\<script\>")]
    [InlineData("attn_crnn_v2", "attn_crnn_v2")]
    [InlineData("_a_ *b*", @"\_a\_ \*b\*")]
    public void Markdown_is_escaped(string text, string expected) =>
        Assert.Equal($"# t\n\n{expected}\n", CardMarkdown.Format("t", [new CardSection("", [new CardText(text)])]));

    [Fact]
    public void Corpora_are_found_by_the_names_of_speakers_and_other_names_are_not_public()
    {
        var corpora = CardCorpora.Find(["ravdess_01", "ravdess_02", "cremad_1001", "Grace_Hopper", null]);
        Assert.Equal(["CREMA-D", "RAVDESS"], corpora.Descriptions.Select(corpus => corpus.Name));
        Assert.True(corpora.HasOther);
        Assert.False(CardCorpora.Find(["ravdess_01"]).HasOther);
    }

    private static ModelCard Read(RunDirectory run, string? license = null) =>
        ModelCard.Read(run.Name, RunDirectory.FindModels(run.WorkFolder, run.Name), run.Analysis, license);

    private static Dictionary<object, object> ParseHeader(string markdown)
    {
        Assert.StartsWith("---\n", markdown, StringComparison.Ordinal);
        var end = markdown.IndexOf("\n---\n", 4, StringComparison.Ordinal);
        return new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(markdown[4..(end + 1)]);
    }

    private static JsonNode CreateGroup(string attribute, string name) =>
        JsonNode.Parse(
            $$"""
            {
              "attribute": "{{attribute}}", "definition": null, "not_compared": [], "n_clips_without_value": 0,
              "uar_classes": ["calm"], "uar_gap": null, "uar_gap_ci95": null,
              "groups": [{"name": "{{name}}", "n_clips": 40, "n_speakers": 4, "uar": 0.5, "uar_ci95": null,
                          "accuracy": 0.5, "accuracy_ci95": null}]
            }
            """
        )!;
}
