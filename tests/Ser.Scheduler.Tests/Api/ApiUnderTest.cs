using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ser.Authentication;
using Ser.Domain.Jobs;
using Ser.Runners;
using Ser.Scheduler.Api;
using Ser.Scheduler.Recurring;
using Ser.Stages;
using Ser.Storage;
using Ser.Storage.Data;
using Ser.Storage.Recurring;
using Ser.TestSupport;
using Ser.Worker;

namespace Ser.Scheduler.Tests.Api;

/// <summary>A real Kestrel on a free port with a real data folder, and with a worker if the test gives one something to run.</summary>
internal sealed class ApiUnderTest : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DataFolder _data;

    private ApiUnderTest(WebApplication app, DataFolder data, TokenFile tokens, LogLines log)
    {
        (_app, _data, Tokens, Log) = (app, data, tokens, log);
    }

    public TokenFile Tokens { get; }

    public LogLines Log { get; }

    public IJobReads Reads => _data.Reads;

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public InputStore Inputs => _app.Services.GetRequiredService<InputStore>();

    public static async Task<ApiUnderTest> StartAsync(
        TemporaryFolder folder,
        Action<StageContext, CancellationToken>? run = null,
        string listen = "http://127.0.0.1:0",
        string? token = null)
    {
        var tokens = new TokenFile(folder.At("data", "tokens.json"), TimeProvider.System);
        if (token is not null)
        {
            tokens.Create(token, Role.Operator);
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.UseSerApi(new ApiSettings([new Uri(listen)], ["localhost"], folder.At("data", "inputs")), tokens);
        var data = DataFolder.OpenAsRunner(folder.At("data"), "test");
        builder.Services.AddSer(data, bus =>
        {
            bus.AddSchedulerConsumers();
            if (run is not null)
            {
                bus.AddWorkerConsumers();
            }
        }).AddScheduler().AddRecurringJobs(RetentionSettings.Default).AddRecurringJobsInMemory();
        if (run is not null)
        {
            var worker = new WorkerSettings("w", 1, data.Work, new SharedCache(data.Cache), Facts: new Dictionary<string, string>());
            var runners = Pipeline.Stages.ToDictionary(stage => stage.Name, stage => (IStageRunner)new ToyStage(stage.Name, run));
            builder.Services.AddWorker(worker).AddSingleton<IReadOnlyDictionary<string, IStageRunner>>(runners);
        }

        var log = new LogLines();
        builder.Logging.AddProvider(log);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        app.MapSerApi();
        await app.StartAsync();
        return new ApiUnderTest(app, data, tokens, log);
    }

    public HttpClient Client(string? token = null)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async Task<Answer> SendAsync(
        string method,
        string path,
        HttpContent? body = null,
        string? token = null,
        params (string Name, string Value)[] headers)
    {
        using var client = Client(token);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer((int)answer.StatusCode, text, answer.Content.Headers.ContentType?.MediaType);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _data.Dispose();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>An answer of the API.</summary>
internal sealed record Answer(int Status, string Text, string? MediaType)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    public string Detail => MediaType == "application/problem+json"
        ? Json.GetProperty("detail").GetString()!
        : throw new InvalidOperationException($"{MediaType}: {Text}");
}
