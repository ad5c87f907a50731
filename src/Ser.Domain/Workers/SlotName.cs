using System.Globalization;

namespace Ser.Domain.Workers;

/// <summary>The name under which a slot claims jobs: the name of its worker, a slash and the number of the slot, such as gpu-1/2.</summary>
/// <param name="Worker">Name of the worker, which may itself contain slashes.</param>
/// <param name="Slot">Number of the slot, from 1; null: the worker claims under its own name.</param>
public readonly record struct SlotName(string Worker, int? Slot)
{
    private const char Separator = '/';

    /// <summary>Reads a name. A text that does not end in a slash and a number is the name of a worker.</summary>
    public static SlotName Parse(string text)
    {
        int separator = text.LastIndexOf(Separator);
        bool hasSlot = int.TryParse(text.AsSpan(separator + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int slot);
        return separator > 0 && hasSlot ? new SlotName(text[..separator], slot) : new SlotName(text, null);
    }

    /// <summary>What the names of all slots of a worker begin with.</summary>
    public static string PrefixOf(string worker) => worker + Separator;

    /// <inheritdoc/>
    public override string ToString() => Slot is { } slot ? FormattableString.Invariant($"{PrefixOf(Worker)}{slot}") : Worker;
}
