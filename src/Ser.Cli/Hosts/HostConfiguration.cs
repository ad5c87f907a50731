using System.Globalization;
using System.Net;
using Microsoft.Extensions.Configuration;
using Ser.Dashboard;
using Ser.Domain;
using Ser.Domain.Jobs;
using Ser.Runners;
using Ser.Scheduler.Api;
using Ser.Scheduler.Recurring;
using Ser.Scheduler.Webhooks;
using Ser.Worker;

namespace Ser.Cli.Hosts;

/// <summary>
/// What a host is told: appsettings.json, then the environment (SER_Scheduler__Listen), then the command line, the later one counting. Sections Scheduler (Listen, Hosts, Tokens, Certificate, Key, WorkerRole),
/// Dashboard (Listen, Hosts, Certificate, Key, OpenIdConnect), Worker (Name, Slots, Labels, IdleAfter, MaxTime), Retention (Leftovers) and Webhooks. Every problem is named at once.
/// </summary>
internal static class HostConfiguration
{
    internal const string FileName = "appsettings.json";
    private const string Loopback = "http://127.0.0.1:5090";
    private const string DashboardLoopback = "http://localhost:5080";

    private const string OpenId = "Dashboard:OpenIdConnect";

    /// <summary>In place of an address: no dashboard.</summary>
    internal const string NoDashboard = "none";

    private const int MostSlots = 1024;

    // The step that runs may take so long; the process ends within 20 s of a stop.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(14);
    private static readonly TimeSpan ShortestRetention = TimeSpan.FromHours(1);
    private static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, string[]> Keys = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Scheduler"] = ["Listen", "Hosts", "Tokens", "Certificate", "Key", "WorkerRole"],
        ["Dashboard"] = ["Listen", "Hosts", "Certificate", "Key", "OpenIdConnect"],
        [OpenId] = ["Authority", "ClientId", "ClientSecret", "NameClaim", "RoleClaim", "Operators", "Viewers"],
        ["Worker"] = ["Name", "Slots", "Labels", "IdleAfter", "MaxTime"],
        ["Retention"] = ["Leftovers"],
    };

    /// <param name="file">A file given by name must be there; null: appsettings.json of the working folder, if there is one.</param>
    /// <param name="commandLine">Settings that the command line gives; null values are left out.</param>
    internal static IConfiguration Read(string? file, IReadOnlyDictionary<string, string?> commandLine)
    {
        string path = Path.GetFullPath(file ?? FileName);
        if (file is not null && !File.Exists(path))
        {
            throw new InputException($"there is no configuration file {path}");
        }

        try
        {
            return new ConfigurationBuilder().AddJsonFile(path, optional: true).AddEnvironmentVariables("SER_")
                .AddInMemoryCollection(commandLine.Where(setting => setting.Value is not null)).Build();
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
        var (listen, hosts, certificate, key) = Door(configuration, "Scheduler", Loopback, problems);
        return new ApiSettings(listen, hosts, Path.Combine(dataFolder, "inputs"), certificate, key);
    }

    /// <summary>The dashboard's settings, or null: none is wanted.</summary>
    internal static DashboardSettings? Dashboard(IConfiguration configuration, string dataFolder, List<string> problems)
    {
        if (configuration["Dashboard:Listen"] == NoDashboard)
        {
            return null;
        }

        var (listen, hosts, certificate, key) = Door(configuration, "Dashboard", DashboardLoopback, problems);
        return new DashboardSettings(listen, hosts, Path.Combine(dataFolder, "keys"), certificate, key) { OpenIdConnect = OpenIdConnect(configuration, problems) };
    }

    // Where people sign in elsewhere; null: nowhere.
    private static OpenIdSettings? OpenIdConnect(IConfiguration configuration, List<string> problems)
    {
        if (!configuration.GetSection(OpenId).Exists())
        {
            return null;
        }

        problems.AddRange(UnknownKeys(configuration, OpenId));
        bool sound = Uri.TryCreate(configuration[$"{OpenId}:Authority"], UriKind.Absolute, out var authority) && (authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback));
        if (!sound)
        {
            problems.Add($"{OpenId}:Authority must be the provider's address, https://… (its /.well-known/openid-configuration says the rest)");
        }

        if (configuration[$"{OpenId}:ClientId"] is not { Length: > 0 })
        {
            problems.Add($"{OpenId}:ClientId is missing: the provider gives it when the dashboard is registered there");
        }

        string[] operators = [.. List(configuration, $"{OpenId}:Operators", "")], viewers = [.. List(configuration, $"{OpenId}:Viewers", "")];
        if (operators.Length + viewers.Length == 0)
        {
            problems.Add($"{OpenId}:Operators and Viewers are both empty, so nobody could come in: name values of the role claim, or {OpenIdSettings.Everybody} for everybody whom the provider knows");
        }

        return sound ? new OpenIdSettings(authority!, configuration[$"{OpenId}:ClientId"] ?? "", configuration[$"{OpenId}:ClientSecret"], operators, viewers)
        {
            NameClaim = configuration[$"{OpenId}:NameClaim"] ?? OpenIdSettings.UsualName,
            RoleClaim = configuration[$"{OpenId}:RoleClaim"] ?? OpenIdSettings.UsualRole,
        }
        : null;
    }

    private static (IReadOnlyList<Uri> Listen, IReadOnlyList<string> Hosts, string? Certificate, string? Key) Door(IConfiguration configuration, string section, string otherwise, List<string> problems)
    {
        problems.AddRange(UnknownKeys(configuration, section));
        var listen = List(configuration, $"{section}:Listen", otherwise).Select(text => Address(text, section, otherwise, problems)).OfType<Uri>().ToList();
        string? certificate = configuration[$"{section}:Certificate"], key = configuration[$"{section}:Key"];
        foreach (string file in new[] { certificate, key }.OfType<string>().Where(file => !File.Exists(file)))
        {
            problems.Add($"{section}:Certificate and Key are PEM files; there is no {Path.GetFullPath(file)}");
        }

        if (certificate is null && listen.Any(address => address.Scheme == Uri.UriSchemeHttps))
        {
            problems.Add($"{section}:Listen has https: give the certificate's PEM file as {section}:Certificate (and {section}:Key)");
        }

        return (listen, ["localhost", Environment.MachineName, .. List(configuration, $"{section}:Hosts", "")], certificate, key);
    }

    internal static WorkerSettings Worker(IConfiguration configuration, Composition stores, string device, bool untilIdle, List<string> problems)
    {
        problems.AddRange(UnknownKeys(configuration, "Worker"));
        string name = configuration["Worker:Name"] is { Length: > 0 } given ? given : Environment.MachineName;
        if (name.Length > 60 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-'))
        {
            problems.Add($"Worker:Name is '{name}': at most 60 letters, digits and . _ - are right");
        }

        string slotsText = configuration["Worker:Slots"] ?? "1";
        if (!int.TryParse(slotsText, CultureInfo.InvariantCulture, out int slots) || slots is < 1 or > MostSlots)
        {
            problems.Add($"Worker:Slots is '{slotsText}': a number from 1 to {MostSlots} is right");
        }

        string[] labels = [.. List(configuration, "Worker:Labels", "")];
        var idle = Time(configuration, "Worker:IdleAfter", problems);
        return new WorkerSettings(name, slots, stores.Work, stores.Cache)
        {
            Device = device,
            Can = new WorkerAbility(device, Machine.MemoryGiB(device), labels),
            Labels = labels,
            IdleAfter = untilIdle ? idle ?? IdleAfter : idle,
            MaxTime = Time(configuration, "Worker:MaxTime", problems),
            StopWithin = StopWithin,
        };
    }

    /// <summary>How long leftovers stay.</summary>
    internal static RetentionSettings Retention(IConfiguration configuration, List<string> problems)
    {
        problems.AddRange(UnknownKeys(configuration, "Retention"));
        var leftovers = Time(configuration, "Retention:Leftovers", problems) ?? RetentionSettings.Usual.Leftovers;
        if (leftovers < ShortestRetention)
        {
            problems.Add($"Retention:Leftovers is below {ShortestRetention.TotalHours:0} h: what is being written could be taken for a leftover");
        }

        return new RetentionSettings(leftovers);
    }

    /// <summary>Who is told of the ends of sweeps: Webhooks:0:Url, Webhooks:0:Secret, Webhooks:1:Url and so on.</summary>
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

    internal static void Refuse(List<string> problems)
    {
        if (problems.Count > 0)
        {
            throw new InputException($"the configuration is not right ({FileName}, environment SER_…, command line):{string.Concat(problems.Select(problem => $"{Environment.NewLine}  {problem}"))}");
        }
    }

    private static IEnumerable<string> UnknownKeys(IConfiguration configuration, string section) => configuration.GetSection(section).GetChildren()
        .Where(child => !Keys[section].Contains(child.Key, StringComparer.OrdinalIgnoreCase))
        .Select(child => $"{section}:{child.Key} is no setting: the nearest is {section}:{Nearest.Of(child.Key, Keys[section])}");

    // A JSON list, or one text with commas.
    private static IEnumerable<string> List(IConfiguration configuration, string key, string otherwise)
    {
        string[] items = [.. configuration.GetSection(key).GetChildren().Select(child => child.Value ?? "")];
        string text = items.Length > 0 ? string.Join(',', items) : configuration[key] ?? otherwise;
        return text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static Uri? Address(string text, string section, string example, List<string> problems)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.AbsolutePath == "/" && address.UserInfo.Length == 0
            && (address.Host == "localhost" || IPAddress.TryParse(address.Host.Trim('[', ']'), out _)))
        {
            return address;
        }

        problems.Add($"{section}:Listen has '{text}': http:// or https://, an IP address (0.0.0.0 for all) or localhost, and a port are right, such as {example}");
        return null;
    }

    private static TimeSpan? Time(IConfiguration configuration, string key, List<string> problems)
    {
        if (configuration[key] is not { Length: > 1 } text)
        {
            return null;
        }

        double unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (unit > 0 && double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number is > 0 and < 10_000)
        {
            return TimeSpan.FromSeconds(unit * number);
        }

        problems.Add($"{key} is '{text}': a number and s, m, h or d are right, such as 4h");
        return null;
    }
}
