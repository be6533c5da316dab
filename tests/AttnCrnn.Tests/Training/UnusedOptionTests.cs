using AttnCrnn.Encoders;
using AttnCrnn.Options;
using AttnCrnn.Runs;
using AttnCrnn.Training;

namespace AttnCrnn.Tests.Training;

/// <summary>Options that the selected schedule or averaging does not use.</summary>
public sealed class UnusedOptionTests
{
    private static readonly EncoderDescription LogMel = new("log-mel", "1", "", 100, 80, 1);

    [Theory]
    [InlineData("schedule=cosine plateau_factor=0.7", "choose schedule plateau")]
    [InlineData("schedule=cosine plateau_patience=3", "choose schedule plateau")]
    [InlineData("schedule=one_cycle plateau_patience=2", "choose schedule plateau")]
    [InlineData("schedule=one_cycle min_learning_rate=0.0001", "choose schedule plateau or cosine")]
    [InlineData("schedule=one_cycle warmup=0.2", "choose schedule cosine")]
    [InlineData("warmup=0.2", "choose schedule cosine")]
    [InlineData("ema_momentum=0.9", "choose averaging ema")]
    [InlineData("averaging=last ema_momentum=0.9", "choose averaging ema")]
    [InlineData("averaging=ema average_epochs=3", "choose averaging last")]
    [InlineData("model=v1 pooling=attentive", "choose model v2")]
    [InlineData("model=v2-stats pooling=mean", "choose model v2")]
    [InlineData("model=v1 head_norm=batch", "choose model v2 or v2-stats")]
    [InlineData("model=v1 activation=gelu", "choose model v2 or v2-stats")]
    [InlineData("recipe=original head_norm=layer batch_norm=recalibrated", "choose head_norm batch")]
    [InlineData("head_norm=layer batch_norm=moving", "choose head_norm batch")]
    public void A_given_option_without_effect_is_an_error_with_a_remedy(string assignments, string remedy)
    {
        var error = Assert.Single(FindErrors(assignments));
        Assert.Contains(assignments.Split(' ', '=')[^2], error, StringComparison.Ordinal);
        Assert.Contains("has no effect with", error, StringComparison.Ordinal);
        Assert.Contains($"omit it, or {remedy}", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schedule=cosine min_learning_rate=0.0001 warmup=0.2")]
    [InlineData("schedule=cosine model=v1")]
    [InlineData("schedule=one_cycle recipe=original")]
    [InlineData("averaging=ema ema_momentum=0.9")]
    [InlineData("averaging=last average_epochs=3")]
    [InlineData("pooling=statistics head_norm=none activation=relu")]
    [InlineData("model=v2-stats head_norm=layer activation=gelu_tanh")]
    [InlineData("recipe=original head_norm=layer")]
    [InlineData("plateau_factor=0.7 plateau_patience=3 min_learning_rate=0.0001")]
    public void An_option_with_an_effect_is_valid(string assignments) => Assert.Empty(FindErrors(assignments));

    [Fact]
    public void A_minimum_above_the_learning_rate_is_an_error_of_cosine()
    {
        Assert.Contains(
            "expected at most learning_rate (0.00001)",
            Assert.Single(FindErrors("schedule=cosine learning_rate=0.00001")),
            StringComparison.Ordinal
        );
        Assert.Empty(FindErrors("learning_rate=0.00001"));
    }

    [Fact]
    public void A_library_user_is_told_of_an_option_without_effect()
    {
        var options = new TrainingOptions
        {
            Schedule = LearningRateSchedule.Cosine,

            PlateauPatience = 3,
        };
        Assert.Equal(OptionKeys.PlateauPatience, Assert.Single(options.WithEncoderDefaults(LogMel).Errors()).Key);
    }

    [Theory]
    [InlineData("schedule=cosine")]
    [InlineData("schedule=cosine model=v1")]
    [InlineData("schedule=one_cycle recipe=original averaging=ema")]
    [InlineData("schedule=plateau averaging=last")]
    [InlineData("model=v2-stats head_norm=none recipe=original")]
    [InlineData("pooling=attentive")]
    [InlineData("recipe=original head_norm=layer")]
    [InlineData("recipe=original schedule=cosine")]
    [InlineData("model=v1 schedule=one_cycle")]
    [InlineData("model=v1 recipe=original schedule=cosine")]
    [InlineData("head_norm=none activation=relu")]
    public void The_configuration_of_a_run_is_valid_and_gives_the_same_options(string assignments)
    {
        var errors = new List<OptionError>();
        var resolved = RunConfiguration.Create(Parse(assignments), errors).Resolve(LogMel);
        var stored = RunConfigurationFile.Format(RunConfigurationFile.ToJson(resolved));
        var values = RunConfigurationFile.GetValues(RunConfigurationFile.ParseObject(stored, "x"), _ => { });
        var read = RunConfiguration.Create(values, errors).Resolve(LogMel);
        Assert.Empty(errors);
        Assert.Empty(read.Errors());
        Assert.Equal(resolved.Experiment.Training, read.Experiment.Training);
        // As a plan resolves the options of a run once more.
        var training = resolved.Experiment.Training;
        var again = training.WithEncoderDefaults(LogMel).WithNetworkDefaults(initial: null, training);
        Assert.Equal(training, again);
        Assert.Empty(again.Errors());
    }

    /// <summary>The file names the parts of its own network, and the statistics of its batch norm.</summary>
    [Theory]
    [InlineData("", "model=v2-stats")]
    [InlineData("", "model=v1")]
    [InlineData("", "head_norm=layer")]
    [InlineData("pooling=attentive head_norm=none", "model=v1")]
    public void The_command_line_selects_another_network_than_the_file(string file, string commandLine)
    {
        var errors = new List<OptionError>();
        var run = RunConfiguration.Create(Parse(file), errors).Resolve(LogMel);
        var text = RunConfigurationFile.Format(RunConfigurationFile.ToJson(run));
        var values = RunConfigurationFile.GetValues(RunConfigurationFile.ParseObject(text, "config.json"), _ => { });
        RunConfiguration.Create(Parse(commandLine).WithFallback(values), errors);
        Assert.Empty(errors);
    }

    /// <summary>Its values of the plateau are the defaults of 0.1.</summary>
    [Theory]
    [InlineData("cosine")]
    [InlineData("one_cycle")]
    public void Another_schedule_can_be_selected_with_a_configuration_of_0_1(string schedule)
    {
        var golden = Fixtures.Path("golden", "runs", "log-mel", "finished");
        var path = new RunDirectory(golden, Assert.Single(RunDirectory.List(golden))).Configuration;
        var values = RunConfigurationFile.GetValues(RunConfigurationFile.ReadObject(path), _ => { });
        values.Set(OptionKeys.Schedule, [schedule]);
        var errors = new List<OptionError>();
        var resolved = RunConfiguration.Create(values, errors).Resolve(LogMel);
        Assert.Empty(errors);
        Assert.Empty(resolved.Errors());
        Assert.Null(resolved.Experiment.Training.PlateauPatience);
    }

    private static List<string> FindErrors(string assignments)
    {
        var errors = new List<OptionError>();
        RunConfiguration.Create(Parse(assignments), errors);
        return [.. errors.Select(error => $"{error}")];
    }

    private static OptionValues Parse(string assignments)
    {
        var values = new OptionValues();
        foreach (var assignment in assignments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = assignment.Split('=');
            values.Set(new(parts[0]), [parts[1]]);
        }
        return values;
    }
}
