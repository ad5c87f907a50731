using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ser.Authentication;
using Ser.Server.Hosts;

namespace Ser.Server.Commands;

/// <summary>`ser token`: tokens for the scheduler of this machine.</summary>
internal static class TokenCommand
{
    internal static SerCommand Create() => new(
        "token",
        "Create, list and revoke tokens of the scheduler.",
        "ser token create --role operator --name alice",
        "Tokens of the scheduler on this machine. "
        + "Their hashes are stored in tokens.json of the data folder, or in the file Scheduler:Tokens.")
    {
        CreateToken(), List(), Revoke(),
    };

    private static SerCommand CreateToken()
    {
        var role = new Option<string>("--role")
        {
            Description = "viewer (may read) or operator (may also change things).",
            Required = true,
        };
        role.AcceptOnlyFromAmong("viewer", "operator");
        var name = new Option<string?>("--name")
        {
            Description = "Who will use it; the audit log records this name. Default: the role.",
            HelpName = "NAME",
        };
        var forOthers = new Option<bool>("--for-others")
        {
            Description = "For a dashboard whose users sign in with OpenID Connect (Dashboard:OpenIdConnect): "
                + "its requests may name the user on whose behalf they are made.",
        };
        var command = new SerCommand(
            "create",
            "Create a token and print it once.",
            "ser token create --role operator --name alice",
            "Create a token and print it. It is not stored and cannot be shown again.")
        {
            role, name, forOthers, ServerCommands.Config,
        };
        command.SetAction(parsed =>
        {
            string roleName = parsed.GetValue(role)!;
            string tokenName = parsed.GetValue(name) ?? roleName;
            string token = File(parsed).Create(tokenName, Enum.Parse<Role>(roleName, ignoreCase: true), parsed.GetValue(forOthers));
            Output.WriteMessage($"the token of {tokenName}; it cannot be shown again. Use it as SER_TOKEN or in a --token-file:");
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.WriteJson(new JsonObject { ["name"] = tokenName, ["role"] = roleName, ["token"] = token });
            }
            else
            {
                Output.WriteText(token);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static SerCommand List()
    {
        var command = new SerCommand(
            "list",
            "List the tokens by name and role.",
            "ser token list",
            "List the tokens by name, role and creation time.")
        {
            ServerCommands.Config,
        };
        command.SetAction(parsed =>
        {
            var tokens = File(parsed).All();
            if (parsed.GetValue(CommandLine.Json))
            {
                var array = new JsonArray();
                foreach (var token in tokens)
                {
                    array.Add(new JsonObject
                    {
                        ["name"] = token.Name,
                        ["role"] = token.Role.ToString().ToLowerInvariant(),
                        ["forOthers"] = token.ForOthers,
                        ["created"] = token.Created.ToString("O", CultureInfo.InvariantCulture),
                    });
                }

                Output.WriteJson(new JsonObject { ["tokens"] = array });
                return CommandLine.Done;
            }

            foreach (var token in tokens)
            {
                string role = token.Role.ToString().ToLowerInvariant();
                string created = token.Created.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
                Output.WriteText($"{token.Name}  {role}{(token.ForOthers ? ", for others" : "")}  {created}");
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static SerCommand Revoke()
    {
        var name = new Argument<string>("NAME") { Description = "Name of the token." };
        var command = new SerCommand(
            "revoke",
            "Revoke a token.",
            "ser token revoke alice",
            "Revoke a token: requests with it are refused from now on.")
        {
            name, ServerCommands.Config,
        };
        command.SetAction(parsed =>
        {
            File(parsed).Revoke(parsed.GetValue(name)!);
            Output.WriteMessage($"the token of {parsed.GetValue(name)} is revoked");
            return CommandLine.Done;
        });
        return command;
    }

    private static TokenFile File(ParseResult parsed)
    {
        var configuration = HostConfiguration.Read(parsed.GetValue(ServerCommands.Config), new Dictionary<string, string?>());
        return new TokenFile(HostConfiguration.TokensFile(configuration, CommandLine.DataFolder(parsed)), TimeProvider.System);
    }
}
