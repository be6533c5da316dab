using AttnCrnn.Cli.Options;

AttnCrnn.Cli.Terminal.OutputPipe.Install();
AttnCrnn.Cli.Terminal.ClosedOutput.Install();
return await Application.RunAsync(args);
