using System.Reflection;
using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ser.Domain.Artifacts;
using Ser.Domain.Jobs;
using Ser.Scheduler.Api;

namespace Ser.Scheduler.Tests.Api;

/// <summary>Many requests share one check of the servers.</summary>
public sealed class ReadinessCheckTests
{
    [Fact]
    public async Task Two_hundred_requests_ask_once_and_a_later_one_asks_again()
    {
        var clock = new FakeTimeProvider();
        using var answers = new ManualResetEventSlim();
        int asked = 0;
        var reads = Port<IJobReads>.Create(() =>
        {
            Interlocked.Increment(ref asked);
            answers.Wait();
            return Array.Empty<string>();
        });
        var artifacts = Port<IArtifactStore>.Create(() => null);
        var bus = Port<IBusControl>.Create(() => default(BusHealthResult));
        var check = new ReadinessCheck(
            reads, artifacts, bus, new SchedulerTimings(), clock, NullLogger<ReadinessCheck>.Instance);

        var requests = Enumerable.Range(0, 200).Select(_ => check.RunAsync()).ToList();
        Assert.All(requests, request => Assert.Same(requests[0], request));
        answers.Set();
        Assert.Equal("ok", (await requests[0])["database"]);
        await check.RunAsync();
        Assert.Equal(1, asked);
        clock.Advance(TimeSpan.FromSeconds(1));
        await check.RunAsync();
        Assert.Equal(2, asked);
    }

    /// <summary>A port whose every method gives the same answer.</summary>
    public class Port<T> : DispatchProxy
        where T : class
    {
        private Func<object?> _answer = null!;

        internal static T Create(Func<object?> answer)
        {
            var proxy = Create<T, Port<T>>();
            ((Port<T>)(object)proxy)._answer = answer;
            return proxy;
        }

        /// <inheritdoc/>
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer();
    }
}
