using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public async Task The_command_lines_documentation_is_what_the_commands_say()
    {
        var printed = await SerProcess.RunAsync(Repository.Root, "reference");
        Assert.True(printed.ExitCode == 0, printed.Errors);
        string[] expected = printed.Output.TrimEnd().Split('\n');
        string[] written = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "cli.md"))).TrimEnd().Split('\n');
        string? differing = expected.Except(written).Concat(written.Except(expected)).FirstOrDefault();
        const string Remedy = "docs/cli.md is not up to date: write it again with ./ser reference > docs/cli.md";
        Assert.True(expected.SequenceEqual(written), $"{Remedy}. It differs in: {differing}");
    }
}
