using System.Text.Json.Nodes;
using Ser.Domain.Jobs;

namespace Ser.Domain.Tests.Jobs;

public sealed class JobIdTests
{
    private const string Nested = """{"k":[1,2,3],"classes":["Ärger","joie 😀"],"nested":{"b":null,"a":true}}""";

    /// <summary>If this fails, all stored results would be computed again.</summary>
    [Theory]
    [InlineData("FineTune", 1, """{"lambda":0.1,"seed":1,"corpus":"ab"}""", new string[0], "e936668acfc2d0272b85880179c1154d")]
    [InlineData("FineTune", 2, """{"lambda":0.1,"seed":1,"corpus":"ab"}""", new string[0], "a2e4a89b6f7d70f930d48cf0c83ca54b")]
    [InlineData("Evaluate", 1, Nested, new[] { "0f", "1e" }, "d3601348b2180ec786a129d72e12dcdb")]
    public void Ids_are_golden(string stage, int revision, string spec, string[] parents, string golden)
    {
        Assert.Equal(golden, JobId.Compute(stage, revision, (JsonObject)JsonNode.Parse(spec)!, parents));
    }

    [Fact]
    public void A_field_at_its_neutral_value_leaves_the_id_alone()
    {
        var without = new JsonObject { ["a"] = 1 };
        var with = new JsonObject { ["later"] = null, ["a"] = 1.0 };

        Assert.Equal(JobId.Compute("S", 1, without, []), JobId.Compute("S", 1, with, []));
    }

    [Theory]
    [InlineData("S", 1, """{"a":2}""", "p,q")]
    [InlineData("T", 1, """{"a":1}""", "p,q")]
    [InlineData("S", 2, """{"a":1}""", "p,q")]
    [InlineData("S", 1, """{"a":1}""", "q,p")]
    [InlineData("S", 1, """{"a":"1"}""", "p,q")]
    public void Everything_that_decides_the_result_changes_the_id(string stage, int revision, string spec, string parents)
    {
        Assert.NotEqual(
            JobId.Compute("S", 1, new JsonObject { ["a"] = 1 }, ["p", "q"]),
            JobId.Compute(stage, revision, (JsonObject)JsonNode.Parse(spec)!, parents.Split(',')));
    }
}
