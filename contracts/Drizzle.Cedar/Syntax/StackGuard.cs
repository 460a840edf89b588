using System.Runtime.CompilerServices;

namespace Drizzle.Cedar;

/// <summary>For what calls itself for each level of an expression, a type or a document: a small stack ends in a sentence, not in the process.</summary>
internal static class StackGuard
{
    /// <exception cref="CedarException">There is too little left.</exception>
    public static void Check(TextPosition at = default)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw new CedarException("This is nested too deep.", at);
    }
}
