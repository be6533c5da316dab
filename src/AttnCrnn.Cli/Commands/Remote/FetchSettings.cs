using AttnCrnn.Cli.Options;

namespace AttnCrnn.Cli.Commands.Remote;

/// <summary>The settings of fetch.</summary>
internal sealed record FetchSettings : RemoteSettings;
