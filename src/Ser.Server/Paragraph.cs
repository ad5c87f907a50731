using System.Text;

namespace Ser.Server;

/// <summary>Breaks prose into lines.</summary>
internal static class Paragraph
{
    /// <summary>Appends a paragraph and ends its last line. The first line continues the text as it is.</summary>
    /// <param name="text">The text to append to.</param>
    /// <param name="paragraph">Words separated by spaces.</param>
    /// <param name="hanging">Indentation of every line but the first, which is expected to be as long already.</param>
    /// <param name="width">Longest line, where no single word is longer.</param>
    internal static void Append(StringBuilder text, string paragraph, string hanging, int width)
    {
        int column = hanging.Length;
        bool isFirst = true;
        foreach (string word in paragraph.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isFirst && column + 1 + word.Length > width)
            {
                text.Append('\n').Append(hanging);
                column = hanging.Length;
            }
            else if (!isFirst)
            {
                text.Append(' ');
                column++;
            }

            text.Append(word);
            column += word.Length;
            isFirst = false;
        }

        text.Append('\n');
    }
}
