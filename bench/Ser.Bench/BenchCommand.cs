using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Bench.Farm;
using Ser.Bench.Learning;
using Ser.Cli;
using Ser.Domain;
using Ser.Stages;

namespace Ser.Bench;

/// <summary>`ser bench`: figures measured on this machine, in one run.</summary>
internal static class BenchCommand
{
    internal static Command Create()
    {
        var threads = new Option<int>("--threads") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        CommandLine.Bound(threads, 1, 1024);
        var learning = new Command("learning", "A fine-tuning step and a forward pass of base on 4 × 7.5 s, and the rate of a 2048³ product.") { threads };
        learning.SetAction(parsed =>
        {
            var figures = LearningBench.Run(parsed.GetValue(threads), what => Output.Say($"measuring {what}"));
            Print(parsed, JsonSerializer.SerializeToNode(figures, SpecJson.Options)!.AsObject());
            return CommandLine.Done;
        });
        var retrieval = new Command("retrieval", "A fold of 553 queries and 4,978 stored embeddings of 768 numbers: neighbours, all k ≤ 32 and all α under three selections, and redrawing.");
        retrieval.SetAction(parsed =>
        {
            Print(parsed, JsonSerializer.SerializeToNode(RetrievalBench.Run(), SpecJson.Options)!.AsObject());
            return CommandLine.Done;
        });
        var projection = new Command("projection", "PCA and t-SNE of 5,531 embeddings of 768 numbers, and the measures of a map.") { threads };
        projection.SetAction(parsed =>
        {
            var times = ProjectionBench.Run(parsed.GetValue(threads), what => Output.Say($"measuring {what}"));
            Print(parsed, JsonSerializer.SerializeToNode(times, SpecJson.Options)!.AsObject());
            return CommandLine.Done;
        });
        var jobs = new Option<int>("--jobs") { Description = "Jobs, half of them dependants of the others.", DefaultValueFactory = _ => 2000 };
        CommandLine.Bound(jobs, 2, 1_000_000);
        var postgres = new Option<string?>("--postgres")
        {
            Description = "Connection string of a PostgreSQL server whose user may create databases; default: SER_TEST_POSTGRES (eng/services/start gives one).",
        };
        var rabbit = new Option<string?>("--rabbitmq")
        {
            Description = "amqp://USER:PASSWORD@HOST:PORT/VHOST of a RabbitMQ server where no farm works; default: SER_TEST_RABBITMQ.",
        };
        var sweeps = new Option<int>("--sweeps") { Description = "So many sweeps one after the other; the last is compared with the first.", DefaultValueFactory = _ => 1 };
        CommandLine.Bound(sweeps, 1, 10_000);
        var workers = new Option<int>("--workers") { Description = "In place of jobs: so many workers that renew a lease and say that they are here, once a second." };
        CommandLine.Bound(workers, 1, 100_000);
        var seconds = new Option<int>("--seconds") { Description = "For so long, with --workers.", DefaultValueFactory = _ => 20 };
        CommandLine.Bound(seconds, 1, 86_400);
        var farm = new Command("farm", "Jobs that do nothing, on PostgreSQL and RabbitMQ: each offered, claimed, accepted, its dependant released.")
        {
            jobs, sweeps, postgres, rabbit, workers, seconds,
        };
        farm.SetAction(parsed =>
        {
            string server = Server(parsed, postgres, "SER_TEST_POSTGRES", "PostgreSQL");
            object figures = parsed.GetValue(workers) is > 0 and var many
                ? HeartbeatBench.Run(server, many, TimeSpan.FromSeconds(parsed.GetValue(seconds)), Output.Say)
                : FarmBench.Run(server, Broker(Server(parsed, rabbit, "SER_TEST_RABBITMQ", "RabbitMQ")), parsed.GetValue(jobs), parsed.GetValue(sweeps), Output.Say);
            Print(parsed, JsonSerializer.SerializeToNode(figures, figures.GetType(), SpecJson.Options)!.AsObject());
            return CommandLine.Done;
        });
        return new Command("bench", "Measure this machine.") { learning, retrieval, projection, farm, BenchDashboardCommand.Create() };
    }

    private static string Server(ParseResult parsed, Option<string?> option, string variable, string name) => parsed.GetValue(option) ?? Environment.GetEnvironmentVariable(variable)
        ?? throw new InputException($"ser bench farm needs a {name} server: say where with {option.Name}, or start one with `eng/services/start /tmp/svs $$; . /tmp/svs/env`.");

    private static Uri Broker(string text) => Uri.TryCreate(text, UriKind.Absolute, out var broker) && broker.Scheme is "amqp" or "amqps"
        ? broker
        : throw new InputException("--rabbitmq must be amqp://USER:PASSWORD@HOST:PORT or amqps://…");

    internal static void Print(ParseResult parsed, JsonObject figures)
    {
        if (parsed.GetValue(CommandLine.Json))
        {
            Output.Json(figures);
            return;
        }

        foreach (var (name, value) in figures)
        {
            Output.Text($"{name,-24} {value}");
        }
    }
}
