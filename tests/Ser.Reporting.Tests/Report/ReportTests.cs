using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Domain.Jobs;
using Ser.Domain.Results;
using Ser.Reporting.Report;
using Ser.Reporting.Results;

namespace Ser.Reporting.Tests.Report;

public sealed partial class ReportTests
{
    private static readonly Lazy<IReadOnlyList<Section>> Whole =
        new(() => Sections.Create(Input(MadeUpSweep.Arm(0, 1), MadeUpSweep.Arm(0.1, 1))));

    [Fact]
    public void Page_loads_nothing_from_the_network_and_has_every_figure_and_table()
    {
        string page = ReportPage.Write("a<b", Whole.Value);
        Assert.DoesNotMatch(Outside(), page.Replace("http://www.w3.org/", "", StringComparison.Ordinal));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("a&lt;b", page, StringComparison.Ordinal);
        Assert.Equal(4, page.Split("<svg ").Length - 1);
        foreach (string table in (string[])["Table 1", "Table 2", "Table 3", "Table 4"])
        {
            Assert.Contains($"<caption>{table}", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Confusion_figure_prints_the_counts_of_the_rows()
    {
        Assert.SkipUnless(Figure.HasFont, "this machine has no fonts: install fonts-dejavu-core");
        var results = ResultsComputation.Compute(MadeUpSweep.Create(MadeUpSweep.Arm(0, 1), MadeUpSweep.Arm(0.1, 1)));
        var figure = Whole.Value.Single(section => section.Id == "figure3").Figures.Single();
        var elements = XDocument.Parse(figure.Svg).Descendants().Where(element => element.Name.LocalName == "text");
        string[] texts = [.. elements.Select(element => element.Value.Trim())];
        var stages = PaperStages.FromResults(results).Stages.Where(stage => stage.Name != "S1+kNN");
        var counts = stages.SelectMany(stage => stage.Row!.Confusion.Counts).SelectMany(row => row).Select(count => $"{count}");
        Assert.All(counts, count => Assert.Contains(count, texts));
        Assert.Contains("S1", texts);
        Assert.Contains("S3", texts);
        Assert.DoesNotContain("S1+kNN", texts);
    }

    [Fact]
    public void Png_is_a_picture_twice_the_size()
    {
        var figure = Whole.Value.Single(section => section.Id == "curves").Figures.Single();
        byte[] png = figure.ToPng();
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], png[..4]);
        Assert.Equal(2 * figure.Width, (png[18] << 8) | png[19]);
    }

    [Fact]
    public void Missing_parts_are_reported()
    {
        var sections = Sections.Create(Input(MadeUpSweep.Arm(0, 1)) with { Embeddings = [], Curves = [] });
        Section Find(string id) => sections.Single(section => section.Id == id);
        Assert.Contains("projection.methods=[tsne]", Find("figure4").Prose.Single(), StringComparison.Ordinal);
        Assert.Contains("no S2 and no S3", Find("figure3").Figures.Single().Caption, StringComparison.Ordinal);
        Assert.Empty(Find("curves").Figures);
    }

    [Fact]
    public void Differences_to_the_paper_are_ours_minus_theirs()
    {
        var results = ResultsComputation.Compute(MadeUpSweep.Create(MadeUpSweep.Arm(0, 1), MadeUpSweep.Arm(0.1, 1)));
        var table = PaperTables.CreateTable1(results);
        var s2 = table.Rows[1];
        var row = PaperStages.FromResults(results)["S2"].Row!;
        Assert.Equal("S2", s2[0].Text);
        Assert.Equal(row.Ua.Pooled - 0.7445, s2[^1].Value!.Value, 12);
        Assert.Equal(row.Wa.Pooled - 0.7332, s2[^2].Value!.Value, 12);
    }

    [Fact]
    public void Augmentations_are_of_the_encoder_that_the_stages_are_of()
    {
        var other = new EncoderSettings { Preset = "base" };
        var results = ResultsComputation.Compute(MadeUpSweep.Create(
            MadeUpSweep.Arm(0, 1), MadeUpSweep.Arm(0.1, 1),
            MadeUpSweep.Arm(new Arm(0.1, "noise", 1) { Encoder = other }), MadeUpSweep.Arm(new Arm(0.1, "volume", 1) { Encoder = other })));
        var table = PaperTables.CreateTable2(results);
        Assert.Equal("tiny", PaperStages.FromResults(results)["S2"].Row!.Encoder);
        Assert.Equal(["mixed"], table.Rows.Where(row => row[2] != Cell.None).Select(row => row[0].Text));
    }

    [Fact]
    public void Folder_is_written_completely_and_never_over_other_files()
    {
        string top = Directory.CreateTempSubdirectory("ser-test-").FullName;
        try
        {
            string folder = Path.Combine(top, "report");
            ReportFolder.Write(folder, "try", Whole.Value);
            ReportFolder.Write(folder, "try", Whole.Value);
            Assert.Equal(["report"], Directory.GetFileSystemEntries(top).Select(Path.GetFileName));
            Assert.Contains("\\toprule", File.ReadAllText(Path.Combine(folder, "tables", "table3.tex")), StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(folder, "figures", "surface.png")));

            string other = Path.Combine(top, "other");
            Directory.CreateDirectory(other);
            File.WriteAllText(Path.Combine(other, "mine.txt"), "mine");
            Assert.Throws<InputException>(() => ReportFolder.Write(other, "try", Whole.Value));
            Assert.Equal("mine", File.ReadAllText(Path.Combine(other, "mine.txt")));
        }
        finally
        {
            Directory.Delete(top, recursive: true);
        }
    }

    private static ReportInput Input(params ArmInput[] arms)
    {
        var sweep = MadeUpSweep.Create(arms);
        var separation = new Separation(8, 0.25, [0.2, 0.3], 0.7, 5, 1, 2);
        double[] x = [.. Enumerable.Range(0, 8).Select(i => Math.Cos(i))];
        double[] y = [.. Enumerable.Range(0, 8).Select(i => Math.Sin(i))];
        EpochPoint Point(int epoch) => new(epoch, 1, 1, 1, 1, 0.5, 0.4 + (0.1 * epoch), 1e-3, 1);
        FoldCurve Curve(ArmInput arm, int fold) => new(arm.Arm, fold, [.. Enumerable.Range(1, 3).Select(Point)]);
        FoldEmbeddings Map(ArmInput arm) => new(arm.Arm, "job", new FoldProjection(
            1,
            [.. Enumerable.Range(0, 8)],
            [.. Enumerable.Repeat("train", 4), .. Enumerable.Repeat("test", 4)],
            [0, 1, 2, 3, 0, 1, 2, 3],
            separation,
            separation,
            null,
            new TsneMap(x, y, 1, 30, 2, 100, null, separation)));
        var environment = new Dictionary<string, string> { ["version"] = "1" };
        return new ReportInput(
            sweep,
            ResultsComputation.Compute(sweep),
            [.. arms.SelectMany(arm => Enumerable.Range(1, 4).Select(fold => Curve(arm, fold)))],
            [.. arms.Select(Map)],
            new RunFacts(new Experiment(), [], 1, [environment], ["w/1"], 0.5));
    }

    [GeneratedRegex("(src|href)=\"(?!#|data:)|https?://|@import|url\\((?!#)")]
    private static partial Regex Outside();
}
