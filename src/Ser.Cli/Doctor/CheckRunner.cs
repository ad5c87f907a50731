namespace Ser.Cli.Doctor;

/// <summary>A check with its finding.</summary>
internal sealed record CheckResult(ICheck Check, Finding Finding);

/// <summary>Runs checks. An exception of one check does not prevent the others.</summary>
internal static class CheckRunner
{
    /// <summary>Returns each check with its finding, as soon as it has run.</summary>
    internal static IEnumerable<CheckResult> RunAll(IEnumerable<ICheck> checks) =>
        checks.Select(check => new CheckResult(check, Run(check)));

    private static Finding Run(ICheck check)
    {
        try
        {
            return check.Run();
        }
        catch (Exception thrown)
        {
            // When a native library does not load, the type initialiser that needed it wraps the exception:
            // the innermost one has the reason.
            var cause = thrown;
            while (cause.InnerException is { } inner)
            {
                cause = inner;
            }

            string reason = $"{cause.GetType().Name}: {cause.Message.Split('\n')[0].TrimEnd()}";
            return Finding.Failure(
                $"the check itself failed: {reason}",
                "see the failures above first; if there are none, report this line");
        }
    }
}
