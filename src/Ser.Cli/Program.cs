using Ser.Cli;

return await CommandLine.RunAsync(args);
