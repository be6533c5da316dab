return AttnCrnn.Cli.CommandLine.Entry.Run(args);
