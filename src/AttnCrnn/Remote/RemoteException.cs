namespace AttnCrnn.Remote;

/// <summary>The other machine could not be reached or did not do what was asked; the message says why and what to do.</summary>
public sealed class RemoteException(string message) : Exception(message);
