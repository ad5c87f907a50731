using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ser.Domain;

namespace Ser.Authentication;

/// <summary>
/// Tokens, by their hashes alone. A file of mode 600 beside the scheduler and no table: only the scheduler reads it, workers (who may read the database) cannot, and it is there
/// before any database is. A token has 256 random bits, so that a plain SHA-256 of it tells nobody anything.
/// </summary>
/// <param name="path">The file; it need not be there.</param>
/// <param name="clock">Says when a token was made.</param>
public sealed class TokenFile(string path, TimeProvider clock)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Prefix = "ser_";
    private const int LongestName = 60;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly Lock one = new();
    private (DateTime Written, long Bytes)? seen;
    private IReadOnlyList<TokenEntry> known = [];
    private TokenEntry? lent;

    /// <summary>Where the tokens are.</summary>
    public string Path => path;

    /// <summary>Every token, without the token itself. A change of the file is seen at once.</summary>
    /// <exception cref="StorageException">The file is damaged, cannot be read, or others than its owner may read it.</exception>
    public IReadOnlyList<TokenEntry> All()
    {
        lock (one)
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return [];
            }

            if (seen != (file.LastWriteTimeUtc, file.Length))
            {
                known = Read(file);
                seen = (file.LastWriteTimeUtc, file.Length);
            }

            return known;
        }
    }

    /// <summary>Makes a token and keeps its hash.</summary>
    /// <returns>The token: nobody can see it again.</returns>
    /// <param name="name">Who will use it.</param>
    /// <param name="role">What it allows.</param>
    /// <param name="forOthers">Whether its holder, a dashboard, may say on whose behalf it acts.</param>
    /// <exception cref="InputException">The name is taken or no name.</exception>
    public string Create(string name, Role role, bool forOthers = false)
    {
        if (name.Length is 0 or > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@'))
        {
            throw new InputException($"'{name}' is no name of a token: give at most {LongestName} letters, digits and . _ - @");
        }

        var all = All();
        if (all.Any(token => token.Name == name))
        {
            throw new InputException($"there is a token named {name} already: give another --name, or revoke it first (ser token revoke {name})");
        }

        string token = Made();
        Write([.. all, new TokenEntry(name, role, HashOf(token), clock.GetUtcNow(), forOthers)]);
        return token;
    }

    /// <summary>A token for another part of this process. It is in no file, ends with the process, and does not close a scheduler that has no other.</summary>
    public string Lend(string name, Role role, bool forOthers = false)
    {
        string token = Made();
        lent = new TokenEntry(name, role, HashOf(token), clock.GetUtcNow(), forOthers);
        return token;
    }

    /// <summary>Forgets a token: it opens nothing from now on.</summary>
    /// <exception cref="InputException">There is none of that name.</exception>
    public void Revoke(string name)
    {
        var all = All();
        if (all.All(token => token.Name != name))
        {
            throw new InputException($"there is no token named {name} in {path}{(Nearest.Of(name, all.Select(token => token.Name)) is { } nearest ? $": the nearest is {nearest}" : "")}");
        }

        Write([.. all.Where(token => token.Name != name)]);
    }

    /// <summary>Whose token it is, or null. Takes the same time for every token of the file.</summary>
    public TokenEntry? Find(string token)
    {
        byte[] hash = Encoding.ASCII.GetBytes(HashOf(token));
        TokenEntry? found = null;
        foreach (var entry in lent is null ? All() : [.. All(), lent])
        {
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(entry.Hash)))
            {
                found = entry;
            }
        }

        return found;
    }

    private static string Made() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static IReadOnlyList<TokenEntry> Read(FileInfo file)
    {
        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & ~OwnerOnly) != 0)
        {
            throw new StorageException($"others than its owner may use {file.FullName}: chmod 600 {file.FullName}");
        }

        try
        {
            return JsonSerializer.Deserialize<TokenEntry[]>(File.ReadAllBytes(file.FullName), Json) ?? [];
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"the tokens in {file.FullName} cannot be read ({unreadable.Message}): restore the file, or remove it and make new tokens", unreadable);
        }
    }

    // Beside the file and moved into its place, so that nobody reads a half of it.
    private void Write(IReadOnlyList<TokenEntry> tokens)
    {
        string full = System.IO.Path.GetFullPath(path), next = $"{full}.{Environment.ProcessId}";
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var file = new FileStream(next, options))
        {
            JsonSerializer.Serialize(file, tokens, Json);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, full, overwrite: true);
        lock (one)
        {
            seen = null;
        }
    }
}

/// <summary>A token as it is kept.</summary>
/// <param name="Name">Who uses it; the audit has it.</param>
/// <param name="Role">What it allows.</param>
/// <param name="Hash">SHA-256 of the token, lower-case hex.</param>
/// <param name="Created">When it was made.</param>
/// <param name="ForOthers">Whether its holder may say on whose behalf it acts: a dashboard that knows its visitors by themselves.</param>
public sealed record TokenEntry(string Name, Role Role, string Hash, DateTimeOffset Created, bool ForOthers = false);
