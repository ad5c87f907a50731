using Ser.Bench;
using Ser.Server;

const string Description = "ser bench: benchmarks of ser on this machine.";
var root = new SerRootCommand(Description, [new CommandGroup("Machine", [BenchCommand.Create()])]) { CommandLine.Data, CommandLine.Json };
CommandHelp.Install(root);
return await CommandLine.RunAsync(root, args);
