AttnCrnn.Cli.Terminal.OutputPipe.TakeOver();
return AttnCrnn.Cli.CommandLine.Entry.Run(args);
