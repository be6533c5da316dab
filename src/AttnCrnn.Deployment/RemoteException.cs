namespace AttnCrnn.Deployment;

/// <summary>
/// The other machine could not be reached, or a command failed on it; the message contains cause and remedy.
/// </summary>
/// <param name="text">The error and its remedy.</param>
public class RemoteException(OptionText text) : Exception(text.ToString())
{
    /// <summary>The message, with the options that it names.</summary>
    public OptionText Text { get; } = text;
}

/// <summary>The connection failed or was lost for a transient reason: retrying can help.</summary>
/// <param name="text">The error and its remedy.</param>
public sealed class ConnectionLostException(OptionText text) : RemoteException(text);

/// <summary>
/// The request is invalid, or would overwrite or interrupt something in the current state of the machine.
/// </summary>
/// <param name="text">The error and its remedy.</param>
public class InvalidRemoteRequestException(OptionText text) : RemoteException(text);

/// <summary>Another run is already running in the session.</summary>
/// <param name="text">The error and its remedy.</param>
public sealed class SessionRunningException(OptionText text) : InvalidRemoteRequestException(text);
