using System.CommandLine;

namespace Drizzle.Cli;

/// <summary>Options that several verbs have, and where their values come from when they are not stated.</summary>
internal static class CommonOptions
{
    public static readonly Option<string> Admin = new("--admin")
    {
        Description = "The admin API's address. Else DRIZZLE_ADMIN.",
        HelpName = "URL",
        Recursive = true,
        DefaultValueFactory = _ => Variable("DRIZZLE_ADMIN") ?? "http://127.0.0.1:3000",
    };

    public static readonly Option<string?> Token = new("--token")
    {
        Description = "A token of the admin API. Else DRIZZLE_TOKEN, else root.token in the data folder.",
        HelpName = "TOKEN",
        Recursive = true,
    };

    public static readonly Option<string> Data = new("--data")
    {
        Description = "The data folder. Else DRIZZLE_DATA.",
        HelpName = "DIR",
        Recursive = true,
        DefaultValueFactory = _ => Variable("DRIZZLE_DATA") ?? "./data",
    };

    public static readonly Option<string> Output = MakeOutput();

    /// <summary>A file to read, or - for the standard input.</summary>
    public static readonly Option<string> File = new("--file", "-f") { Description = "A configuration file, or - for stdin.", HelpName = "FILE", Required = true };

    public static readonly Option<bool> Prune = new("--prune") { Description = "Also remove what a tenant has and the file does not name." };

    public static readonly Option<bool> Force = new("--force") { Description = "Change also what is kept in a file, and take it from that." };

    /// <summary>For verbs that work within one tenant.</summary>
    public static readonly Option<string> Tenant = new("--tenant", "-t") { Description = "The tenant.", HelpName = "TENANT", Required = true };

    /// <summary>For verbs that may do without.</summary>
    public static readonly Option<string?> AnyTenant = new("--tenant", "-t") { Description = "The tenant.", HelpName = "TENANT" };

    public static void AddTo(RootCommand root)
    {
        root.Options.Add(Admin);
        root.Options.Add(Token);
        root.Options.Add(Data);
    }

    /// <summary>Null where it is not set, or empty.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static Option<string> MakeOutput()
    {
        var option = new Option<string>("--output", "-o") { Description = "How it is shown.", DefaultValueFactory = _ => "table" };
        option.AcceptOnlyFromAmong("table", "json", "yaml");
        return option;
    }
}
