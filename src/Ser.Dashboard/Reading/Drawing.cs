using Microsoft.AspNetCore.Components;

namespace Ser.Dashboard.Reading;

/// <summary>How long the first drawing of a page, on the server, waits for what takes long.</summary>
internal static class Drawing
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    /// <summary>Whether an answer is there to be drawn. What is not there soon comes over the circuit, and the page is not kept from being seen.</summary>
    public static async Task<bool> HasAsync(this RendererInfo drawing, Task answer, TimeProvider clock)
    {
        if (!drawing.IsInteractive && !answer.IsCompleted)
        {
            await Task.WhenAny(answer, Task.Delay(Patience, clock));
            return answer.IsCompleted;
        }

        return true;
    }
}
