using System.CommandLine;
using Drizzle.Cli.Output;

namespace Drizzle.Cli.Verbs;

/// <summary>Prints what makes a shell complete this command's words; the words come from the command itself, by its suggest directive.</summary>
internal static class CompletionVerb
{
    private const string Bash = """
        _drizzle() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _drizzle drizzle ./drizzle
        """;

    private const string Zsh = """
        _drizzle() {
          local -a found
          found=("${(@f)$("${words[1]}" "[suggest:${#BUFFER}]" "$BUFFER" 2>/dev/null)}")
          (( ${#found} )) && compadd -a found || _files
        }
        compdef _drizzle drizzle ./drizzle
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash or zsh" };
        shell.AcceptOnlyFromAmong("bash", "zsh");
        var verb = new Command("completion", "Prints a script that completes this command's words: source <(./drizzle completion bash).") { shell };
        verb.SetAction(parsed =>
        {
            Terminal.Document(parsed.GetRequiredValue(shell) == "zsh" ? Zsh : Bash);
            return ExitCode.Done;
        });
        return verb;
    }
}
