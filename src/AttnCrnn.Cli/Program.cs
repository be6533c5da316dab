using AttnCrnn.Cli.Options;

AttnCrnn.Cli.Terminal.OutputPipe.Install();
return await Application.RunAsync(args);
