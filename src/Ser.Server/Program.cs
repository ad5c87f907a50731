using Ser.Domain.Workers;
using Ser.Server;
using Ser.Server.Commands;
using Ser.Stages;

const string Description = "ser-server: scheduler and dashboard of ser, without libtorch. "
    + "Exit codes: 0 done, 1 the work failed, 2 invalid command or input file, 130 interrupted.";
var machine = new MachineCapabilities(HasCuda: false, Processor.MultipliesBFloat16);
var services = new CommandGroup("Services", [ServerCommands.Scheduler(), ServerCommands.Dashboard(() => machine)]);
var administration = new CommandGroup("Administration", [TokenCommand.Create()]);
var root = new SerRootCommand(Description, [services, administration], program: "ser-server")
{
    CommandLine.Data,
    CommandLine.Json,
    SchedulerOptions.Server,
    SchedulerOptions.TokenPath,
};
CommandHelp.Install(root);
return await CommandLine.RunAsync(root, args);
