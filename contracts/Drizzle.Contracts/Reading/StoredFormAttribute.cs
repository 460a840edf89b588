namespace Drizzle.Contracts.Reading;

/// <summary>Marks a property that exists as a document is stored, and that nobody can state or see.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StoredFormAttribute : Attribute;
