global using AttnCrnn.Tests;
global using AttnCrnn.Tests.Builders;
global using Xunit;
