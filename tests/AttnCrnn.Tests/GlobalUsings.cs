global using AttnCrnn.Tests.Builders;
global using Xunit;
