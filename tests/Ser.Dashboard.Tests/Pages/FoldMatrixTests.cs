using Ser.Dashboard.Pages.Sweep;
using Ser.Domain.Jobs;

namespace Ser.Dashboard.Tests.Pages;

public sealed class FoldMatrixTests
{
    [Fact]
    public void An_outlier_lies_beyond_Tukeys_fences()
    {
        var scores = new Dictionary<int, double> { [1] = 0.70, [2] = 0.71, [3] = 0.72, [4] = 0.73, [5] = 0.74, [6] = 0.40 };
        Assert.Equal([6], FoldMatrix.Outliers(scores));
        Assert.Empty(FoldMatrix.Outliers(scores.Where(score => score.Key != 6).ToDictionary()));
    }

    [Fact]
    public void Four_folds_are_too_few_to_tell()
    {
        Assert.Empty(FoldMatrix.Outliers(new Dictionary<int, double> { [1] = 0.7, [2] = 0.7, [3] = 0.7, [4] = 0.1 }));
    }

    [Theory]
    [InlineData(JobState.Failed, JobState.Done, JobState.Failed, JobState.Waiting)]
    [InlineData(JobState.Running, JobState.Done, JobState.Running, JobState.Waiting)]
    [InlineData(JobState.Done, JobState.Done, JobState.Done, JobState.Done)]
    [InlineData(JobState.Waiting, JobState.Done, JobState.Ready, JobState.Waiting)]
    [InlineData(JobState.Cancelled, JobState.Cancelled, JobState.Cancelled, JobState.Done)]
    public void A_fold_is_where_its_jobs_are(JobState fold, params JobState[] jobs)
    {
        JobSnapshot[] snapshots = [.. jobs.Select(state => new JobSnapshot { Id = "", Stage = "", Title = "", State = state })];
        Assert.Equal(fold, FoldMatrix.CombineStates(snapshots));
    }
}
