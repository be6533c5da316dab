using AttnCrnn.Evaluation;

namespace AttnCrnn.Runs;

/// <summary>Writes the results of a run's evaluation, for example as a report.</summary>
public interface IRunReportWriter
{
    /// <summary>Writes into the run's <see cref="RunDirectory.Analysis"/>.</summary>
    void Write(TrainingRun run, EvaluationResult result);
}
