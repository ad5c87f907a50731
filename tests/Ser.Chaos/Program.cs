using System.CommandLine;
using System.Globalization;
using System.Runtime.Versioning;
using Ser.Chaos;

[assembly: SupportedOSPlatform("linux")]

// Exit codes: 0 good verdict, 1 bad verdict or the run itself failed, 2 wrong arguments, 77 the servers are not installed here.
var minutes = new Option<double>("--minutes")
{
    Description = "How long faults are injected.",
    DefaultValueFactory = _ => 10,
    HelpName = "N",
};
var seed = new Option<long>("--seed")
{
    Description = "Seed of the faults. When they hit the jobs depends on the machine's speed.",
    DefaultValueFactory = _ => 1,
    HelpName = "N",
};
var json = new Option<bool>("--json")
{
    Description = "The verdict as one JSON document on standard output, everything else on standard error.",
};
var keep = new Option<string?>("--keep")
{
    Description = "An empty folder for logs and data, which is kept. Default: a temporary one, kept only if the verdict is bad.",
    HelpName = "DIR",
};
minutes.Validators.Add(result =>
{
    // The parser itself refuses text that is not a number.
    if (result.Tokens is [{ Value: var text }]
        && double.TryParse(text, CultureInfo.InvariantCulture, out double number)
        && number is not (> 0 and <= 24 * 60))
    {
        result.AddError("--minutes should be more than 0 and at most 1440");
    }
});
const string Description =
    "Runs sweeps on a farm of real processes and servers under random faults; their digests must be those of runs without faults.";
var root = new RootCommand(Description) { minutes, seed, json, keep };
root.SetAction((parsed, stop) =>
{
    var time = TimeSpan.FromMinutes(parsed.GetValue(minutes));
    var settings = new ChaosSettings(time, parsed.GetValue(seed), parsed.GetValue(json), parsed.GetValue(keep));
    return ChaosRun.RunAsync(settings, stop);
});
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
