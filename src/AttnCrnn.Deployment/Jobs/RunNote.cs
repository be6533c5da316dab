namespace AttnCrnn.Deployment.Jobs;

/// <summary>A job runner's message for the user.</summary>
/// <param name="Label">What it is about: the job runner, or a job of the scheduler.</param>
/// <param name="Text">For example the job's state and the reason why it waits.</param>
public sealed record RunNote(string Label, string Text)
{
    /// <summary>Parses <c>LABEL: TEXT</c>, as <c>job_state</c> prints it.</summary>
    /// <exception cref="RemoteException">There is no label.</exception>
    internal static RunNote Parse(string note) =>
        note.Split(": ", 2) is [{ Length: > 0 } label, var text]
            ? new(label, text)
            : throw new RemoteException($"job_state: found note={note}, expected note=LABEL: TEXT");

    /// <inheritdoc/>
    public override string ToString() => $"{Label}: {Text}";
}
