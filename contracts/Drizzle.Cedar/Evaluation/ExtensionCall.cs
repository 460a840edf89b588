namespace Drizzle.Cedar.Evaluation;

/// <summary>A function of an extension type.</summary>
internal sealed class ExtensionCall(ExtensionFunction function, Evaluator[] arguments) : Evaluator
{
    public override Value Evaluate(in Situation situation)
    {
        var (first, second) = (default(Value), default(Value));
        for (var i = 0; i < arguments.Length; i++)
        {
            var value = arguments[i].Evaluate(situation);
            if (value.IsFailure) return value;
            if (i == 0) first = value;
            else second = value;
        }
        var parameters = function.Parameters;
        if (arguments.Length != parameters.Count) return Value.Failed($"{function.Name} takes {parameters.Count} arguments, and {arguments.Length} are given");
        if (first.Kind != parameters[0]) return Wrong($"{function.Name} wants a {parameters[0]}", first);
        if (parameters.Count > 1 && second.Kind != parameters[1]) return Wrong($"{function.Name} wants a {parameters[1]}", second);
        return Call(function, first, second);
    }

    /// <summary>Of arguments that are of the function's kinds.</summary>
    internal static Value Call(ExtensionFunction function, Value first, Value second) => function.Name switch
    {
        "lessThan" => Value.Of(first.Bits < second.Bits),
        "lessThanOrEqual" => Value.Of(first.Bits <= second.Bits),
        "greaterThan" => Value.Of(first.Bits > second.Bits),
        "greaterThanOrEqual" => Value.Of(first.Bits >= second.Bits),
        "isIpv4" => Value.Of(!first.AsIp.IsIpv6),
        "isIpv6" => Value.Of(first.AsIp.IsIpv6),
        "isLoopback" => Value.Of(first.AsIp.IsLoopback),
        "isMulticast" => Value.Of(first.AsIp.IsMulticast),
        "isInRange" => Value.Of(first.AsIp.IsInRange(second.AsIp)),
        "offset" => Fitting((Int128)first.Bits + second.Bits, Value.OfDatetime),
        "durationSince" => Fitting((Int128)first.Bits - second.Bits, Value.OfDuration),
        "toDate" => Fitting((Int128)first.Bits - TimeOfDay(first.Bits), Value.OfDatetime),
        "toTime" => Value.OfDuration(TimeOfDay(first.Bits)),
        "toMilliseconds" => Value.Of(first.Bits),
        "toSeconds" => Value.Of(first.Bits / 1000),
        "toMinutes" => Value.Of(first.Bits / 60_000),
        "toHours" => Value.Of(first.Bits / 3_600_000),
        "toDays" => Value.Of(first.Bits / Durations.Day),
        _ => function.Construct(first.AsString),
    };

    private static long TimeOfDay(long at) => at % Durations.Day is var rest && rest < 0 ? rest + Durations.Day : rest;

    private static Value Fitting(Int128 milliseconds, Func<long, Value> make) =>
        milliseconds >= long.MinValue && milliseconds <= long.MaxValue ? make((long)milliseconds) : Value.Failed("the time does not fit into 64 bits");
}
