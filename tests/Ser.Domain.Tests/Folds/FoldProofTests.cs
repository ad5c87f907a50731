using Ser.Domain.Corpora;
using Ser.Domain.Folds;
using Ser.TestSupport;

namespace Ser.Domain.Tests.Folds;

public sealed class FoldProofTests
{
    private static readonly Corpus Corpus = MadeUpCorpus.WithoutSessions(5);

    private static IReadOnlyList<Fold> Plan => FoldPlanner.Plan(Corpus, 10);

    [Fact]
    public void A_speaker_on_two_sides_is_refused() =>
        Refused("speaker s01 in two splits", first => first with { TrainSpeakers = [.. first.TrainSpeakers, "s01"] });

    [Fact]
    public void An_utterance_on_two_sides_is_refused() =>
        Refused("in two splits: test and training", first => first with { Train = [.. first.Train.Append(first.Test[0]).Order()] });

    [Fact]
    public void A_test_utterance_that_strays_into_training_is_refused() =>
        Refused("but not its speaker", first => first with
        {
            Train = [.. first.Train.Append(first.Test[0]).Order()],
            Test = [.. first.Test.Skip(1)],
        });

    [Fact]
    public void A_lost_utterance_is_refused() =>
        Refused("in no split", first => first with { Train = [.. first.Train.Skip(1)] });

    [Fact]
    public void An_utterance_named_twice_on_one_side_is_refused() =>
        Refused("out of order", first => first with { Test = [.. first.Test.Append(first.Test[^1])] });

    [Fact]
    public void An_empty_side_is_refused() =>
        Refused("no validation utterances", first => first with { Validation = [], ValidationSpeakers = [] });

    [Fact]
    public void A_missing_fold_and_a_doubled_fold_are_refused()
    {
        var plan = Plan;
        Assert.Contains("tested 0 times", Refused([.. plan.Take(4)]));
        Assert.Contains("tested 2 times", Refused([.. plan, plan[0] with { Number = 6 }]));
    }

    private static void Refused(string because, Func<Fold, Fold> tamper)
    {
        var plan = Plan.ToArray();
        FoldValidation.Check(Corpus, plan);
        plan[0] = tamper(plan[0]);
        Assert.Contains(because, Refused(plan));
    }

    private static string Refused(IReadOnlyList<Fold> plan) =>
        Assert.Throws<InvalidOperationException>(() => FoldValidation.Check(Corpus, plan)).Message;
}
