namespace AttnCrnn.Deployment;

/// <summary>
/// The other machine could not be reached, or a command failed on it; the message contains cause and remedy.
/// </summary>
public class RemoteException(string message) : Exception(message);

/// <summary>The connection failed or was lost for a transient reason: retrying can help.</summary>
public sealed class ConnectionLostException(string message) : RemoteException(message);

/// <summary>
/// The request is invalid, or would overwrite or interrupt something in the current state of the machine.
/// </summary>
public class InvalidRemoteRequestException(string message) : RemoteException(message);

/// <summary>Another run is already running in the session.</summary>
public sealed class SessionRunningException(string message) : InvalidRemoteRequestException(message);
