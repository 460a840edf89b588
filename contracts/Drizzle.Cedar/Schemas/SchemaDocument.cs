using Annotations = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string?>>;

namespace Drizzle.Cedar.Schemas;

/// <summary>What a reference to a type may name.</summary>
internal enum ReferenceKind
{
    Either,
    Common,
    Entity,
}

/// <summary>A type, as it was written.</summary>
internal abstract record TypeSyntax;

internal sealed record NamedType(string Name, ReferenceKind Kind) : TypeSyntax;

/// <summary>Boolean, long or string, as JSON names them.</summary>
internal sealed record BuiltInType(ValueKind Kind) : TypeSyntax;

internal sealed record SetSyntax(TypeSyntax Element) : TypeSyntax;

internal sealed record RecordSyntax(IReadOnlyList<AttributeSyntax> Attributes) : TypeSyntax;

internal sealed record ExtensionSyntax(string Name) : TypeSyntax;

internal sealed record AttributeSyntax(string Name, TypeSyntax Type, bool IsRequired, Annotations Annotations);

internal sealed record CommonTypeSyntax(string Name, TypeSyntax Type, Annotations Annotations);

/// <param name="Shape">Null for no attributes.</param>
/// <param name="Ids">Null where any id will do.</param>
internal sealed record EntitySyntax(string Name, IReadOnlyList<string> MemberOf, TypeSyntax? Shape, TypeSyntax? Tags, IReadOnlyList<string>? Ids, Annotations Annotations);

/// <param name="Type">Null for the actions of the namespace.</param>
internal sealed record ActionReference(string? Type, string Id);

/// <param name="Context">Null for none.</param>
internal sealed record AppliesSyntax(IReadOnlyList<string> Principals, IReadOnlyList<string> Resources, TypeSyntax? Context);

/// <param name="MemberOf">Null where none is stated.</param>
internal sealed record ActionSyntax(string Name, IReadOnlyList<ActionReference>? MemberOf, AppliesSyntax? Applies, Annotations Annotations);

/// <param name="Name">Empty for what is in no namespace.</param>
internal sealed record NamespaceSyntax(string Name, IReadOnlyList<CommonTypeSyntax> Types, IReadOnlyList<EntitySyntax> Entities, IReadOnlyList<ActionSyntax> Actions, Annotations Annotations);

/// <summary>A schema as it was written, in either syntax.</summary>
internal sealed record SchemaDocument(IReadOnlyList<NamespaceSyntax> Namespaces);
