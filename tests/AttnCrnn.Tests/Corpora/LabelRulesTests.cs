using AttnCrnn.Corpora;

namespace AttnCrnn.Tests.Corpora;

public class LabelRulesTests
{
    private static readonly string[] Ravdess =
    [
        "angry",
        "calm",
        "disgust",
        "fearful",
        "happy",
        "neutral",
        "sad",
        "surprised",
    ];

    [Fact]
    public void No_rules_leave_labels_unchanged() => Assert.Equal(Ravdess, Ravdess.Select(LabelRules.None.Apply));

    [Fact]
    public void Clips_of_labels_that_are_no_class_are_counted_by_label()
    {
        var rules = LabelRules.Parse([], ["sad"], LabelPreset.Iemocap4);
        Assert.Equal(
            "4 of 7 clips are left out, since their labels are no class: frustrated (2), other (1), sad (1)",
            rules.DescribeDropped(["sad", "frustrated", "happy", null, "other", "frustrated", "excited"])
        );
        Assert.Null(rules.DescribeDropped(["happy", null]));
        Assert.Null(LabelRules.None.DescribeDropped(["frustrated"]));
    }

    [Fact]
    public void Labels_are_mapped_and_dropped()
    {
        var rules = LabelRules.Parse([" calm = neutral "], ["surprised"], null);
        Assert.Equal("neutral", rules.Apply("calm"));
        Assert.Equal("neutral", rules.Apply("neutral"));
        Assert.Equal("sad", rules.Apply("sad"));
        Assert.Null(rules.Apply("surprised"));
        Assert.Empty(rules.Check(Ravdess));
    }

    [Fact]
    public void One_option_may_hold_several_rules()
    {
        var rules = LabelRules.Parse(["calm=neutral, fearful=afraid"], ["surprised,disgust", "sad"], null);

        Assert.Equal(["calm=neutral", "fearful=afraid"], rules.Map);
        Assert.Equal(["surprised", "disgust", "sad"], rules.Drop);
    }

    [Fact]
    public void Preset_six_merges_calm_into_neutral_and_drops_other_labels()
    {
        var rules = LabelRules.Parse([], [], LabelPreset.Six);
        Assert.Equal(
            LabelRules.Six,
            Ravdess.Select(rules.Apply).OfType<string>().Distinct().Order(StringComparer.Ordinal)
        );
        Assert.Equal("neutral", rules.Apply("calm"));
        Assert.Null(rules.Apply("surprised"));
        Assert.Null(rules.Apply("boredom"));
        Assert.Equal("angry", rules.Apply("Anger"));
    }

    [Theory]
    [InlineData(LabelPreset.Iemocap4, "excited", "happy")]
    [InlineData(LabelPreset.Iemocap4, "frustrated", null)]
    [InlineData(LabelPreset.Iemocap4, "Sadness", "sad")]
    [InlineData(LabelPreset.Iemocap6, "excited", "excited")]
    [InlineData(LabelPreset.Iemocap6, "frustration", "frustrated")]
    [InlineData(LabelPreset.Iemocap6, "surprised", null)]
    [InlineData(LabelPreset.Iemocap6, "other", null)]
    public void Presets_of_IEMOCAP_select_its_classes(LabelPreset preset, string label, string? expected) =>
        Assert.Equal(expected, LabelRules.Parse([], [], preset).Apply(label));

    [Fact]
    public void A_map_is_read_before_the_preset() =>
        Assert.Equal("neutral", LabelRules.Parse(["boredom=neutral"], [], LabelPreset.Six).Apply("boredom"));

    [Theory]
    [InlineData("calm", "", "map calm: expected FROM=TO")]
    [InlineData("=neutral", "", "map =neutral: expected FROM=TO")]
    [InlineData("calm=neutral,calm=sad", "", "neutral and sad")]
    [InlineData("calm=neutral", "calm", "choose one")]
    [InlineData("calm=neutral", "neutral", "drop calm as well")]
    [InlineData("calm=neutral,neutral=sad", "", "directly to the final label")]
    public void Contradictory_rules_are_rejected(string map, string drop, string expected)
    {
        var exception = Assert.Throws<InvalidOptionsException>(() => LabelRules.Parse(List(map), List(drop), null));
        Assert.Contains(expected, exception.Message);
    }

    [Fact]
    public void An_unknown_label_is_an_error_that_lists_the_existing_labels()
    {
        string[] errors =
        [
            .. LabelRules.Parse(["clam=neutral"], ["surprise"], null).Check(Ravdess).Select(error => $"{error}"),
        ];
        Assert.Equal(2, errors.Length);
        Assert.Contains("'clam'", errors[0]);
        Assert.All(errors, error => Assert.Contains(string.Join(", ", Ravdess), error));
    }

    [Fact]
    public void Rules_that_drop_every_clip_are_rejected() =>
        Assert.Contains(
            "leaves no label",
            $"{Assert.Single(LabelRules.Parse([], [], LabelPreset.Six).Check(["boredom", "surprised"]))}"
        );

    [Fact]
    public void Equal_rules_compare_equal_and_round_trip_through_JSON()
    {
        var rules = LabelRules.Parse(["calm=neutral"], ["surprised"], LabelPreset.Six);
        var back = System.Text.Json.JsonSerializer.Deserialize<LabelRules>(
            System.Text.Json.JsonSerializer.Serialize(rules)
        )!;
        Assert.Equal(rules, back);
        Assert.Equal(rules.GetHashCode(), back.GetHashCode());
        Assert.Equal("neutral", back.Apply("calm"));
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
