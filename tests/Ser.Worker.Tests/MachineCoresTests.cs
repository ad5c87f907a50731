using Microsoft.Extensions.Time.Testing;
using Ser.TestSupport;

namespace Ser.Worker.Tests;

/// <summary>Workers of one machine share its cores.</summary>
public sealed class MachineCoresTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddYears(60));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Jobs_start_while_the_sum_of_their_threads_is_at_most_the_cores()
    {
        var (one, other) = (Cores(3), Cores(3));
        using var first = one.TryTake(2);
        Assert.NotNull(first);
        Assert.False(other.HasFree(2));
        Assert.Null(other.TryTake(2));
        using var second = other.TryTake(1);
        Assert.NotNull(second);
        Assert.False(one.HasFree(1));
        first.Dispose();
        Assert.True(one.HasFree(2));
        Assert.False(one.HasFree(3));
    }

    [Fact]
    public void A_job_with_more_threads_than_cores_takes_all_of_them()
    {
        using var share = Cores(2).TryTake(64);
        Assert.NotNull(share);
        Assert.False(Cores(2).HasFree(1));
    }

    [Fact]
    public void What_a_killed_process_has_left_is_free()
    {
        Cores(2).TryTake(1)!.Dispose();
        File.WriteAllText(Path.Combine(_folder.Path, "cores-2-left"), "");
        Assert.True(Cores(2).HasFree(2));
        Assert.False(File.Exists(Path.Combine(_folder.Path, "cores-2-left")));
    }

    [Fact]
    public void The_share_of_a_running_process_stays_and_that_of_a_suspended_one_ends()
    {
        using var share = Cores(2).TryTake(2);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(Cores(2).HasFree(1));

        // A suspended process still holds its lock but does not touch its file.
        var suspended = new FakeTimeProvider(_clock.GetUtcNow().AddMinutes(1));
        Assert.True(new MachineCores(_folder.Path, 2, suspended).HasFree(1));
    }

    [Fact]
    public void Without_a_usable_folder_jobs_run_and_share_nothing()
    {
        string file = Path.Combine(_folder.Path, "a-file");
        File.WriteAllText(file, "");
        var cores = new MachineCores(Path.Combine(file, "cores"), 1, _clock);
        using var first = cores.TryTake(1);
        using var second = cores.TryTake(1);
        Assert.NotNull(first);
        Assert.NotNull(second);
    }

    private MachineCores Cores(int count) => new(_folder.Path, count, _clock);
}
