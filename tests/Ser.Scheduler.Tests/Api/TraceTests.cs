using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Ser.Client;
using Ser.Domain.Jobs;
using Ser.Storage.Telemetry;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests.Api;

/// <summary>One trace from a submission to its results, through the store and the messages.</summary>
public sealed class TraceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_submission_and_every_attempt_and_acceptance_that_follows_are_one_trace()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Traces.SourceName or "MassTransit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);

        // A name of its own: the listener also hears the jobs of tests that run at the same time.
        var submitted = Submissions.Valid("traced", folds: 1);
        await using (var api = await ApiUnderTest.StartAsync(_folder, (_, _) => { }))
        {
            Assert.Equal(200, (await api.SendAsync("POST", "/api/sweeps", Submissions.Body(submitted))).Status);
            Assert.True(SpinWait.SpinUntil(() => api.Reads.Sweep("traced").State == SweepState.Done, TimeSpan.FromMinutes(1)));
            string[] jobs = [.. api.Reads.Sweep("traced").Jobs.Select(job => job.Id)];
            bool IsOf(Activity span, string job) => Equals(span.GetTagItem("ser.job"), job);
            Assert.True(SpinWait.SpinUntil(() => jobs.All(job => spans.Any(span => IsOf(span, job))), TimeSpan.FromMinutes(1)));
            bool IsParentOfAll(Activity span) => jobs.All(job => spans.Any(other => IsOf(other, job) && other.ParentId == span.Id));
            var submission = spans.Single(span => span.OperationName == "submit" && IsParentOfAll(span));
            Assert.Equal("traced", submission.GetTagItem("ser.sweep"));
            var attempts = spans.Where(span => jobs.Contains(span.GetTagItem("ser.job"))).ToList();
            foreach (var attempt in attempts)
            {
                Assert.Equal(submission.TraceId, attempt.TraceId);
                Assert.Equal("Completed", attempt.GetTagItem("ser.outcome"));
                Assert.Equal("w/1", attempt.GetTagItem("ser.worker"));
            }

            var stages = submitted.Jobs.Select(entry => entry.Job.Stage).Distinct();
            Assert.Equal(stages.Order(), attempts.Select(attempt => attempt.OperationName).Distinct().Order());
            Assert.Contains(spans, span => span.OperationName == "run" && span.ParentId == attempts[0].Id);
            Assert.Contains(spans, span => span.Source.Name == "MassTransit" && span.TraceId == submission.TraceId);
        }
    }

    [Fact]
    public async Task Traces_go_to_the_collector_that_the_environment_names_and_nowhere_without_it()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{collector.LocalEndpoint}");
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        IHost host;
        try
        {
            var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            builder.AddTelemetry("worker");
            host = builder.Build();
        }
        finally
        {
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", null);
            Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", null);
        }

        using (host)
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            Traces.StartSubmission("told to a collector")!.Dispose();
            var request = RequestAsync(collector);
            var stopping = host.StopAsync(TestContext.Current.CancellationToken);
            string text = await request.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
            Assert.Contains("told to a collector", text, StringComparison.Ordinal);
            await stopping;
        }

        var silent = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        silent.AddTelemetry("worker");
        var types = silent.Services.Select(service => service.ServiceType.FullName!);
        Assert.DoesNotContain(types, name => name.StartsWith("OpenTelemetry", StringComparison.Ordinal));
    }

    // The first request for traces, with its body.
    private static async Task<string> RequestAsync(TcpListener listener)
    {
        while (true)
        {
            using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await using var stream = client.GetStream();
            var request = new System.Text.StringBuilder();
            byte[] bytes = new byte[4096];
            while (!IsWhole(request.ToString()))
            {
                int read = await stream.ReadAsync(bytes, TestContext.Current.CancellationToken);
                request.Append(System.Text.Encoding.Latin1.GetString(bytes, 0, read));
            }

            byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();
            await stream.WriteAsync(answer, TestContext.Current.CancellationToken);
            if (request.ToString().StartsWith("POST /v1/traces", StringComparison.Ordinal))
            {
                return request.ToString();
            }
        }
    }

    private static bool IsWhole(string request) => request.Split("\r\n\r\n", 2) is [var head, var body]
        && head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase)) is { } length
        && body.Length >= int.Parse(length.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void A_job_without_a_trace_begins_one_of_its_own_and_its_id_does_not_depend_on_it()
    {
        var job = Plans.Job("Train", "A");
        var traced = JobHints.WithTrace(job, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        Assert.Equal(job.Id, traced.Id);
        Assert.Same(job, JobHints.WithTrace(job, null));
        Assert.Equal("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", JobHints.FromSpec(traced.Spec).Trace);
        Assert.Null(job.Spec[JobHints.Key]);
    }
}
