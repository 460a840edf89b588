namespace Drizzle.Cedar.Evaluation;

/// <summary>What expressions are evaluated over.</summary>
internal readonly struct Situation(in Request request, Entities entities)
{
    public readonly Value Principal = Value.Of(request.Principal);
    public readonly Value Action = Value.Of(request.Action);
    public readonly Value Resource = Value.Of(request.Resource);
    public readonly Value Context = Value.Of(request.Context);
    public readonly Entities Entities = entities;
}
