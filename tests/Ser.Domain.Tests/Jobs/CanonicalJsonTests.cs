using System.Text.Json.Nodes;
using Ser.Domain.Jobs;

namespace Ser.Domain.Tests.Jobs;

public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("""{ "b" : 1, "a" : [ 1.0, 1e0, 10e-1 ] }""", """{"a":[1,1,1],"b":1}""")]
    [InlineData("""{"B":1,"a":2,"_":3}""", """{"B":1,"_":3,"a":2}""")]
    [InlineData("""{"a":null,"b":[null],"c":{}}""", """{"b":[null],"c":{}}""")]
    [InlineData("""[0.1, 1e-7, 123456789012345678, 1.5e300, -0.25]""", """[0.1,1E-07,123456789012345678,1.5E+300,-0.25]""")]
    [InlineData("""["\u00c4rger", "a\"b", "\n", "λ"]""", """["Ärger","a\"b","\n","λ"]""")]
    [InlineData("""[true, false]""", """[true,false]""")]
    public void One_text_for_one_value(string json, string canonical)
    {
        Assert.Equal(canonical, CanonicalJson.Write(JsonNode.Parse(json)));
    }

    [Fact]
    public void Writing_what_was_written_changes_nothing()
    {
        string once = CanonicalJson.Write(new JsonObject { ["x"] = 0.1f, ["y"] = 1L, ["z"] = new JsonArray(3, "t", null) });

        Assert.Equal(once, CanonicalJson.Write(JsonNode.Parse(once)));
    }
}
