namespace Ser.Cli.Doctor;

/// <summary>Runs checks. Nothing that a check throws ends it.</summary>
internal static class Examination
{
    /// <summary>Each check with what it found, as it comes.</summary>
    internal static IEnumerable<(ICheck Check, Finding Finding)> Of(IEnumerable<ICheck> checks)
    {
        foreach (var check in checks)
        {
            yield return (check, Look(check));
        }
    }

    private static Finding Look(ICheck check)
    {
        try
        {
            return check.Look();
        }
        catch (Exception thrown)
        {
            // A library that does not load is wrapped by the initialiser that wanted it: the innermost exception says what it was.
            var cause = thrown;
            while (cause.InnerException is { } inner)
            {
                cause = inner;
            }

            return Finding.Failure($"the check itself failed: {cause.GetType().Name}: {cause.Message.Split('\n')[0].TrimEnd()}", "see the failures above first; if there are none, report this line");
        }
    }
}
