using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Ser.Authentication;
using Ser.Cli.Hosts;

namespace Ser.Cli.Commands;

/// <summary>`ser token`: who may use the scheduler of this machine.</summary>
internal static class TokenCommand
{
    internal static Command Create()
    {
        var command = new Command("token", "Tokens of the scheduler on this machine: their hashes lie in tokens.json of the data folder, or in Scheduler:Tokens.") { CreateToken(), List(), Revoke() };
        return command;
    }

    private static Command CreateToken()
    {
        var role = new Option<string>("--role") { Description = "viewer (looks) or operator (looks and acts).", Required = true };
        role.AcceptOnlyFromAmong("viewer", "operator");
        var name = new Option<string?>("--name") { Description = "Who will use it; the audit has it. Default: the role.", HelpName = "NAME" };
        var forOthers = new Option<bool>("--for-others") { Description = "For a dashboard whose visitors sign in elsewhere (Dashboard:OpenIdConnect): its holder may say on whose behalf it acts." };
        var command = new Command("create", "Make a token and print it, once.") { role, name, forOthers, HostCommands.Config };
        command.SetAction(parsed =>
        {
            string who = parsed.GetValue(name) ?? parsed.GetValue(role)!;
            string token = File(parsed).Create(who, Enum.Parse<Role>(parsed.GetValue(role)!, ignoreCase: true), parsed.GetValue(forOthers));
            Output.Say($"the token of {who}; nobody can see it again. Use it as SER_TOKEN or in a --token-file:");
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(new JsonObject { ["name"] = who, ["role"] = parsed.GetValue(role), ["token"] = token });
            }
            else
            {
                Output.Text(token);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Say whose tokens there are.") { HostCommands.Config };
        command.SetAction(parsed =>
        {
            var tokens = File(parsed).All();
            if (parsed.GetValue(CommandLine.Json))
            {
                Output.Json(new JsonObject
                {
                    ["tokens"] = new JsonArray([.. tokens.Select(token => (JsonNode)new JsonObject
                {
                    ["name"] = token.Name,
                    ["role"] = token.Role.ToString().ToLowerInvariant(),
                    ["forOthers"] = token.ForOthers,
                    ["created"] = token.Created.ToString("O", CultureInfo.InvariantCulture),
                })])
                });
                return CommandLine.Done;
            }

            foreach (var token in tokens)
            {
                Output.Text($"{token.Name}  {token.Role.ToString().ToLowerInvariant()}{(token.ForOthers ? ", for others" : "")}  {token.Created.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)}");
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static Command Revoke()
    {
        var name = new Argument<string>("NAME") { Description = "Whose." };
        var command = new Command("revoke", "Forget a token: it opens nothing from now on.") { name, HostCommands.Config };
        command.SetAction(parsed =>
        {
            File(parsed).Revoke(parsed.GetValue(name)!);
            Output.Say($"the token of {parsed.GetValue(name)} opens nothing any longer");
            return CommandLine.Done;
        });
        return command;
    }

    private static TokenFile File(ParseResult parsed) => new(
        HostConfiguration.TokensFile(HostConfiguration.Read(parsed.GetValue(HostCommands.Config), new Dictionary<string, string?>()), CommandLine.DataFolder(parsed)), TimeProvider.System);
}
