using System.Text;

namespace Ser.Scheduler.Webhooks;

/// <summary>Where the ends of sweeps are told. Prints without the secret.</summary>
/// <param name="Url">https, or http.</param>
/// <param name="Secret">What the message is signed with; null: it is not signed.</param>
public sealed record Webhook(Uri Url, string? Secret)
{
    private bool PrintMembers(StringBuilder text)
    {
        text.Append($"{nameof(Url)} = {Url.Scheme}://{Url.Authority}{Url.AbsolutePath}");
        return true;
    }
}
