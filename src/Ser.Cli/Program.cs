using Ser.Cli;
using Ser.Learning;
using Ser.Server;

WaitingThreads.SleepSoon();
return await CommandLine.RunAsync(SerProgram.CreateRoot(), args);
