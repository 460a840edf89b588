namespace Drizzle.Cedar.Validation;

/// <summary>One kind of request that the schema allows, and of what types a template's slots are then.</summary>
internal sealed record RequestTypes(string Principal, ActionDefinition Action, string Resource, string? PrincipalSlot, string? ResourceSlot)
{
    /// <summary>All kinds.</summary>
    public static IEnumerable<RequestTypes> Of(Schema schema, Policy policy)
    {
        foreach (var action in schema.Actions.Values)
        {
            foreach (var principal in action.Principals)
            {
                foreach (var resource in action.Resources)
                {
                    foreach (var principalSlot in SlotTypes(schema, policy.Principal, principal))
                    {
                        foreach (var resourceSlot in SlotTypes(schema, policy.Resource, resource)) yield return new RequestTypes(principal, action, resource, principalSlot, resourceSlot);
                    }
                }
            }
        }
    }

    private static IEnumerable<string?> SlotTypes(Schema schema, Scope scope, string variable)
    {
        if (scope.Slot is null) return [null];
        if (scope.Kind == ScopeKind.Equal) return [variable];
        return schema.EntityTypes.Values.Where(t => t.Descendants.Contains(variable)).Select(t => t.Name).Append(variable).Distinct(StringComparer.Ordinal);
    }
}
