namespace Drizzle.Cedar.Validation;

/// <summary>The type of an expression.</summary>
/// <param name="IsOk">Whether it and all beneath are well typed.</param>
/// <param name="Type">Also of a wrong one where it is clear what it would be; otherwise null.</param>
/// <param name="Gained">What is known to be there where the expression is true.</param>
internal readonly record struct Answer(bool IsOk, CedarType? Type, Capabilities Gained)
{
    public static Answer Wrong(CedarType? type) => new(false, type, Capabilities.None);

    public static Answer Of(CedarType type) => new(true, type, Capabilities.None);

    /// <summary>This, but wrong where something beneath is.</summary>
    public Answer If(bool isOk) => isOk ? this : Wrong(Type);
}
