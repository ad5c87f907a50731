using System.CommandLine;
using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Reporting.Results;
using Ser.Server;

namespace Ser.Cli.Predictions;

/// <summary>The options that select arms of a sweep.</summary>
internal sealed class ArmFilter
{
    private readonly Option<double?> _lambda = new("--lambda") { Description = "Arm with this λ.", HelpName = "λ" };
    private readonly Option<string?> _augmentation = new("--augmentation")
    {
        Description = "Arm with this augmentation.",
        HelpName = "NAME",
    };
    private readonly Option<long?> _seed = new("--seed") { Description = "Arm with this seed.", HelpName = "N" };
    private readonly Option<string?> _profile = new("--profile")
    {
        Description = "Arm with this profile, paper or robust.",
        HelpName = "NAME",
    };
    private readonly Option<string?> _encoder = new("--encoder")
    {
        Description = "Arm with this encoder: a preset, or the name of a weights file.",
        HelpName = "NAME",
    };

    private readonly ArmOption[] _options;

    internal ArmFilter(Command command)
    {
        _options =
        [
            new(_lambda, parsed => parsed.GetValue(_lambda), arm => arm.Arm.Lambda),
            new(_augmentation, parsed => parsed.GetValue(_augmentation), arm => arm.Arm.Augmentation),
            new(_seed, parsed => parsed.GetValue(_seed), arm => arm.Arm.Seed),
            new(_profile, parsed => parsed.GetValue(_profile), arm => arm.Arm.Profile),
            new(_encoder, parsed => parsed.GetValue(_encoder), arm => arm.Encoder),
        ];
        foreach (var option in _options)
        {
            command.Add(option.Option);
        }
    }

    /// <summary>The one arm that the options select.</summary>
    /// <exception cref="InputException">There is none, or more than one; the message lists them.</exception>
    internal ArmInput SelectOne(ParseResult parsed, string sweep, IReadOnlyList<ArmInput> arms)
    {
        var selected = Select(parsed, sweep, arms);
        return selected is [var arm]
            ? arm
            : throw new InputException($"{sweep} has {selected.Count} such arms: {Names(selected)}. "
                + $"Select one with {DistinguishingOptions(selected)}");
    }

    /// <summary>The arms that the options select, in the sweep's order.</summary>
    /// <exception cref="InputException">There is none; the message lists the sweep's arms.</exception>
    internal IReadOnlyList<ArmInput> Select(ParseResult parsed, string sweep, IReadOnlyList<ArmInput> arms)
    {
        var remaining = arms;
        foreach (var option in _options)
        {
            if (option.Given(parsed) is not { } value)
            {
                continue;
            }

            ArmInput[] matching = [.. remaining.Where(arm => value.Equals(option.ValueOf(arm)))];
            if (matching.Length == 0)
            {
                string others = remaining.Count < arms.Count ? " with the other options" : "";
                string be = remaining.Count == 1 ? "is" : "are";
                throw new InputException(FormattableString.Invariant(
                    $"{option.Option.Name} {value}: {sweep} has no such arm{others}; there {be} {Names(remaining)}"));
            }

            remaining = matching;
        }

        return remaining;
    }

    private string DistinguishingOptions(IReadOnlyList<ArmInput> arms)
    {
        var distinguishing = _options.Where(option => arms.Select(option.ValueOf).Distinct().Count() > 1);
        return string.Join(", ", distinguishing.Select(option => option.Option.Name));
    }

    private static string Names(IReadOnlyList<ArmInput> arms) => string.Join("; ", arms.Select(arm => arm.Arm.Name));

    /// <summary>An option with the property of an arm that it selects by.</summary>
    /// <param name="Option">The option.</param>
    /// <param name="Given">Its value on the command line; null: not given.</param>
    /// <param name="ValueOf">The arm's value.</param>
    private sealed record ArmOption(Option Option, Func<ParseResult, object?> Given, Func<ArmInput, object?> ValueOf);
}
