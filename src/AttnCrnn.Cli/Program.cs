using AttnCrnn.Cli.Options;

AttnCrnn.Cli.Terminal.OutputPipe.Install();
return Application.Run(args);
