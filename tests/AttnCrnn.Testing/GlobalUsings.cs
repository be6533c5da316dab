global using AttnCrnn.Testing.Models;
global using Xunit;
