using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Ser.Dashboard;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Scheduler;
using Ser.Scheduler.Api;
using Ser.Scheduler.Recurring;
using Ser.Scheduler.Webhooks;
using Ser.Storage.Jobs;
using Ser.Storage.Workers;

namespace Ser.Server.Hosts;

/// <summary>
/// Reads the settings of a host: appsettings.json, then the environment (SER_Scheduler__Listen), then the command line; later
/// sources override earlier ones. The sections are Scheduler (Listen, Hosts, Tokens, Certificate, Key, WorkerRole, Timings),
/// Dashboard (Listen, Hosts, Certificate, Key, OpenIdConnect, Timings), Worker (Name, Slots, Labels, IdleAfter, MaxTime, Timings),
/// Retention (Leftovers) and Webhooks. All problems are reported together.
/// </summary>
internal static class HostConfiguration
{
    internal const string FileName = "appsettings.json";
    private const string DefaultSchedulerAddress = "http://127.0.0.1:5090";
    private const string DefaultDashboardAddress = "http://localhost:5080";

    private const string OpenIdSection = "Dashboard:OpenIdConnect";

    /// <summary>In place of an address: no dashboard.</summary>
    internal const string NoDashboard = "none";

    private static readonly TimeSpan ShortestRetention = TimeSpan.FromHours(1);

    private static readonly Dictionary<string, string[]> KnownKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Scheduler"] = ["Listen", "Hosts", "Tokens", "Certificate", "Key", "WorkerRole", "Timings"],
        ["Dashboard"] = ["Listen", "Hosts", "Certificate", "Key", "OpenIdConnect", "Timings"],
        [OpenIdSection] = ["Authority", "ClientId", "ClientSecret", "NameClaim", "RoleClaim", "Operators", "Viewers"],
        ["Worker"] = ["Name", "Slots", "Labels", "IdleAfter", "MaxTime", "Timings"],
        ["Retention"] = ["Leftovers"],
    };

    /// <param name="file">A file that must exist; null: appsettings.json of the working folder, if there is one.</param>
    /// <param name="commandLine">Settings from the command line; null values are left out.</param>
    internal static IConfiguration Read(string? file, IReadOnlyDictionary<string, string?> commandLine)
    {
        string path = Path.GetFullPath(file ?? FileName);
        if (file is not null && !File.Exists(path))
        {
            throw new InputException($"there is no configuration file {path}");
        }

        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(path, optional: true)
                .AddEnvironmentVariables("SER_")
                .AddInMemoryCollection(commandLine.Where(setting => setting.Value is not null))
                .Build();
        }
        catch (InvalidDataException wrong)
        {
            throw new InputException($"{path} is not JSON: {(wrong.InnerException ?? wrong).Message}", wrong);
        }
    }

    internal static string TokensFile(IConfiguration configuration, string dataFolder) =>
        configuration["Scheduler:Tokens"] is { Length: > 0 } path ? Path.GetFullPath(path) : Path.Combine(dataFolder, "tokens.json");

    internal static ApiSettings Scheduler(IConfiguration configuration, string dataFolder, List<string> problems)
    {
        var endpoint = Endpoint(configuration, "Scheduler", DefaultSchedulerAddress, problems);
        string inputs = Path.Combine(dataFolder, "inputs");
        return new ApiSettings(endpoint.Listen, endpoint.Hosts, inputs, endpoint.Certificate, endpoint.Key);
    }

    /// <summary>The dashboard's settings, or null where Dashboard:Listen is none.</summary>
    internal static DashboardSettings? Dashboard(IConfiguration configuration, string dataFolder, List<string> problems)
    {
        if (configuration["Dashboard:Listen"] == NoDashboard)
        {
            return null;
        }

        var endpoint = Endpoint(configuration, "Dashboard", DefaultDashboardAddress, problems);
        string keys = Path.Combine(dataFolder, "keys");
        return new DashboardSettings(endpoint.Listen, endpoint.Hosts, keys, endpoint.Certificate, endpoint.Key)
        {
            OpenIdConnect = OpenIdConnect(configuration, problems),
            Timings = ReadDashboardTimings(configuration, problems),
        };
    }

    // Null where no OpenID provider is configured.
    private static OpenIdSettings? OpenIdConnect(IConfiguration configuration, List<string> problems)
    {
        if (!configuration.GetSection(OpenIdSection).Exists())
        {
            return null;
        }

        problems.AddRange(UnknownKeys(configuration, OpenIdSection));
        var authority = Authority(configuration[$"{OpenIdSection}:Authority"]);
        if (authority is null)
        {
            problems.Add($"{OpenIdSection}:Authority must be the provider's address, https://…, "
                + "without /.well-known/openid-configuration");
        }

        string clientId = configuration[$"{OpenIdSection}:ClientId"] ?? "";
        if (clientId.Length == 0)
        {
            problems.Add($"{OpenIdSection}:ClientId is missing: the provider gives it when the dashboard is registered there");
        }

        string[] operators = [.. List(configuration, $"{OpenIdSection}:Operators", "")];
        string[] viewers = [.. List(configuration, $"{OpenIdSection}:Viewers", "")];
        if (operators.Length + viewers.Length == 0)
        {
            problems.Add($"{OpenIdSection}:Operators and Viewers are both empty, so no user could sign in: "
                + $"list values of the role claim, or {OpenIdSettings.Everybody} for every user of the provider");
        }

        return authority is null ? null : new OpenIdSettings(
            authority,
            clientId,
            configuration[$"{OpenIdSection}:ClientSecret"],
            operators,
            viewers)
        {
            NameClaim = configuration[$"{OpenIdSection}:NameClaim"] ?? OpenIdSettings.UsualName,
            RoleClaim = configuration[$"{OpenIdSection}:RoleClaim"] ?? OpenIdSettings.UsualRole,
        };
    }

    // Plain http is accepted only for a provider on this machine.
    private static Uri? Authority(string? text)
    {
        bool isAddress = Uri.TryCreate(text, UriKind.Absolute, out var authority);
        if (!isAddress)
        {
            return null;
        }

        bool isLocalHttp = authority!.Scheme == Uri.UriSchemeHttp && authority.IsLoopback;
        return authority.Scheme == Uri.UriSchemeHttps || isLocalHttp ? authority : null;
    }

    private static EndpointSettings Endpoint(IConfiguration configuration, string section, string defaultAddress, List<string> problems)
    {
        problems.AddRange(UnknownKeys(configuration, section));
        var addresses = List(configuration, $"{section}:Listen", defaultAddress);
        Uri[] listen = [.. addresses.Select(text => Address(text, section, defaultAddress, problems)).OfType<Uri>()];
        string? certificate = configuration[$"{section}:Certificate"], key = configuration[$"{section}:Key"];
        foreach (string file in new[] { certificate, key }.OfType<string>().Where(file => !File.Exists(file)))
        {
            problems.Add($"{section}:Certificate and Key are PEM files; there is no {Path.GetFullPath(file)}");
        }

        if (certificate is null && listen.Any(address => address.Scheme == Uri.UriSchemeHttps))
        {
            problems.Add($"{section}:Listen has https: give the certificate's PEM file as {section}:Certificate (and {section}:Key)");
        }

        string[] hosts = ["localhost", Environment.MachineName, .. List(configuration, $"{section}:Hosts", "")];
        return new EndpointSettings(listen, hosts, certificate, key);
    }

    /// <summary>The scheduler's timings. Those that depend on the workers' are checked against the same configuration.</summary>
    internal static SchedulerTimings ReadSchedulerTimings(IConfiguration configuration, List<string> problems)
    {
        var timings = TimingsSection.Read<SchedulerTimings>(configuration, "Scheduler:Timings", Time, problems);
        var worker = TimingsSection.Read<WorkerTimings>(configuration, "Worker:Timings", Time, []);
        var poll = WorkerTimings.Named(nameof(worker.PollInterval), worker.PollInterval);
        problems.AddRange(timings.FindProblems(new LeaseSettings(), poll));
        return timings;
    }

    /// <summary>The worker's timings.</summary>
    internal static WorkerTimings ReadWorkerTimings(IConfiguration configuration, List<string> problems)
    {
        var timings = TimingsSection.Read<WorkerTimings>(configuration, "Worker:Timings", Time, problems);
        problems.AddRange(timings.FindProblems(new LeaseSettings()));
        return timings;
    }

    private static DashboardTimings ReadDashboardTimings(IConfiguration configuration, List<string> problems)
    {
        var timings = TimingsSection.Read<DashboardTimings>(configuration, "Dashboard:Timings", Time, problems);
        problems.AddRange(timings.FindProblems());
        return timings;
    }

    /// <summary>How long unused files are kept.</summary>
    internal static RetentionSettings Retention(IConfiguration configuration, List<string> problems)
    {
        problems.AddRange(UnknownKeys(configuration, "Retention"));
        var leftovers = Time(configuration, "Retention:Leftovers", problems) ?? RetentionSettings.Default.Leftovers;
        if (leftovers < ShortestRetention)
        {
            problems.Add($"Retention:Leftovers is below {ShortestRetention.TotalHours:0} h: "
                + "files that are still being written would be deleted");
        }

        return new RetentionSettings(leftovers);
    }

    /// <summary>The webhooks that are notified when a sweep ends: Webhooks:0:Url, Webhooks:0:Secret, Webhooks:1:Url and so on.</summary>
    internal static IReadOnlyList<Webhook> Webhooks(IConfiguration configuration, List<string> problems)
    {
        var hooks = new List<Webhook>();
        foreach (var section in configuration.GetSection("Webhooks").GetChildren())
        {
            if (Uri.TryCreate(section["Url"], UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            {
                hooks.Add(new Webhook(url, section["Secret"] is { Length: > 0 } secret ? secret : null));
            }
            else
            {
                problems.Add($"{section.Path}:Url must be an address, http://… or https://…");
            }
        }

        return hooks;
    }

    internal static void ThrowIfAny(List<string> problems)
    {
        if (problems.Count > 0)
        {
            string lines = string.Concat(problems.Select(problem => $"{Environment.NewLine}  {problem}"));
            throw new InputException($"invalid configuration ({FileName}, environment SER_…, command line):{lines}");
        }
    }

    /// <summary>A message for each key of a section that is not a setting.</summary>
    internal static IEnumerable<string> UnknownKeys(IConfiguration configuration, string section)
    {
        string[] known = KnownKeys[section];
        var given = configuration.GetSection(section).GetChildren().Select(child => child.Key);
        return given.Except(known, StringComparer.OrdinalIgnoreCase)
            .Select(key => $"{section}:{key} is not a setting: the nearest is {section}:{Spelling.Nearest(key, known)}");
    }

    /// <summary>A JSON list, or one text separated by commas.</summary>
    internal static IEnumerable<string> List(IConfiguration configuration, string key, string defaultText)
    {
        string[] items = [.. configuration.GetSection(key).GetChildren().Select(child => child.Value ?? "")];
        string text = items.Length > 0 ? string.Join(',', items) : configuration[key] ?? defaultText;
        return text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static Uri? Address(string text, string section, string example, List<string> problems)
    {
        bool isUrl = Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
        bool hasOnlyHostAndPort = isUrl && address!.AbsolutePath == "/" && address.UserInfo.Length == 0;
        if (hasOnlyHostAndPort && (address!.Host == "localhost" || IPAddress.TryParse(address.Host.Trim('[', ']'), out _)))
        {
            return address;
        }

        problems.Add($"{section}:Listen has '{text}': it should be http:// or https://, an IP address (0.0.0.0 for all) or localhost, "
            + $"and a port, such as {example}");
        return null;
    }

    /// <summary>A time such as 4h; null where it is not set or wrong, which is then one of the problems.</summary>
    internal static TimeSpan? Time(IConfiguration configuration, string key, List<string> problems)
    {
        if (configuration[key] is not { Length: > 0 } text)
        {
            return null;
        }

        double unitSeconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        bool isNumber = double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number);
        if (unitSeconds > 0 && isNumber && number is > 0 and < 10_000)
        {
            return TimeSpan.FromSeconds(unitSeconds * number);
        }

        problems.Add($"{key} is '{text}': it should be a number and s, m, h or d, such as 4h");
        return null;
    }

    /// <summary>Where a web server listens.</summary>
    /// <param name="Listen">Its addresses.</param>
    /// <param name="Hosts">Host names that requests may be addressed to.</param>
    /// <param name="Certificate">PEM file of its certificate; null: none.</param>
    /// <param name="Key">PEM file of the certificate's key; null: it is in the certificate's file.</param>
    private sealed record EndpointSettings(IReadOnlyList<Uri> Listen, IReadOnlyList<string> Hosts, string? Certificate, string? Key);
}
