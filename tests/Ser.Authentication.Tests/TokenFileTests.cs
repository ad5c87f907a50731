using Ser.Domain;
using Ser.TestSupport;

namespace Ser.Authentication.Tests;

/// <summary>The file of tokens, which several processes may change at the same time.</summary>
public sealed class TokenFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_token_is_found_until_it_is_revoked_and_only_its_hash_is_stored()
    {
        var tokens = Tokens();
        string token = tokens.Create("anna", Role.Operator);
        Assert.Equal(("anna", Role.Operator), (Tokens().Find(token)!.Name, Tokens().Find(token)!.Role));
        Assert.DoesNotContain(token, File.ReadAllText(tokens.Path), StringComparison.Ordinal);
        Assert.Null(tokens.Find(token[..^1]));

        Tokens().Revoke("anna");
        Assert.Null(tokens.Find(token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("../x")]
    [InlineData("ä")]
    public void An_invalid_name_is_refused(string name) =>
        Assert.Contains("not a valid name", Assert.Throws<InputException>(() => Tokens().Create(name, Role.Viewer)).Message);

    [Fact]
    public void A_name_exists_once_and_an_unknown_one_is_answered_with_the_nearest()
    {
        Tokens().Create("anna", Role.Viewer);
        Assert.Contains("already exists", Assert.Throws<InputException>(() => Tokens().Create("anna", Role.Viewer)).Message);
        Assert.Contains("the nearest is anna", Assert.Throws<InputException>(() => Tokens().Revoke("ana")).Message);
    }

    [Fact]
    public void Nothing_is_lost_when_several_processes_create_and_revoke_at_the_same_time()
    {
        const int Count = 20;
        foreach (int i in Enumerable.Range(0, Count))
        {
            Tokens().Create($"old{i}", Role.Viewer);
        }

        // Every call opens the file anew, as a process of its own does.
        Parallel.For(0, 2 * Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (i % 2 == 0)
            {
                Tokens().Revoke($"old{i / 2}");
            }
            else
            {
                Tokens().Create($"new{i / 2}", Role.Viewer);
            }
        });
        var expected = Enumerable.Range(0, Count).Select(i => $"new{i}").Order(StringComparer.Ordinal);
        Assert.Equal(expected, Tokens().All().Select(token => token.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void A_file_that_others_can_read_and_a_damaged_one_are_refused()
    {
        var tokens = Tokens();
        tokens.Create("anna", Role.Viewer);
        File.SetUnixFileMode(tokens.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", Assert.Throws<StorageException>(() => Tokens().All()).Message);
        File.SetUnixFileMode(tokens.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(tokens.Path, "[{");
        Assert.Contains("cannot be read", Assert.Throws<StorageException>(() => Tokens().All()).Message);
    }

    [Fact]
    public void An_ephemeral_token_is_not_stored()
    {
        var tokens = Tokens();
        string token = tokens.CreateEphemeral("dashboard", Role.Operator, forOthers: true);
        Assert.True(tokens.Find(token)!.ForOthers);
        Assert.False(File.Exists(tokens.Path));
        Assert.Empty(tokens.All());
    }

    private TokenFile Tokens() => new(_folder.At("tokens.json"), TimeProvider.System);
}
