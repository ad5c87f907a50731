using Ser.Cli;

return await CommandLine.RunAsync(CommandLine.CreateRoot(), args);
