namespace Drizzle.Silo;

/// <summary>What ends a silo at once: it was declared dead, or cannot tell whether it is a member. It says so, and whoever runs it starts another.</summary>
internal sealed class Departure : IFatalErrorHandler
{
    private const int Refused = 1;

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        Console.Error.WriteLine($"drizzle: This silo ends, and what it owned is others' now: {(context ?? exception?.Message ?? "").Split('.', 2)[0]}.");
        Environment.Exit(Refused);
    }
}
