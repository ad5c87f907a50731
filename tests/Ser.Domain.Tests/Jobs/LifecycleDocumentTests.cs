using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Ser.Domain.Jobs;

namespace Ser.Domain.Tests.Jobs;

/// <summary>Checks that docs/job-lifecycle.md matches the table of transitions.</summary>
public sealed partial class LifecycleDocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Folder(), "../../../docs/job-lifecycle.md"));

    [Fact]
    public void The_diagram_has_every_transition_and_no_other()
    {
        var drawn = Edge().Matches(Document)
            .Select(edge => (edge.Groups[1].Value, edge.Groups[2].Value, edge.Groups[3].Value))
            .ToList();
        var table = from transition in JobTransitions.All
                    from source in transition.From
                    select (source.ToString(), transition.To.ToString(), transition.Name);

        Assert.Equal(drawn.Count, drawn.Distinct().Count());
        Assert.Equal(table.Order(), drawn.Order());
    }

    [Fact]
    public void The_table_matches_the_code()
    {
        const int headerLines = 2;
        var lines = Document.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal));
        var rows = lines.Skip(headerLines).Select(line => line.Trim('|', ' ')).ToList();
        var expected = JobTransitions.All.Select(Row);

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
        Assert.Equal(new LeaseLossCounts(faultsAfter, lossesAfter), JobTransitions.AfterLostLease(faults, losses));
    }

    private static string Row(JobTransition transition)
    {
        string from = string.Join(", ", transition.From);
        string fenced = transition.Fenced ? "yes" : "no";
        return $"{transition.Name} | {from} | {transition.To} | {fenced} | {transition.By} | {transition.Meaning}";
    }

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    [GeneratedRegex(@"^\s+(\w+) --> (\w+) : (\w+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Edge();
}
