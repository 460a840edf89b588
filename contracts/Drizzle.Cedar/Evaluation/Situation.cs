namespace Drizzle.Cedar.Evaluation;

/// <summary>What expressions are evaluated over. The three entities that a request is about are looked up once.</summary>
internal readonly struct Situation
{
    private static readonly HashSet<EntityUid> Nothing = [];

    public readonly Value Principal;
    public readonly Value Action;
    public readonly Value Resource;
    public readonly Value Context;
    public readonly Request Request;

    private readonly Entities _entities;
    private readonly Entities.Node? _principal;
    private readonly Entities.Node? _action;
    private readonly Entities.Node? _resource;

    public Situation(in Request request, Entities entities)
    {
        (Request, _entities) = (request, entities);
        (Principal, Action, Resource, Context) = (Value.Of(request.Principal), Value.Of(request.Action), Value.Of(request.Resource), Value.Of(request.Context));
        (_principal, _action, _resource) = (entities.Find(request.Principal), entities.Find(request.Action), entities.Find(request.Resource));
    }

    public HashSet<EntityUid> AncestorsOf(EntityUid entity) => Find(entity)?.Ancestors ?? Nothing;

    public bool IsIn(EntityUid entity, EntityUid other) => entity.Equals(other) || Find(entity)?.Ancestors.Contains(other) == true;

    public Entities.Node? Find(EntityUid entity)
    {
        if (ReferenceEquals(entity, Request.Principal)) return _principal;
        if (ReferenceEquals(entity, Request.Resource)) return _resource;
        return ReferenceEquals(entity, Request.Action) ? _action : _entities.Find(entity);
    }
}
