namespace Ser.Domain;

/// <summary>A configurable time and the name under which it is configured, so that a rule between two of them can name both.</summary>
/// <param name="Name">Name, such as Worker:Timings:PollInterval.</param>
/// <param name="Value">The time.</param>
public sealed record Timing(string Name, TimeSpan Value)
{
    /// <summary>Checks that this time is shorter than another one.</summary>
    /// <param name="other">The other time.</param>
    /// <param name="reason">What would go wrong otherwise.</param>
    /// <param name="times">How often this time has to fit into the other one.</param>
    /// <returns>The problem; null: there is none.</returns>
    public string? RequireShorterThan(Timing other, string reason, int times = 1) => Value * times < other.Value
        ? null
        : $"{this} must be shorter than {(times == 1 ? "" : $"1/{times} of ")}{other}: otherwise {reason}";

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Name} ({Value.TotalSeconds:0.###}s)");
}
