using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ser.Client;
using Ser.Domain.Corpora;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Stages;

namespace Ser.Scheduler.Tests.Api;

/// <summary>Small submissions, valid unless a test changes them.</summary>
internal static class Submissions
{
    public static byte[] Recording { get; } = Encoding.ASCII.GetBytes("a recording");

    public static string Digest { get; } = Convert.ToHexStringLower(SHA256.HashData(Recording));

    public static SubmittedSweep Valid(string name = "sweep", int folds = 1)
    {
        Utterance[] utterances = [new("u1", "s1", null, 0, "/elsewhere/u1.wav", Digest, 16000, 16000)];
        string digest = CorpusDigest.Compute(["angry", "sad"], utterances);
        Speaker[] speakers = [new("s1", null, [1, 0])];
        var corpus = new Corpus("csv", "/elsewhere", digest, ["angry", "sad"], utterances, speakers, new Dictionary<string, int>());
        var experiment = new Experiment { Name = name };
        var arm = experiment.Arms()[0];
        var defined = new List<DefinedFold>();
        var jobs = new List<SweepJob>();
        for (int fold = 1; fold <= folds; fold++)
        {
            var ids = new Dictionary<string, string>();
            foreach (var stage in Pipeline.StagesFor(experiment))
            {
                var spec = new JsonObject { ["fold"] = $"{name} {fold}" };
                string[] after = [.. stage.Parents.Select(parent => ids[parent])];
                ids[stage.Name] = JobId.Compute(stage.Name, stage.Revision, spec, after);
                spec[JobHints.Key] = new JsonObject { ["fold"] = fold };
                jobs.Add(new SweepJob(new PlannedJob(ids[stage.Name], stage.Name, $"fold {fold}", spec, after), arm.Name, fold));
            }

            defined.Add(new DefinedFold(arm, fold, ids));
        }

        var definition = new SweepDefinition(ExperimentJson.ToNode(experiment), digest, [], 1, defined);
        return new SubmittedSweep(name, definition, jobs, corpus, [], SharedPaths: true);
    }

    public static HttpContent Body(SubmittedSweep sweep) => Body(JsonSerializer.Serialize(sweep, ApiJson.Options));

    public static HttpContent Body(string json) => new StringContent(json, Encoding.UTF8, "application/json");
}
