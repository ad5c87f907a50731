using Microsoft.AspNetCore.Components;

namespace Ser.Dashboard.Reading;

/// <summary>Limits how long prerendering a page on the server waits for a slow computation.</summary>
internal static class Prerendering
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Whether the page should show an answer now. Prerendering waits only briefly, so that the page appears soon; the answer then
    /// follows over the circuit. An interactive page always waits.
    /// </summary>
    public static async Task<bool> ShouldShowAsync(this RendererInfo renderer, Task answer, TimeProvider clock)
    {
        if (!renderer.IsInteractive && !answer.IsCompleted)
        {
            await Task.WhenAny(answer, Task.Delay(MaxWait, clock));
            return answer.IsCompleted;
        }

        return true;
    }
}
