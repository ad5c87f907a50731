using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>What `ser --help`, `ser COMMAND --help` and a misspelt command line print.</summary>
public sealed class HelpTests
{
    private const int LongestLine = 70;
    private static readonly string[] Groups = ["Run", "Inspect", "Compare and report", "Farm", "Machine"];

    private static string Folder => Path.GetTempPath();

    [Fact]
    public async Task Help_lists_the_commands_in_groups_with_one_short_line_each()
    {
        string[] lines = await LinesAsync("--help");
        Assert.Equal(Groups, lines.Where(line => Groups.Contains(line)));
        string[] commands = CommandLines(lines);
        Assert.Equal(26, commands.Length);
        Assert.All(commands, line => Assert.InRange(line.Length, 1, LongestLine));
        Assert.All(commands, line => Assert.Matches("^  [a-z]+ +[A-Z].*\\.$", line));
    }

    [Fact]
    public async Task The_help_of_every_command_begins_with_an_example()
    {
        foreach (string line in CommandLines(await LinesAsync("--help")))
        {
            string name = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
            string[] help = await LinesAsync(name, "--help");
            Assert.Matches($@"^Example: (\./)?ser {name}", help[0]); // benchmarks run from a checkout: ./ser bench
            Assert.Contains(help, text => text.StartsWith($"Usage: ser {name}", StringComparison.Ordinal));
        }

        string[] drain = await LinesAsync("worker", "drain", "--help");
        Assert.StartsWith("Example: ser worker drain gpu1", drain[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("did you mean results?", "resluts", "iemocap")]
    [InlineData("unknown command 'ser resluts'; did you mean results?", "resluts", "demo")]
    [InlineData("unknown command 'ser worker drian'; did you mean drain?", "worker", "drian", "reinstate")]
    [InlineData("unknown command 'ser frobnicate'; ser --help lists what there is", "--data", "x", "frobnicate", "worker", "drain")]
    [InlineData("did you mean run?", "rum")]
    [InlineData("did you mean drain?", "worker", "drian", "gpu1")]
    [InlineData("did you mean --format?", "results", "iemocap", "--frmat", "csv")]
    [InlineData("did you mean --format?", "results", "--frmat", "csv")]
    [InlineData("did you mean --server?", "status", "--sever=http://127.0.0.1:5090")]
    [InlineData("did you mean --slots?", "run", "--slts", "2", "experiment.yaml")]
    [InlineData("unknown option --frobnicate for ser status; ser status --help lists what there is", "status", "--frobnicate")]
    [InlineData("unknown command 'ser frobnicate'; ser --help lists what there is", "frobnicate")]
    public async Task A_misspelt_command_or_option_is_answered_with_what_was_probably_meant(string expected, params string[] command)
    {
        var ended = await SerProcess.RunAsync(Folder, command);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        Assert.Single(ended.Errors.TrimEnd().Split('\n'));
        Assert.Empty(ended.Output);
    }

    [Theory]
    [InlineData("worker", "release", "gpu1")]
    [InlineData("worker", "reinstate", "gpu1")]
    [InlineData("worker", "drain", "gpu1", "--hand-back")]
    [InlineData("worker", "drain", "gpu1", "--release")]
    public async Task The_earlier_names_of_commands_and_options_still_work(params string[] command)
    {
        var ended = await SerProcess.RunAsync(Folder, command);
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("give the scheduler: --server URL", ended.Errors, StringComparison.Ordinal);
    }

    private static string[] CommandLines(string[] lines)
    {
        int first = Array.IndexOf(lines, Groups[0]);
        int last = Array.FindIndex(lines, line => line.StartsWith("Options", StringComparison.Ordinal));
        return [.. lines[first..last].Where(line => line.StartsWith("  ", StringComparison.Ordinal))];
    }

    private static async Task<string[]> LinesAsync(params string[] command)
    {
        var ended = await SerProcess.RunAsync(Folder, command);
        Assert.True(ended.ExitCode == 0, ended.Errors);
        return [.. ended.Output.Split('\n').Select(line => line.TrimEnd())];
    }
}
