global using AttnCrnn.IntegrationTests.Cli.Runs;
global using AttnCrnn.IntegrationTests.Deployment.Machines;
global using AttnCrnn.Testing;
global using AttnCrnn.Testing.Features;
global using AttnCrnn.Testing.Formats;
global using AttnCrnn.Testing.Hub;
global using AttnCrnn.Testing.Models;
global using Xunit;
