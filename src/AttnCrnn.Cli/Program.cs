using AttnCrnn.Cli.Options;

AttnCrnn.Cli.Terminal.OutputPipe.TakeOver();
return Application.Run(args);
