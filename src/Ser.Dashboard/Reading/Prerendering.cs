using Microsoft.AspNetCore.Components;

namespace Ser.Dashboard.Reading;

/// <summary>Limits how long prerendering a page on the server waits for a slow computation.</summary>
internal static class Prerendering
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(150);

    /// <summary>
    /// Whether the page should show a result now. Prerendering waits only briefly, so that the page appears soon; the result then
    /// follows over the circuit. An interactive page always waits.
    /// </summary>
    public static async Task<bool> ShouldShowAsync(this RendererInfo renderer, Task result, TimeProvider clock)
    {
        if (!renderer.IsInteractive && !result.IsCompleted)
        {
            await Task.WhenAny(result, Task.Delay(MaxWait, clock));
            return result.IsCompleted;
        }

        return true;
    }
}
