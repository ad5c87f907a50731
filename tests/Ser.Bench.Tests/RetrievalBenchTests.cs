using Ser.Bench.Learning;

namespace Ser.Bench.Tests;

public sealed class RetrievalBenchTests
{
    [Fact]
    public void The_benchmark_answers_and_times_every_part()
    {
        var times = RetrievalBench.Run();
        Assert.InRange(times.ChosenK, 1, 32);
        Assert.InRange(times.ChosenAlpha, 0, 1);
        Assert.Equal(5531, times.RedrawnUtterances);
        double[] allSeconds =
        [
            times.Seconds,
            times.ProcessorSeconds,
            times.NeighbourSeconds,
            times.ValidationNeighbourSeconds,
            times.SweepSeconds,
            times.SoftmaxSeconds,
            times.RedrawSeconds,
            times.RedrawMostSeconds,
        ];
        Assert.All(allSeconds, seconds => Assert.True(seconds > 0));
        TestContext.Current.SendDiagnosticMessage($"retrieval: {times}");
    }
}
