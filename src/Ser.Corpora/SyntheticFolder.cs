using Ser.Audio;
using Ser.Audio.Synthesis;
using Ser.Domain;

namespace Ser.Corpora;

/// <summary>Where the corpus that ser synthesises lies in a data folder. Written once, whole or not at all.</summary>
internal static class SyntheticFolder
{
    /// <exception cref="InputException">The folder cannot be written.</exception>
    internal static string Ensure(string dataFolder)
    {
        var options = new SyntheticOptions();
        string folder = Path.Combine(dataFolder, "corpora", FormattableString.Invariant($"synthetic-{options.Seed}-{options.UtterancesPerClass}"));
        try
        {
            SyntheticCorpus.Write(folder, options);
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or AudioException)
        {
            throw new InputException($"The synthetic corpus cannot be written to {folder}: {error.Message} Name another data folder with --data.", error);
        }
    }
}
