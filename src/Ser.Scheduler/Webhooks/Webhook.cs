using System.Text;

namespace Ser.Scheduler.Webhooks;

/// <summary>A webhook that is notified when sweeps end. Its text representation does not contain the secret.</summary>
/// <param name="Url">URL, https or http.</param>
/// <param name="Secret">Key with which notifications are signed; null for no signature.</param>
public sealed record Webhook(Uri Url, string? Secret)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append($"{nameof(Url)} = {Url.Scheme}://{Url.Authority}{Url.AbsolutePath}");
        return true;
    }
}
