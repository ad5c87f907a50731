using System.CommandLine;
using Ser.Domain;
using Ser.Domain.Experiments;
using Ser.Reporting.Results;

namespace Ser.Cli.Predictions;

/// <summary>Which arms of a sweep are meant.</summary>
internal sealed class ArmFilter
{
    private readonly Option<double?> lambda = new("--lambda") { Description = "Arm with this λ.", HelpName = "λ" };
    private readonly Option<string?> augmentation = new("--augmentation") { Description = "Arm with this augmentation.", HelpName = "NAME" };
    private readonly Option<long?> seed = new("--seed") { Description = "Arm with this seed.", HelpName = "N" };
    private readonly Option<string?> profile = new("--profile") { Description = "Arm with this profile, paper or robust.", HelpName = "NAME" };
    private readonly Option<string?> encoder = new("--encoder") { Description = "Arm with this encoder: a preset, or the name of a weights file.", HelpName = "NAME" };

    internal ArmFilter(Command command)
    {
        foreach (var option in (Option[])[lambda, augmentation, seed, profile, encoder])
        {
            command.Add(option);
        }
    }

    /// <summary>The one arm that is meant.</summary>
    /// <exception cref="InputException">There is none, or more than one; the message lists them.</exception>
    internal ArmInput One(ParseResult parsed, string sweep, IReadOnlyList<ArmInput> arms) => Of(parsed, sweep, arms) switch
    {
        [var one] => one,
        var several => throw new InputException($"{sweep} has {several.Count} such arms: {string.Join("; ", several.Select(arm => arm.Arm.Name))}. Say which with {Telling(several)}"),
    };

    // Options whose values tell these arms apart.
    private string Telling(IReadOnlyList<ArmInput> arms)
    {
        (Option Option, Func<ArmInput, object> Of)[] told =
            [(lambda, arm => arm.Arm.Lambda), (augmentation, arm => arm.Arm.Augmentation), (seed, arm => arm.Arm.Seed), (profile, arm => arm.Arm.Profile), (encoder, arm => arm.Encoder)];
        return string.Join(", ", told.Where(one => arms.Select(one.Of).Distinct().Count() > 1).Select(one => one.Option.Name));
    }

    /// <summary>The arms that are meant, in the sweep's order.</summary>
    /// <exception cref="InputException">There is none; the message lists the sweep's arms.</exception>
    internal IReadOnlyList<ArmInput> Of(ParseResult parsed, string sweep, IReadOnlyList<ArmInput> arms)
    {
        var left = arms;
        left = Narrow(left, lambda.Name, parsed.GetValue(lambda), arm => arm.Arm.Lambda);
        left = Narrow(left, augmentation.Name, parsed.GetValue(augmentation), arm => arm.Arm.Augmentation);
        left = Narrow(left, seed.Name, parsed.GetValue(seed), arm => arm.Arm.Seed);
        left = Narrow(left, profile.Name, parsed.GetValue(profile), arm => arm.Arm.Profile);
        return Narrow(left, encoder.Name, parsed.GetValue(encoder), arm => arm.Encoder);

        IReadOnlyList<ArmInput> Narrow<T>(IReadOnlyList<ArmInput> among, string option, object? wanted, Func<ArmInput, T> of)
        {
            if (wanted is null)
            {
                return among;
            }

            ArmInput[] fitting = [.. among.Where(arm => wanted.Equals(of(arm)))];
            return fitting.Length > 0 ? fitting : throw new InputException(FormattableString.Invariant(
                $"{option} {wanted}: {sweep} has no such arm{(among.Count < arms.Count ? " with the other options" : "")}; there {(among.Count == 1 ? "is" : "are")} {string.Join("; ", among.Select(arm => arm.Arm.Name))}"));
        }
    }
}
