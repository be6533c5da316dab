using System.Text.Json.Nodes;
using AttnCrnn.Cli.Options;
using AttnCrnn.Options;
using AttnCrnn.Runs;

namespace AttnCrnn.Tests.Options;

/// <summary>What every option has and how its values are parsed and stored, for all tables.</summary>
public sealed class OptionTableTests
{
    // How a help text begins: an imperative.
    private static readonly HashSet<string> Verbs =
    [
        "Add",
        "Ask",
        "Attach",
        "Authenticate",
        "Compute",
        "Connect",
        "Cross-validate",
        "Disable",
        "Encode",
        "Embed",
        "Evaluate",
        "Exit",
        "Explain",
        "Extract",
        "Follow",
        "Include",
        "Kill",
        "Leave",
        "List",
        "Look",
        "Mask",
        "Merge",
        "Mix",
        "Multiply",
        "Name",
        "Normalize",
        "Pad",
        "Pass",
        "Predict",
        "Print",
        "Quantize",
        "Raise",
        "Read",
        "Reduce",
        "Refuse",
        "Remove",
        "Resume",
        "Select",
        "Set",
        "Show",
        "Shut",
        "Skip",
        "Split",
        "Start",
        "State",
        "Stop",
        "Train",
        "Upload",
        "Use",
        "Work",
        "Write",
    ];

    [Fact]
    public void Every_command_has_a_checked_table() =>
        Assert.Equal(CommandList.CreateAll().Count, AllTables.CheckAll(new RoundTrip()));

    [Fact]
    public void Every_option_has_a_probe() => Assert.Empty(List(option => option.Probe is null));

    [Fact]
    public void Every_option_has_a_group_of_the_help() =>
        Assert.Empty(List(option => !OptionGroups.All.Contains(option.Group)));

    [Fact]
    public void Every_help_is_one_sentence_that_begins_with_a_verb()
    {
        Assert.Empty(List(option => !Verbs.Contains(option.Help.Split(' ')[0])));
        Assert.Empty(
            List(option => !option.Help.EndsWith('.') || option.Help.Contains(". ", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Every_option_but_a_switch_has_a_value_name() =>
        Assert.Empty(List(option => option.ValueName.Length > 0 == (option.Arity == OptionArity.Switch)));

    [Fact]
    public void Keys_of_a_table_are_distinct_and_can_be_written_with_underscores()
    {
        var duplicates = AllTables.Options.GroupBy(entry => (entry.Table, entry.Option.Key)).Where(g => g.Count() > 1);
        Assert.Empty(duplicates);
        Assert.Empty(
            List(option =>
                option.Key.Name.Any(character =>
                    character != '_' && !char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character)
                )
            )
        );
    }

    /// <summary>Only the number of threads changes nothing that can be observed: results do not depend on it.</summary>
    [Fact]
    public void Only_threads_have_no_effect() =>
        Assert.Empty(List(option => option.Probe is { Effect: OptionEffect.None } && option.Key != OptionKeys.Threads));

    [Fact]
    public void Defaults_are_valid_and_a_choice_is_one_of_its_choices() => AllTables.CheckAll(new ValidDefaults());

    [Fact]
    public void A_value_survives_text_and_JSON() => AllTables.CheckAll(new RoundTrip());

    [Theory]
    [InlineData("""{"epochs": 0, "batch_size": 1, "learning_rate": 2}""", "epochs", "batch_size", "learning_rate")]
    [InlineData("""{"epochs": "x", "padding": "wide", "folds": -1}""", "epochs", "padding", "folds")]
    public void All_invalid_values_are_reported_at_once(string json, params string[] keys)
    {
        var errors = new List<OptionError>();
        RunConfiguration.Create(ParseJson(json), errors);
        Assert.Equal(keys.Order(), errors.Select(error => error.Key.Name).Order());
        Assert.All(errors, error => Assert.Contains("expected", error.ToString(), StringComparison.Ordinal));
    }

    private static IEnumerable<string> List(Func<OptionDefinition, bool> isWrong) =>
        AllTables
            .Options.Where(entry => isWrong(entry.Option))
            .Select(entry => $"{entry.Table} {entry.Option.Key}: {entry.Option.Help}");

    private static OptionValues ParseJson(string json) =>
        OptionValues.FromJson(RunConfigurationFile.ParseObject(json, "test").Fields);

    private sealed class ValidDefaults : ITableCheck
    {
        public void Check<TOptions>(OptionTable<TOptions> table)
            where TOptions : new()
        {
            var defaults = new TOptions();
            Assert.Empty(table.FindErrors(defaults).Select(error => $"{error}"));
            foreach (var option in table.Options.Where(option => option.Choices.Count > 0))
                if (option.Format(defaults) is { Length: > 0 } value)
                    Assert.Contains(value, option.Choices);
        }
    }

    private sealed class RoundTrip : ITableCheck
    {
        public void Check<TOptions>(OptionTable<TOptions> table)
            where TOptions : new()
        {
            foreach (var option in table.Options)
            {
                var errors = new List<OptionError>();
                string[] texts = option.Arity == OptionArity.Switch ? [] : [option.Probe!.Value];
                var parsed = option.Parse(new(), texts, errors);
                var json = new JsonObject { [option.Key.Name] = option.ToJson(parsed)?.DeepClone() };
                var stored = table.Parse(new(), ParseJson(json.ToJsonString()), errors);
                Assert.Empty(errors.Select(error => $"{error}"));
                if (option.Key != OptionKeys.Threads) // whose default may be 1
                    Assert.NotEqual(option.Format(new()), option.Format(parsed));
                Assert.Equal(option.Format(parsed), option.Format(stored));
                Assert.True(JsonNode.DeepEquals(option.ToJson(parsed), option.ToJson(stored)), $"{option.Key}");
            }
        }
    }
}
