using System.CommandLine;
using System.Globalization;
using System.Runtime.Versioning;
using Ser.Chaos;

[assembly: SupportedOSPlatform("linux")]

// Exit codes: 0 nothing was lost, 1 something was (or the run itself failed), 2 wrong arguments, 77 the servers are not installed here.
var minutes = new Option<double>("--minutes") { Description = "How long faults go on.", DefaultValueFactory = _ => 10, HelpName = "N" };
var seed = new Option<long>("--seed") { Description = "Decides the faults; when they strike the jobs is the machine's affair.", DefaultValueFactory = _ => 1, HelpName = "N" };
var json = new Option<bool>("--json") { Description = "The verdict as one JSON document on standard output, everything else on standard error." };
var keep = new Option<string?>("--keep") { Description = "An empty folder for logs and data, which stays. Default: a temporary one, which stays if the verdict is bad.", HelpName = "DIR" };
minutes.Validators.Add(result =>
{
    // What is no number is refused by the parser itself.
    if (result.Tokens is [{ Value: var text }] && double.TryParse(text, CultureInfo.InvariantCulture, out double number) && number is not (> 0 and <= 24 * 60))
    {
        result.AddError("--minutes should be more than 0 and at most 1440");
    }
});
var root = new RootCommand("A sweep on a farm of real processes and servers under random faults; its digest must be that of a calm run.") { minutes, seed, json, keep };
root.SetAction((parsed, stop) =>
    ChaosRun.RunAsync(new ChaosSettings(TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(seed), parsed.GetValue(json), parsed.GetValue(keep)), stop));
var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        await Console.Error.WriteLineAsync($"ser chaos: {error.Message}");
    }

    return 2;
}

return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
