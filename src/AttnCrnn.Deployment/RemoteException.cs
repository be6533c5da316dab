namespace AttnCrnn.Deployment;

/// <summary>The other machine could not be reached or did not do what was asked; the message says why and what to do.</summary>
public class RemoteException(string message) : Exception(message);

/// <summary>The connection failed or was lost, for a reason that may pass: trying again can help.</summary>
public sealed class ConnectionLostException(string message) : RemoteException(message);

/// <summary>What was asked is refused, there or here, because it would do harm.</summary>
public sealed class RemoteRefusedException(string message) : RemoteException(message);
