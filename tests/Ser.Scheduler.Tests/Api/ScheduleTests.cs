using System.Net.Http.Headers;
using System.Text;
using Hangfire;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using Ser.Authentication;
using Ser.Client;
using Ser.Scheduler.Recurring;
using Ser.TestSupport;

namespace Ser.Scheduler.Tests.Api;

/// <summary>Sweeps on a schedule, over HTTP and by Hangfire.</summary>
public sealed class ScheduleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sweep_on_a_schedule_is_submitted_when_it_is_due_until_it_is_removed()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        var asked = Submissions.Valid() with { Cron = new SubmittedCron("0 22 * * 1-5", "Europe/Berlin") };
        Assert.Equal(200, (await api.SendAsync("POST", "/api/sweeps", Submissions.Body(asked))).Status);
        Assert.Empty(api.Reads.Sweeps());
        var listed = (await api.SendAsync("GET", "/api/schedules")).Json[0];
        string? Text(string name) => listed.GetProperty(name).GetString();
        Assert.Equal(("sweep", "0 22 * * 1-5", "Europe/Berlin"), (Text("name"), Text("cron"), Text("zone")));

        var clock = ActivatorUtilities.CreateInstance<RecurringJobRegistration>(api.Services);
        clock.RunOnce();
        using var connection = api.Services.GetRequiredService<JobStorage>().GetConnection();
        Assert.Equal(["sweep: sweep", "upkeep"], connection.GetRecurringJobs().Select(job => job.Id).Order());
        var due = connection.GetRecurringJobs().Single(job => job.Id == "sweep: sweep");
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        Assert.Equal(22, TimeZoneInfo.ConvertTimeFromUtc(due.NextExecution!.Value, berlin).Hour);

        api.Services.GetRequiredService<IRecurringJobManager>().Trigger(due.Id);
        Assert.True(SpinWait.SpinUntil(() => api.Reads.Sweeps().Count == 1, TimeSpan.FromMinutes(1)));
        Assert.Equal(asked.Jobs.Select(entry => entry.Job.Id).Order(), api.Reads.Sweep("sweep").Jobs.Select(job => job.Id).Order());

        Assert.Equal(404, (await api.SendAsync("DELETE", "/api/schedules/swep")).Status);
        Assert.Equal(200, (await api.SendAsync("DELETE", "/api/schedules/sweep")).Status);
        clock.RunOnce();
        Assert.Equal(["upkeep"], connection.GetRecurringJobs().Select(job => job.Id));
        Assert.Single(api.Reads.Sweeps());
    }

    [Theory]
    [InlineData("every night", "UTC", "such as '0 22 * * 1-5'")]
    [InlineData("61 * * * *", "UTC", "'61 * * * *' is not a cron expression")]
    [InlineData("0 22 * * *", "Europe/Nowhere", "Europe/Nowhere")]
    public async Task Words_that_mean_nothing_are_refused_and_change_nothing(string cron, string zone, string says)
    {
        await using var api = await ApiUnderTest.StartAsync(_folder);
        var sweep = Submissions.Valid() with { Cron = new SubmittedCron(cron, zone) };
        var refused = await api.SendAsync("POST", "/api/sweeps", Submissions.Body(sweep));
        Assert.Equal(422, refused.Status);
        Assert.Contains(says, refused.Detail, StringComparison.Ordinal);
        Assert.Empty(api.Reads.Schedules());
    }

    [Fact]
    public async Task The_clocks_own_pages_are_for_operators_who_give_their_token_as_password()
    {
        await using var api = await ApiUnderTest.StartAsync(_folder, token: "anna");
        string viewer = api.Tokens.Create("board", Role.Viewer), acting = api.Tokens.Create("bob", Role.Operator);
        (string, string) As(string password)
        {
            string credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes("anyone:" + password));
            return ("Authorization", "Basic " + credentials);
        }

        Assert.Equal(401, (await api.SendAsync("GET", "/hangfire")).Status);
        Assert.Equal(401, (await api.SendAsync("GET", "/hangfire", null, null, As("guess"))).Status);
        Assert.Equal(403, (await api.SendAsync("GET", "/hangfire", null, null, As(viewer))).Status);
        var page = await api.SendAsync("GET", "/hangfire/recurring", null, null, As(acting));
        Assert.Equal((200, "text/html"), (page.Status, page.MediaType));
        // A browser sends Basic credentials by itself, so the API, where they could act unasked, refuses them.
        Assert.Equal(401, (await api.SendAsync("GET", "/api/sweeps", null, null, As(acting))).Status);
        (string, string) elsewhere = ("Origin", "http://elsewhere.example");
        Assert.Equal(403, (await api.SendAsync("POST", "/hangfire/recurring/trigger", null, null, As(acting), elsewhere)).Status);
        using var client = api.Client();
        var asked = await client.GetAsync("/hangfire", TestContext.Current.CancellationToken);
        Assert.Equal("Basic", Assert.IsType<AuthenticationHeaderValue>(asked.Headers.WwwAuthenticate.Single()).Scheme);
    }
}
