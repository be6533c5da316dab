using System.Text.RegularExpressions;

namespace AttnCrnn.Tests;

/// <summary>
/// The program waits for the network, other processes and the user without blocking a thread, so that Ctrl-C ends it at
/// once. Threads wait only for computation, and only at these places.
/// </summary>
public sealed partial class BlockingWaitTests
{
    // File, number of waits, reason.
    private static readonly (string File, int Count, string Reason)[] Expected =
    [
        ("src/AttnCrnn.Inference/Audio/FfmpegProcess.cs", 1, "decoding is synchronous; the process has ended"),
        ("src/AttnCrnn.Inference/Encoders/EncoderOpener.cs", 1, "EncoderCatalog.Open, for synchronous callers"),
        ("src/AttnCrnn.Inference/Encoders/Transformers/SpeechEncoder.cs", 1, "computes a hash meanwhile"),
        ("src/AttnCrnn.Inference/Models/Keras/KerasArchive.cs", 1, "decompresses the weights meanwhile"),
        ("src/AttnCrnn.Inference/Numerics/Threading/WorkerPool.cs", 1, "a thread without work"),
        ("src/AttnCrnn.Inference/Prediction/ModelEncoder.cs", 1, "as EncoderCatalog.Open"),
        ("src/AttnCrnn.Inference/Prediction/NetworkPool.cs", 1, "for the prediction of another call"),
    ];

    // Values with a property of that name that are no tasks: EvaluationReport, ReportContent, DeploymentOutcome.
    private static readonly string[] NoTasks = ["report", "Report", "content", "outcome"];

    // Methods that may wait for the network, and have an asynchronous counterpart.
    private static readonly string[] WaitingMethods = ["EncoderCatalog.Open(", "RecordingSetPredictor.Create("];

    [Fact]
    public void Threads_wait_for_tasks_only_at_the_named_places()
    {
        var found =
            from path in Repository.SourceFiles("src")
            let count = FindWaits(File.ReadAllText(path)).Count()
            where count > 0
            select $"{count} in {Repository.RelativePath(path)}";
        Assert.Equal(Expected.Select(place => $"{place.Count} in {place.File}"), found);
        Assert.DoesNotContain(Expected, place => place.File.StartsWith("src/AttnCrnn.Cli", StringComparison.Ordinal));
        Assert.DoesNotContain(Expected, place => place.File.StartsWith("src/AttnCrnn.Dep", StringComparison.Ordinal));
        Assert.DoesNotContain(Expected, place => place.Reason.Length == 0);
    }

    [Fact]
    public void Commands_call_the_asynchronous_counterpart_of_a_method_that_may_wait_for_the_network()
    {
        var calls =
            from path in Repository.SourceFiles("src", "AttnCrnn.Cli")
            let code = File.ReadAllText(path)
            from method in WaitingMethods
            where Whitespace().Replace(code, "").Contains(method, StringComparison.Ordinal)
            select $"{Repository.RelativePath(path)}: {method}";
        Assert.Empty(calls);
    }

    [Theory]
    [InlineData("var x = Load().GetAwaiter().GetResult();", 1)]
    [InlineData("Load()\n    .GetAwaiter()\n    .GetResult();", 1)]
    [InlineData("Load().Wait(token); Task.WaitAll(a, b);", 2)]
    [InlineData("return Load().Result;", 1)]
    [InlineData("return loading.Result.Length;", 1)]
    [InlineData("return report.Result.Metrics; await Load().WaitAsync(token); new Result(); x.Results;", 0)]
    public void Waits_are_recognized(string code, int count) => Assert.Equal(count, FindWaits(code).Count());

    private static IEnumerable<string> FindWaits(string code) =>
        Wait()
            .Matches(code)
            .Where(match => !NoTasks.Contains(match.Groups["value"].Value))
            .Select(match => match.Value);

    // In any layout: a chain of calls may be in several lines.
    [GeneratedRegex(
        @"\.\s*GetAwaiter\(\)\s*\.\s*GetResult\(|\.\s*Wait(All|Any)?\(|(?<value>\w+|\))\s*\.\s*Result\b(?!\s*[({])"
    )]
    private static partial Regex Wait();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
