using Ser.Cli;

return await CommandLine.RunAsync(CommandLine.Root(), args);
