namespace AttnCrnn.Deployment.Scripts;

/// <summary>A program with its arguments, exactly as it is started here: no shell stands between.</summary>
public sealed record ProgramCall(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>As one would type it.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(ShellText.Word));
}
