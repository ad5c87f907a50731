using System.Text;

namespace Ser.Server.Tests;

public sealed class ParagraphTests
{
    [Theory]
    [InlineData("one two three", "", 7, "one two\nthree\n")]
    [InlineData("one  two", "", 80, "one two\n")]
    [InlineData("one two three", "    ", 11, "one two\n    three\n")]
    [InlineData("indivisible word", "", 4, "indivisible\nword\n")]
    [InlineData("", "", 4, "\n")]
    public void Lines_break_between_words_before_the_width(string paragraph, string hanging, int width, string expected)
    {
        var text = new StringBuilder();
        Paragraph.Append(text, paragraph, hanging, width);
        Assert.Equal(expected, text.ToString());
    }
}
