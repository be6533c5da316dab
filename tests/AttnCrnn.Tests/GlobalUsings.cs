global using AttnCrnn.Tests;
global using Xunit;
