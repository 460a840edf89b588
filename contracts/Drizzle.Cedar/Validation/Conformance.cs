namespace Drizzle.Cedar.Validation;

/// <summary>Whether entities and requests are as a schema says.</summary>
internal sealed class Conformance(Schema schema)
{
    /// <exception cref="CedarException">The entity is not of the schema.</exception>
    public void Check(Entity entity)
    {
        if (!schema.TryGetType(entity.Uid.Type, out var type)) throw new CedarException($"There is no entity type '{entity.Uid.Type}'.");
        CheckName(entity.Uid);
        CheckValue(Value.Of(entity.Attributes), type.Attributes, $"The attributes of {entity.Uid}");
        foreach (var parent in entity.Parents)
        {
            CheckName(parent);
            if (!schema.TryGetType(parent.Type, out var container) || !container.Descendants.Contains(entity.Uid.Type)) throw new CedarException($"{entity.Uid} cannot be in {parent}: the schema has no {entity.Uid.Type} in {parent.Type}.");
        }
        foreach (var (name, tag) in entity.Tags) CheckValue(tag, type.Tags ?? throw new CedarException($"{entity.Uid} has tags, and {entity.Uid.Type} has none."), $"The tag '{name}' of {entity.Uid}");
    }

    /// <summary>An action that is among the entities says what the schema says.</summary>
    /// <exception cref="CedarException">It says something else.</exception>
    public void CheckAction(Entity action, IReadOnlySet<EntityUid> ancestors)
    {
        if (!schema.Actions.TryGetValue(action.Uid, out var definition)) throw new CedarException($"There is no action {action.Uid}.");
        if (action.Attributes.Count > 0 || action.Tags.Count > 0 || !ancestors.SetEquals(definition.Ancestors)) throw new CedarException($"The action {action.Uid} is not as the schema has it.");
    }

    /// <exception cref="CedarException">No such request is of the schema.</exception>
    public void Check(in Request request)
    {
        CheckParty(request.Principal);
        CheckParty(request.Resource);
        if (!schema.Actions.TryGetValue(request.Action, out var action)) throw new CedarException($"There is no action {request.Action}.");
        if (!action.Principals.Contains(request.Principal.Type)) throw new CedarException($"{request.Action} is nothing that a {request.Principal.Type} does.");
        if (!action.Resources.Contains(request.Resource.Type)) throw new CedarException($"{request.Action} is not done to a {request.Resource.Type}.");
        CheckValue(Value.Of(request.Context), action.Context, "The context");
    }

    private void CheckParty(EntityUid entity)
    {
        if (!schema.EntityTypes.ContainsKey(entity.Type)) throw new CedarException($"There is no entity type '{entity.Type}'.");
        CheckName(entity);
    }

    private void CheckName(EntityUid entity)
    {
        if (ActionTypes.Is(entity.Type) && !schema.Actions.ContainsKey(entity)) throw new CedarException($"There is no action {entity}.");
        if (schema.TryGetType(entity.Type, out var type) && type.Ids?.Contains(entity.Id) == false) throw new CedarException($"{entity} is none of the entities that {entity.Type} lists.");
    }

    private void CheckValue(Value value, CedarType type, string what)
    {
        if (!IsOf(value, type)) throw new CedarException($"{what}: expected {type}, and this is {value}.");
    }

    private bool IsOf(Value value, CedarType type)
    {
        switch (value.Kind)
        {
            case ValueKind.Entity:
                CheckName(value.AsEntity);
                return type is EntityType entity && entity.Name == value.AsEntity.Type;
            case ValueKind.Set:
                return type is SetType set && value.AsSet.All(e => IsOf(e, set.Element));
            case ValueKind.Record:
                return type is RecordType record && IsOf(value.AsRecord, record);
            default:
                return type == CedarType.Of(value.Kind);
        }
    }

    private bool IsOf(RecordValue value, RecordType type) =>
        value.All(f => type.Fields.TryGetValue(f.Key, out var field) && IsOf(f.Value, field.Type)) && type.Fields.All(f => !f.Value.IsRequired || value.Has(f.Key));
}
