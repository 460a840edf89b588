using System.CommandLine;
using System.CommandLine.Invocation;
using Drizzle.Cli;
using Drizzle.Cli.Output;
using Drizzle.Cli.Verbs;
using Drizzle.Contracts.Ports;

var root = new RootCommand("Drizzle, a multi-tenant API gateway: runs it and administers it.")
{
    UpVerb.Create(),
    AdminVerb.Create(),
    EdgeVerb.Create(),
    SiloVerb.Create(),
    ApplyVerb.Create(),
    DiffVerb.Create(),
    ExportVerb.Create(),
    GetVerb.Create(),
    CreateVerb.Create(),
    DeleteVerb.Create(),
    RevokeVerb.Create(),
    PasswdVerb.Create(),
    StatusVerb.Create(),
    ExplainVerb.Create(),
    LimitsVerb.Create(),
    PoliciesVerb.Create(),
    UsageVerb.Create(),
    RevisionsVerb.Create(),
    RollbackVerb.Create(),
    SampleVerb.Create(),
    DoctorVerb.Create(),
    CompletionVerb.Create(),
};
CommonOptions.AddTo(root);

var parsed = root.Parse(args);
if (parsed.Action is ParseErrorAction)
{
    Usage.Explain(parsed);
    return ExitCode.WrongUsage;
}
try
{
    // Signals belong to the verbs that run until one comes; the others may be ended at any time.
    return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (CommandFailure failure)
{
    foreach (var sentence in failure.Sentences) Terminal.Error(sentence);
    return failure.ExitCode;
}
catch (EngineException e)
{
    Terminal.Error(e.Message);
    return ExitCode.Refused;
}
