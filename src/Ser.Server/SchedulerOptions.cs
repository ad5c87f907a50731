using System.CommandLine;
using Ser.Client;
using Ser.Domain;

namespace Ser.Server;

/// <summary>The scheduler that a command is given, if any.</summary>
internal static class SchedulerOptions
{
    internal static Option<string?> Server { get; } = new("--server")
    {
        Description = "Address of a scheduler, in place of a data folder. Default: SER_SERVER.",
        HelpName = "URL",
        Recursive = true,
    };

    internal static Option<string?> TokenPath { get; } = new("--token-file")
    {
        Description = "File with the token for the scheduler. Default: the token itself in SER_TOKEN.",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <returns>The scheduler, or null: the command works on a data folder.</returns>
    /// <exception cref="InputException">Both a folder and a scheduler are given, or the address is invalid.</exception>
    internal static SchedulerClient? Connect(ParseResult parsed)
    {
        string? given = parsed.GetValue(Server);
        bool hasFolder = parsed.GetValue(CommandLine.Data) is not null;
        if (given is not null && hasFolder)
        {
            throw new InputException("--data and --server exclude each other: a sweep is in a data folder or with a scheduler");
        }

        string? text = given ?? (hasFolder ? null : Environment.GetEnvironmentVariable("SER_SERVER"));
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var address = Address(text);
        string? token = FindToken(parsed);
        if (token is not null && address.Scheme == "http" && !address.IsLoopback)
        {
            Output.WriteMessage($"warning: the token is sent to {address.Host} unencrypted: use https, or a tunnel");
        }

        return new SchedulerClient(address, token);
    }

    /// <summary>The scheduler's address, for a command that also uses a data folder or a farm; null: none is given.</summary>
    internal static Uri? FindAddress(ParseResult parsed)
    {
        string? text = parsed.GetValue(Server) ?? Environment.GetEnvironmentVariable("SER_SERVER");
        return string.IsNullOrWhiteSpace(text) ? null : Address(text);
    }

    /// <exception cref="InputException">No scheduler is given.</exception>
    internal static SchedulerClient ConnectRequired(ParseResult parsed) =>
        Connect(parsed) ?? throw new InputException("give the scheduler: --server URL, or SER_SERVER, and leave out --data");

    private static Uri Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        ? address
        : throw new InputException($"--server {text} is not an address: give one such as http://127.0.0.1:5090");

    /// <summary>The token to authenticate with, or null.</summary>
    internal static string? FindToken(ParseResult parsed)
    {
        string? path = parsed.GetValue(TokenPath);
        if (path is null)
        {
            return Environment.GetEnvironmentVariable("SER_TOKEN") is { Length: > 0 } token ? token.Trim() : null;
        }

        return File.Exists(path)
            ? File.ReadAllText(path).Trim()
            : throw new InputException($"there is no token file {Path.GetFullPath(path)}: ser token create prints a token");
    }
}
