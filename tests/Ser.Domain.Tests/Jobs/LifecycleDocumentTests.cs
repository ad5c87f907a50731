using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Ser.Domain.Jobs;

namespace Ser.Domain.Tests.Jobs;

/// <summary>Holds docs/job-lifecycle.md to the table of transitions.</summary>
public sealed partial class LifecycleDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Folder(), "../../../docs/job-lifecycle.md"));

    [Fact]
    public void The_diagram_has_every_transition_and_no_other()
    {
        var drawn = Edge().Matches(Document).Select(edge => (edge.Groups[1].Value, edge.Groups[2].Value, edge.Groups[3].Value)).ToList();
        var table = JobTransitions.All.SelectMany(transition => transition.From.Select(from => (from.ToString(), transition.To.ToString(), transition.Name)));

        Assert.Equal(drawn.Count, drawn.Distinct().Count());
        Assert.Equal(table.Order(), drawn.Order());
    }

    [Fact]
    public void The_table_says_what_the_code_says()
    {
        var rows = Document.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).Select(line => line.Trim('|', ' ')).ToList();
        var expected = JobTransitions.All.Select(transition => string.Join(" | ",
            transition.Name, string.Join(", ", transition.From), transition.To, transition.Fenced ? "yes" : "no", transition.By, transition.Meaning));

        Assert.Equal(expected, rows);
    }

    [Fact]
    public void Every_state_is_reached_and_only_a_damaged_result_leaves_done()
    {
        Assert.Equal(Enum.GetValues<JobState>(), JobTransitions.All.Select(transition => transition.To).Distinct().Order());
        Assert.Equal([JobTransitions.Discard], JobTransitions.All.Where(transition => transition.From.Contains(JobState.Done)));
    }

    [Fact]
    public void What_a_worker_does_is_fenced()
    {
        Assert.All(JobTransitions.All, transition => Assert.True(transition.Fenced || transition.By == "scheduler", transition.Name));
    }

    [Theory]
    [InlineData(0, 0, 0, 1)]
    [InlineData(0, 1, 0, 2)]
    [InlineData(0, 2, 1, 0)]
    [InlineData(2, 2, 3, 0)]
    public void Three_losses_in_a_row_are_one_fault(int faults, int losses, int faultsAfter, int lossesAfter)
    {
        Assert.Equal(new LeaseLossCounts(faultsAfter, lossesAfter), JobTransitions.AfterLoss(faults, losses));
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"^\s+(\w+) --> (\w+) : (\w+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Edge();
}
