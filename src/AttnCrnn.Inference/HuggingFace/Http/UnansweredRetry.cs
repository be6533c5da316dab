namespace AttnCrnn.HuggingFace.Http;

/// <summary>Which requests without an answer are sent again.</summary>
internal enum UnansweredRetry
{
    /// <summary>None: the cache can be used instead.</summary>
    None,

    /// <summary>Those to a server that was reached but is slow. Without a connection, the machine is offline.</summary>
    SlowServer,

    /// <summary>All: the server was reached before, so that a lost connection may come back.</summary>
    All,
}
