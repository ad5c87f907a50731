using Ser.Cli;
using Ser.Server;

return await CommandLine.RunAsync(SerProgram.CreateRoot(), args);
