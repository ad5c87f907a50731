using Ser.Audio;
using Ser.Audio.Synthesis;
using Ser.Domain;

namespace Ser.Corpora;

/// <summary>The folder of the synthetic corpus in a data folder. It is written once, and either completely or not at all.</summary>
internal static class SyntheticFolder
{
    /// <summary>Writes the corpus where it is missing.</summary>
    /// <returns>Its folder.</returns>
    /// <exception cref="InputException">The folder cannot be written.</exception>
    internal static string Ensure(string dataFolder)
    {
        var options = new SyntheticOptions();
        string name = FormattableString.Invariant($"synthetic-{options.Seed}-{options.UtterancesPerClass}");
        string folder = Path.Combine(dataFolder, "corpora", name);
        try
        {
            SyntheticCorpus.Write(folder, options);
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or AudioException)
        {
            throw new InputException(
                $"The synthetic corpus cannot be written to {folder}: {error.Message} Give another data folder with --data.", error);
        }
    }
}
