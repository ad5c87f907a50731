using Ser.Domain.Jobs;
using Ser.Results.Bundles;
using Ser.TestSupport;

namespace Ser.Results.Tests.Bundles;

/// <summary>
/// A bundle that was written before names were changed is read. Bundles/earlier.zip was exported by that version from a sweep that was
/// interrupted; attempts of the three outcomes that have other names now, and an eliminated job, were added by hand.
/// </summary>
public sealed class EarlierBundleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Its_tables_are_computed_again_and_old_names_are_read_as_the_present_ones()
    {
        var imported = new ImportedSweeps(_folder.At("data"));
        string file = Path.Combine(AppContext.BaseDirectory, "Bundles", "earlier.zip");
        var bundle = imported.Import(file, null).Folder;

        var sweep = bundle.Sweep("earlier");
        var attempts = bundle.Attempts(sweep.Jobs[0].Id);
        AttemptOutcome[] expected =
        [
            AttemptOutcome.Completed, AttemptOutcome.Snoozed, AttemptOutcome.Released, AttemptOutcome.Accepted,
        ];
        Assert.Equal(expected, attempts.Select(attempt => attempt.Outcome));
        Assert.Single(sweep.Jobs, job => job.EliminatedByHalving);
        Assert.Contains(sweep.Jobs, job => job.Stage == "Evaluate" && job.Result is not null);
    }

    public void Dispose() => _folder.Dispose();
}
