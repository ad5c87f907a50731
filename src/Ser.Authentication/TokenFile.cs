using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ser.Domain;

namespace Ser.Authentication;

/// <summary>
/// The tokens of a scheduler, stored as hashes. They are in a file of mode 600 and not in the database, because workers can read the
/// database and tokens must exist before it. A token has 256 random bits, so a plain SHA-256 of it cannot be reversed.
/// </summary>
/// <param name="path">The file, which may not exist.</param>
/// <param name="clock">Clock for creation times.</param>
public sealed class TokenFile(string path, TimeProvider clock)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Prefix = "ser_";
    private const int MaxNameLength = 60;
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly Lock _cacheLock = new();
    private (DateTime Written, long Bytes)? _cachedVersion;
    private IReadOnlyList<TokenEntry> _cached = [];
    private TokenEntry? _ephemeral;

    /// <summary>Path of the file.</summary>
    public string Path => path;

    /// <summary>Returns all tokens of the file, by name and hash. Changes of the file take effect at once.</summary>
    /// <exception cref="StorageException">The file is damaged, cannot be read, or is accessible by users other than its owner.</exception>
    public IReadOnlyList<TokenEntry> All()
    {
        lock (_cacheLock)
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                return [];
            }

            if (_cachedVersion != (file.LastWriteTimeUtc, file.Length))
            {
                _cached = Read(file);
                _cachedVersion = (file.LastWriteTimeUtc, file.Length);
            }

            return _cached;
        }
    }

    /// <summary>Creates a token and stores its hash.</summary>
    /// <param name="name">Name of its user.</param>
    /// <param name="role">Its role.</param>
    /// <param name="forOthers">Whether a dashboard that uses it may act on behalf of other persons.</param>
    /// <returns>The token, which cannot be retrieved again.</returns>
    /// <exception cref="InputException">The name is invalid or in use.</exception>
    public string Create(string name, Role role, bool forOthers = false)
    {
        if (name.Length is 0 or > MaxNameLength || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@'))
        {
            throw new InputException($"'{name}' is not a valid name of a token: give at most {MaxNameLength} letters, digits and . _ - @");
        }

        using var changes = LockChanges();
        var all = All();
        if (all.Any(token => token.Name == name))
        {
            throw new InputException(
                $"a token named {name} already exists: give another --name, or revoke it first (ser token revoke {name})");
        }

        string token = Generate();
        Write([.. all, new TokenEntry(name, role, HashOf(token), clock.GetUtcNow(), forOthers)]);
        return token;
    }

    /// <summary>
    /// Creates a token for another part of this process, valid until the process ends. It is not stored, and a scheduler without other
    /// tokens stays open.
    /// </summary>
    public string CreateEphemeral(string name, Role role, bool forOthers = false)
    {
        string token = Generate();
        _ephemeral = new TokenEntry(name, role, HashOf(token), clock.GetUtcNow(), forOthers);
        return token;
    }

    /// <summary>Revokes a token.</summary>
    /// <exception cref="InputException">There is no token of that name.</exception>
    public void Revoke(string name)
    {
        using var changes = LockChanges();
        var all = All();
        if (all.All(token => token.Name != name))
        {
            string? nearest = Spelling.Nearest(name, all.Select(token => token.Name));
            throw new InputException($"there is no token named {name} in {path}{(nearest is null ? "" : $": the nearest is {nearest}")}");
        }

        Write([.. all.Where(token => token.Name != name)]);
    }

    /// <summary>Returns the entry of a token, or null. Takes constant time, whichever entry matches.</summary>
    public TokenEntry? Find(string token)
    {
        byte[] hash = Encoding.ASCII.GetBytes(HashOf(token));
        TokenEntry? found = null;
        foreach (var entry in _ephemeral is null ? All() : [.. All(), _ephemeral])
        {
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(entry.Hash)))
            {
                found = entry;
            }
        }

        return found;
    }

    // Two processes that read the file, change it and write it back would otherwise undo each other's change.
    private FileStream LockChanges()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        FileStream? file = null;
        bool isTaken = SpinWait.SpinUntil(() => (file = FileLock.TryTake($"{path}.lock")) is not null, LockTimeout);
        ForgetCache();
        return isTaken ? file! : throw new StorageException($"{path}.lock is held by another process: try again when it has ended");
    }

    private void ForgetCache()
    {
        lock (_cacheLock)
        {
            _cachedVersion = null;
        }
    }

    private static string Generate() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static IReadOnlyList<TokenEntry> Read(FileInfo file)
    {
        if (!OperatingSystem.IsWindows() && (file.UnixFileMode & ~OwnerOnly) != 0)
        {
            throw new StorageException($"{file.FullName} is accessible by users other than its owner: run chmod 600 {file.FullName}");
        }

        try
        {
            return JsonSerializer.Deserialize<TokenEntry[]>(File.ReadAllBytes(file.FullName), Json) ?? [];
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"the tokens in {file.FullName} cannot be read ({unreadable.Message}): "
                + "restore the file, or delete it and create new tokens",
                unreadable);
        }
    }

    // The file is replaced atomically, so that readers never see a partial file.
    private void Write(IReadOnlyList<TokenEntry> tokens)
    {
        string full = System.IO.Path.GetFullPath(path);
        string next = $"{full}.{Environment.ProcessId}";
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
        ForgetCache();
    }
}

/// <summary>A token in the token file.</summary>
/// <param name="Name">Name of its user, for the audit log.</param>
/// <param name="Role">Its role.</param>
/// <param name="Hash">SHA-256 of the token, lower-case hex.</param>
/// <param name="Created">Time of creation.</param>
/// <param name="ForOthers">Whether its user may act on behalf of other persons: a dashboard that authenticates its own users.</param>
public sealed record TokenEntry(string Name, Role Role, string Hash, DateTimeOffset Created, bool ForOthers = false);
