namespace AttnCrnn.Deployment;

/// <summary>
/// The other machine could not be reached or a command failed there; the message contains the cause and the remedy.
/// </summary>
public class RemoteException(string message) : Exception(message);

/// <summary>The connection failed or was lost for a transient reason: retrying can help.</summary>
public sealed class ConnectionLostException(string message) : RemoteException(message);

/// <summary>The request is invalid, or would do harm in the present state of the machine or the session.</summary>
public class InvalidRemoteRequestException(string message) : RemoteException(message);

/// <summary>Another run is already running in the session.</summary>
public sealed class SessionRunningException(string message) : InvalidRemoteRequestException(message);
