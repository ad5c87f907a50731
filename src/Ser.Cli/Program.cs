using Ser.Cli;
using Ser.Learning;
using Ser.Server;

WaitingThreads.Sleep();
return await CommandLine.RunAsync(SerProgram.CreateRoot(), args);
