using System.Diagnostics;
using System.Text.RegularExpressions;
using Ser.TestSupport;
using YamlDotNet.RepresentationModel;

namespace Ser.EndToEnd.Tests.Deploy;

/// <summary>
/// Checks that need no container engine: no password is written down, nothing is open to a network, every server has a health check.
/// </summary>
public sealed partial class DeployFilesTests
{
    private static readonly string[] Servers = ["postgres", "rabbitmq", "minio", "scheduler"];

    [Fact]
    public void Compose_has_no_password_of_its_own()
    {
        string[] secrets = [.. Scalars(Compose()).Where(pair => Secret().IsMatch(pair.Key)).Select(pair => pair.Value)];
        Assert.NotEmpty(secrets);
        Assert.All(secrets, value => Assert.Matches(@"\$\{[A-Z0-9_]+:\?run deploy/secrets first\}", value));
    }

    [Fact]
    public void Compose_publishes_on_loopback_alone()
    {
        string[] ports = [.. Services().Values.SelectMany(service => Entries(service, "ports"))];
        Assert.NotEmpty(ports);
        Assert.All(ports, port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
    }

    [Fact]
    public void Compose_watches_every_server_and_names_every_volume()
    {
        var services = Services();
        Assert.All(Servers, name => Assert.Contains("healthcheck", services[name].Children.Keys.Select(key => key.ToString())));
        var healthCheck = services["minio"]["healthcheck"]["test"];
        Assert.DoesNotContain("curl", healthCheck.ToString(), StringComparison.Ordinal); // its image has none
        var named = ((YamlMappingNode)Compose()["volumes"]).Children.Keys.Select(key => key.ToString()).ToHashSet();
        var used = services.Values.SelectMany(service => Entries(service, "volumes")).Select(volume => volume.Split(':')[0]);
        Assert.Equal(named.Order(), used.Order());
        Assert.All(services.Values, service => Assert.True(service.Children.ContainsKey("image") || service.Children.ContainsKey("<<")));
    }

    [Fact]
    public void Compose_pins_what_it_does_not_build()
    {
        var withImage = Services().Values.Where(service => service.Children.ContainsKey("image"));
        string[] images = [.. withImage.Select(service => service["image"].ToString())];
        var foreign = images.Where(image => !image.StartsWith("ser-", StringComparison.Ordinal));
        Assert.All(foreign, image => Assert.Matches(@":(?!latest)[\w.-]+$", image));
    }

    [Theory]
    [InlineData("scheduler.yaml")]
    [InlineData("worker.yaml")]
    public void Pods_run_without_rights(string file)
    {
        var documents = Documents(Path.Combine("deploy", "kubernetes", file));
        var deployments = documents.Where(document => document["kind"].ToString() == "Deployment");
        YamlNode[] pods = [.. deployments.Select(document => document["spec"]["template"]["spec"])];
        Assert.Single(pods);
        Assert.All(pods, pod =>
        {
            Assert.Equal("true", pod["securityContext"]["runAsNonRoot"].ToString());
            Assert.Equal("false", pod["containers"][0]["securityContext"]["allowPrivilegeEscalation"].ToString());
        });
    }

    [Fact]
    public void Only_the_image_of_workers_has_libtorch()
    {
        var stages = BuildStages();
        Assert.Contains("dotnet publish src/Ser.Server ", stages["build-server"], StringComparison.Ordinal);
        Assert.Contains("dotnet publish src/Ser.Cli ", stages["build-worker"], StringComparison.Ordinal);
        Assert.Contains("--from=build-server", stages["server"], StringComparison.Ordinal);
        Assert.DoesNotContain("build-worker", stages["server"], StringComparison.Ordinal);
        Assert.Contains("--from=build-worker", stages["worker"], StringComparison.Ordinal);

        var services = Services();
        string ImageOf(string name) => services[name]["image"].ToString();
        Assert.All(["scheduler", "dashboard"], name => Assert.Equal("ser-server", ImageOf(name)));
        Assert.All(["worker", "worker-gpu"], name => Assert.StartsWith("ser-worker-", ImageOf(name), StringComparison.Ordinal));
        Assert.Equal("server", services["scheduler"]["build"]["target"].ToString());
        Assert.All(["worker", "worker-gpu"], name => Assert.Equal("worker", services[name]["build"]["target"].ToString()));
    }

    [Theory]
    [InlineData("scheduler.yaml", "ser-server:latest")]
    [InlineData("worker.yaml", "ser-worker-cuda:latest")]
    public void Pods_use_the_image_of_their_role(string file, string image)
    {
        var used = Documents(Path.Combine("deploy", "kubernetes", file)).SelectMany(Scalars).Where(pair => pair.Key == "image");
        Assert.All(used, pair => Assert.Equal(image, pair.Value));
        Assert.NotEmpty(used);
    }

    [Fact]
    public void Secrets_are_fresh_private_and_written_once()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("deploy"));
        File.Copy(Path.Combine(Repository.Root, "deploy", "secrets"), folder.At("deploy", "secrets"));
        Assert.Equal(0, Run(folder.At("deploy", "secrets")));
        var settings = File.ReadAllLines(folder.At(".env")).Where(line => line.Contains('='));
        string[] secrets = [.. settings.Select(line => line.Split('=', 2)[1])];
        Assert.Equal(3, secrets.Distinct().Count());
        Assert.All(secrets, secret => Assert.True(secret.Length >= 32));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(folder.At(".env")).UnixFileMode);
        byte[] first = File.ReadAllBytes(folder.At(".env"));
        Assert.Equal(2, Run(folder.At("deploy", "secrets")));
        Assert.Equal(first, File.ReadAllBytes(folder.At(".env")));
    }

    // The text of each stage of the image's build, by name.
    private static Dictionary<string, string> BuildStages()
    {
        string file = File.ReadAllText(Path.Combine(Repository.Root, "deploy", "ser.Dockerfile"));
        return Stage().Matches(file).ToDictionary(stage => stage.Groups["name"].Value, stage => stage.Groups["text"].Value);
    }

    private static int Run(string script)
    {
        var start = new ProcessStartInfo("bash", [script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    private static YamlMappingNode Compose() => (YamlMappingNode)Documents("docker-compose.yml").Single();

    private static Dictionary<string, YamlMappingNode> Services()
    {
        var services = (YamlMappingNode)Compose()["services"];
        return services.Children.ToDictionary(service => service.Key.ToString(), service => (YamlMappingNode)service.Value);
    }

    private static IEnumerable<string> Entries(YamlMappingNode service, string list) =>
        service.Children.TryGetValue(list, out var entries) ? ((YamlSequenceNode)entries).Select(entry => entry.ToString()) : [];

    private static IEnumerable<YamlNode> Documents(string path)
    {
        var stream = new YamlStream();
        using var reader = File.OpenText(Path.Combine(Repository.Root, path));
        stream.Load(reader);
        return stream.Documents.Select(document => document.RootNode);
    }

    private static IEnumerable<KeyValuePair<string, string>> Scalars(YamlNode node) => node switch
    {
        YamlMappingNode mapping => mapping.Children.SelectMany(Scalars),
        YamlSequenceNode sequence => sequence.Children.SelectMany(Scalars),
        _ => [],
    };

    private static IEnumerable<KeyValuePair<string, string>> Scalars(KeyValuePair<YamlNode, YamlNode> child) =>
        child.Value is YamlScalarNode scalar ? [new(child.Key.ToString(), scalar.Value ?? "")] : Scalars(child.Value);

    [GeneratedRegex(@"^FROM \S+ AS (?<name>\S+)$(?<text>(?:(?!^FROM ).)*)", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Stage();

    [GeneratedRegex("PASS|SECRET|Secret|Postgres|RabbitMq")]
    private static partial Regex Secret();
}
