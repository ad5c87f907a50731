using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Bench.Farm;
using Ser.Bench.Learning;
using Ser.Domain;
using Ser.Server;
using Ser.Stages;

namespace Ser.Bench;

/// <summary>`ser bench`: figures measured on this machine, in one run.</summary>
internal static class BenchCommand
{
    internal static SerCommand Create()
    {
        var threads = new Option<int>("--threads") { Description = "Threads.", DefaultValueFactory = _ => Environment.ProcessorCount };
        CommandLine.SetRange(threads, 1, 1024);
        return new SerCommand(
            "bench",
            "Measure the speed of this machine.",
            "ser bench learning --threads 4",
            "Measure the speed of this machine: training, retrieval, projections, a farm, or the dashboard.")
        {
            Learning(threads), Retrieval(), Projection(threads), Farm(), BenchDashboardCommand.Create(),
        };
    }

    private static SerCommand Learning(Option<int> threads)
    {
        var command = new SerCommand(
            "learning",
            "Time a fine-tuning step and a matrix product.",
            "ser bench learning --threads 4",
            "Time a fine-tuning step and a forward pass of the base encoder on 4 × 7.5 s, and the rate of a 2048³ matrix product.")
        {
            threads,
        };
        command.SetAction(parsed =>
        {
            var figures = LearningBench.Run(parsed.GetValue(threads), ReportMeasuring);
            Print(parsed, JsonSerializer.SerializeToNode(figures, SpecJson.Options)!.AsObject());
            return CommandLine.Done;
        });
        return command;
    }

    private static SerCommand Retrieval()
    {
        var command = new SerCommand(
            "retrieval",
            "Time nearest neighbours and the choice of k and α.",
            "ser bench retrieval",
            "Time a fold of 553 queries and 4,978 stored embeddings of 768 numbers: nearest neighbours, all k ≤ 32 and all α "
            + "under three selections, and resampling.");
        command.SetAction(parsed =>
        {
            Print(parsed, JsonSerializer.SerializeToNode(RetrievalBench.Run(), SpecJson.Options)!.AsObject());
            return CommandLine.Done;
        });
        return command;
    }

    private static SerCommand Projection(Option<int> threads)
    {
        var command = new SerCommand(
            "projection",
            "Time PCA and t-SNE.",
            "ser bench projection --threads 4",
            "Time PCA and t-SNE of 5,531 embeddings of 768 numbers, and the measures of a map.")
        {
            threads,
        };
        command.SetAction(parsed =>
        {
            var times = ProjectionBench.Run(parsed.GetValue(threads), ReportMeasuring);
            Print(parsed, JsonSerializer.SerializeToNode(times, SpecJson.Options)!.AsObject());
            return CommandLine.Done;
        });
        return command;
    }

    private static SerCommand Farm()
    {
        var jobs = new Option<int>("--jobs")
        {
            Description = "Jobs; half of them depend on the other half.",
            DefaultValueFactory = _ => 2000,
        };
        CommandLine.SetRange(jobs, 2, 1_000_000);
        var postgres = new Option<string?>("--postgres")
        {
            Description = "Connection string of a PostgreSQL server whose user may create databases. "
                + "Default: SER_TEST_POSTGRES (eng/services/start gives one).",
        };
        var rabbit = new Option<string?>("--rabbitmq")
        {
            Description = "amqp://USER:PASSWORD@HOST:PORT/VHOST of a RabbitMQ server that no farm uses. Default: SER_TEST_RABBITMQ.",
        };
        var sweeps = new Option<int>("--sweeps")
        {
            Description = "Number of sweeps, one after the other; the last is compared with the first.",
            DefaultValueFactory = _ => 1,
        };
        CommandLine.SetRange(sweeps, 1, 10_000);
        var workers = new Option<int>("--workers")
        {
            Description = "In place of jobs: this many workers that each renew a lease and send a heartbeat once a second.",
        };
        CommandLine.SetRange(workers, 1, 100_000);
        var seconds = new Option<int>("--seconds") { Description = "Duration with --workers.", DefaultValueFactory = _ => 20 };
        CommandLine.SetRange(seconds, 1, 86_400);
        var command = new SerCommand(
            "farm",
            "Measure the job throughput of PostgreSQL and RabbitMQ.",
            "ser bench farm --jobs 2000",
            "Measure a farm with jobs that do nothing, on PostgreSQL and RabbitMQ: each is offered, claimed and accepted, "
            + "and the job that depends on it is unblocked.")
        {
            jobs, sweeps, postgres, rabbit, workers, seconds,
        };
        command.SetAction(parsed =>
        {
            string server = RequiredServer(parsed, postgres, "SER_TEST_POSTGRES", "PostgreSQL");
            object figures;
            if (parsed.GetValue(workers) is > 0 and var workerCount)
            {
                figures = HeartbeatBench.Run(server, workerCount, TimeSpan.FromSeconds(parsed.GetValue(seconds)), Output.WriteMessage);
            }
            else
            {
                var broker = ParseBroker(RequiredServer(parsed, rabbit, "SER_TEST_RABBITMQ", "RabbitMQ"));
                figures = FarmBench.Run(server, broker, parsed.GetValue(jobs), parsed.GetValue(sweeps), Output.WriteMessage);
            }

            Print(parsed, JsonSerializer.SerializeToNode(figures, figures.GetType(), SpecJson.Options)!.AsObject());
            return CommandLine.Done;
        });
        return command;
    }

    private static void ReportMeasuring(string what) => Output.WriteMessage($"measuring {what}");

    private static string RequiredServer(ParseResult parsed, Option<string?> option, string variable, string name) =>
        parsed.GetValue(option) ?? Environment.GetEnvironmentVariable(variable) ?? throw new InputException(
            $"ser bench farm needs a {name} server: give its address with {option.Name}, "
            + "or start one with `eng/services/start /tmp/svs $$; . /tmp/svs/env`.");

    private static Uri ParseBroker(string text)
    {
        bool isBroker = Uri.TryCreate(text, UriKind.Absolute, out var broker) && broker.Scheme is "amqp" or "amqps";
        return isBroker ? broker! : throw new InputException("--rabbitmq must be amqp://USER:PASSWORD@HOST:PORT or amqps://…");
    }

    internal static void Print(ParseResult parsed, JsonObject figures)
    {
        if (parsed.GetValue(CommandLine.Json))
        {
            Output.WriteJson(figures);
            return;
        }

        foreach (var (name, value) in figures)
        {
            Output.WriteText($"{name,-24} {value}");
        }
    }
}
