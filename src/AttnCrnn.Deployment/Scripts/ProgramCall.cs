namespace AttnCrnn.Deployment.Scripts;

/// <summary>A program and its arguments, started without a shell.</summary>
public sealed record ProgramCall(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The equivalent shell command.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(ShellText.QuoteIfNeeded));
}
