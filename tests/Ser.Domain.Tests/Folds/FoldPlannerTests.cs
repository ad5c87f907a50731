using Ser.Domain.Corpora;
using Ser.Domain.Folds;
using Ser.TestSupport;

namespace Ser.Domain.Tests.Folds;

public sealed class FoldPlannerTests
{
    [Fact]
    public void Iemocap_tests_each_speaker_and_validates_on_the_other_of_the_session()
    {
        var corpus = MadeUpCorpus.Create(MadeUpCorpus.Iemocap);
        var plan = FoldPlanner.Plan(corpus, 10);

        Assert.Equal(MadeUpCorpus.Iemocap.Select(speaker => speaker.Name), plan.Select(fold => Assert.Single(fold.TestSpeakers)));
        Assert.Equal(
            ["Ses01M", "Ses01F", "Ses02M", "Ses02F", "Ses03M", "Ses03F", "Ses04M", "Ses04F", "Ses05M", "Ses05F"],
            plan.Select(fold => Assert.Single(fold.ValidationSpeakers)));
        Assert.All(plan, fold => Assert.Equal(8, fold.TrainSpeakers.Count));
        Assert.Equal([528, 557, 481, 542, 522, 629, 528, 503, 590, 651], plan.Select(fold => fold.Test.Count));
        Assert.All(plan, fold => Assert.Equal(5531, fold.Test.Count + fold.Validation.Count + fold.Train.Count));
    }

    [Fact]
    public void Five_folds_of_five_sessions_leave_one_session_out()
    {
        var plan = FoldPlanner.Plan(MadeUpCorpus.Create(MadeUpCorpus.Iemocap), 5);
        string[] sessions = ["Ses01F Ses01M", "Ses02F Ses02M", "Ses03F Ses03M", "Ses04F Ses04M", "Ses05F Ses05M"];
        Assert.Equal(sessions, TestSpeakers(plan));
        Assert.Equal(["Ses01F", "Ses01M"], plan[4].ValidationSpeakers);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(10)]
    public void Without_sessions_the_next_speaker_by_name_validates_wrapping(int speakers)
    {
        var plan = FoldPlanner.Plan(MadeUpCorpus.WithoutSessions(speakers), 10);
        Assert.Equal(speakers, plan.Count);
        for (int i = 0; i < speakers; i++)
        {
            Assert.Equal($"s{i:00}", Assert.Single(plan[i].TestSpeakers));
            Assert.Equal($"s{(i + 1) % speakers:00}", Assert.Single(plan[i].ValidationSpeakers));
        }
    }

    [Fact]
    public void Sessions_that_are_not_of_two_speakers_are_ignored()
    {
        var corpus = MadeUpCorpus.Create(("c", "1", [2, 2]), ("a", "1", [2, 2]), ("b", "1", [2, 2]), ("d", "2", [2, 2]));
        var plan = FoldPlanner.Plan(corpus, 10);
        Assert.Equal(["a", "b", "c", "d"], plan.Select(fold => fold.TestSpeakers[0]));
        Assert.Equal(["b", "c", "d", "a"], plan.Select(fold => fold.ValidationSpeakers[0]));
    }

    [Fact]
    public void Sixty_five_speakers_become_ten_balanced_groups_whatever_their_order()
    {
        var corpus = MadeUpCorpus.WithoutSessions(65);
        var plan = FoldPlanner.Plan(corpus, 10);

        Assert.Equal(10, plan.Count);
        Assert.Equal(65, plan.SelectMany(fold => fold.TestSpeakers).Distinct().Count());
        Assert.Equal(plan.Select(fold => fold.TestSpeakers[0]).Order(StringComparer.Ordinal), plan.Select(fold => fold.TestSpeakers[0]));
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(plan[(i + 1) % 10].TestSpeakers, plan[i].ValidationSpeakers);
        }

        for (int label = 0; label < 4; label++)
        {
            double share = corpus.Utterances.Count(utterance => utterance.Class == label) / 10.0;
            Assert.All(plan, fold => Assert.InRange(fold.Test.Count(i => corpus.Utterances[i].Class == label), share * 0.7, share * 1.3));
        }

        var backwards = corpus with { Speakers = [.. corpus.Speakers.Reverse()] };
        Assert.Equal(TestSpeakers(plan), TestSpeakers(FoldPlanner.Plan(backwards, 10)));
    }

    [Fact]
    public void No_group_stays_empty_even_if_speakers_share_no_class()
    {
        var corpus = MadeUpCorpus.Create(
            ("a", null, [9, 0]), ("b", null, [0, 8]), ("c", null, [7, 0]), ("d", null, [0, 6]), ("e", null, [1, 0]));
        var plan = FoldPlanner.Plan(corpus, 4);
        Assert.Equal(4, plan.Count);
        Assert.All(plan, fold => Assert.NotEmpty(fold.Test));
    }

    [Fact]
    public void Too_few_speakers_are_refused_by_name()
    {
        Assert.Contains("only one speaker, solo", Refused(MadeUpCorpus.Create(("solo", "1", [3, 3])), 10));
        Assert.Contains("only two speakers", Refused(MadeUpCorpus.WithoutSessions(2), 10));
        Assert.Contains("folds is 2", Refused(MadeUpCorpus.WithoutSessions(5), 2));
    }

    private static IEnumerable<string> TestSpeakers(IReadOnlyList<Fold> plan) => plan.Select(fold => string.Join(' ', fold.TestSpeakers));

    private static string Refused(Corpus corpus, int folds) =>
        Assert.Throws<InputException>(() => FoldPlanner.Plan(corpus, folds)).Message;
}
