using System.Globalization;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Telemetry;

namespace Drizzle.Edge.Limits;

/// <summary>What the limits of a request say in its answer; all null where it has none.</summary>
internal readonly record struct LimitReport(string? Policy, string? State, string? Limit, string? Remaining, string? Reset);

/// <summary>
/// Charges a request to all limits that apply, or to none: where edges share an engine by leases of its buckets, else in the buckets of this process. The
/// limit on client addresses is each edge's own.
/// </summary>
/// <param name="shared">Null where this process owns the buckets.</param>
internal sealed class RequestLimits(IBuckets own, LeasedBuckets? shared, EdgeMetrics metrics)
{
    /// <summary>The name of the limit on each client address.</summary>
    public const string AddressLimit = "platform/address";

    private const int MostCharges = 64;

    // Filled and read without leaving the thread in between.
    [ThreadStatic]
    private static Scratch? t_scratch;

    private sealed class Scratch
    {
        public readonly CompiledLimit[] Limits = new CompiledLimit[MostCharges];
        public readonly BucketCharge[] Charges = new BucketCharge[MostCharges];
        public readonly BucketAnswer[] Answers = new BucketAnswer[MostCharges];
    }

    /// <summary>Before anything is known but the client's address.</summary>
    public Refusal? ChargeAddress(Exchange exchange)
    {
        var charge = AddressChargeOf(exchange);
        var answer = default(BucketAnswer);
        if (own.Charge(new(ref charge), new(ref answer)).IsAdmitted) return null;
        metrics.LimitDecided("", "address", isAdmitted: false);
        return Refusal.LimitExceeded("address", RetrySeconds(answer));
    }

    public ValueTask<Refusal?> ChargeAsync(Exchange exchange)
    {
        if (exchange.Route is not { } route) return default;
        var scratch = t_scratch ??= new Scratch();
        var count = Collect(route, exchange, scratch);
        if (count == 0) return default;
        var charges = scratch.Charges.AsSpan(0, count);
        var answers = scratch.Answers.AsSpan(0, count);
        if (shared is null) return new(Conclude(exchange, scratch, count, own.Charge(charges, answers)));
        if (shared.TryCharge(charges, answers, isFirstTry: true, mayAsk: true) is { } answer) return new(Conclude(exchange, scratch, count, answer));
        // What waits leaves this thread, and takes along what belongs to it.
        t_scratch = null;
        return WaitAsync(exchange, scratch, count, shared);
    }

    private async ValueTask<Refusal?> WaitAsync(Exchange exchange, Scratch scratch, int count, LeasedBuckets buckets)
    {
        var answer = await buckets.ChargeAsync(scratch.Charges.AsMemory(0, count), scratch.Answers.AsMemory(0, count));
        return Conclude(exchange, scratch, count, answer);
    }

    private Refusal? Conclude(Exchange exchange, Scratch scratch, int count, ChargeAnswer answer)
    {
        var last = answer.IsAdmitted ? count - 1 : answer.RefusedBy;
        exchange.Limits = Report(scratch, last + 1, answer.IsAdmitted ? Tightest(scratch, count) : last);
        for (var i = 0; i <= last; i++) metrics.LimitDecided(scratch.Limits[i].Tenant, scratch.Limits[i].Name, i != answer.RefusedBy);
        return answer.IsAdmitted ? null : Refusal.LimitExceeded(scratch.Limits[last].Name, RetrySeconds(scratch.Answers[last]));
    }

    /// <summary>Every charge that a request would make, the one on its client's address first. Makes none.</summary>
    public static IReadOnlyList<BucketCharge> ChargesOf(Exchange exchange)
    {
        if (exchange.Route is not { } route) return [AddressChargeOf(exchange)];
        var scratch = new Scratch();
        return [AddressChargeOf(exchange), .. scratch.Charges.AsSpan(0, Collect(route, exchange, scratch))];
    }

    /// <summary>The charge that a request would make before anything is known but its client's address. Makes none.</summary>
    public static BucketCharge AddressChargeOf(Exchange exchange) => new(new(AddressLimit, exchange.Client.LimitSubject), exchange.Platform.AddressRule, 1);

    private static int Collect(CompiledRoute route, Exchange exchange, Scratch scratch)
    {
        var count = 0;
        Collect(exchange.Platform.Limits, exchange, scratch, ref count);
        Collect(route.Limits, exchange, scratch, ref count);
        if (exchange.Consumer is { } consumer) Collect(consumer.Limits, exchange, scratch, ref count);
        return count;
    }

    private static void Collect(CompiledLimit[] limits, Exchange exchange, Scratch scratch, ref int count)
    {
        foreach (var limit in limits)
        {
            if (count == MostCharges) return;
            scratch.Limits[count] = limit;
            scratch.Charges[count++] = new(limit.BucketOf(exchange), limit.Rule, exchange.Route?.Cost ?? 1, limit.Revision, limit.OnFailure);
        }
    }

    private static int Tightest(Scratch scratch, int count)
    {
        var tightest = 0;
        for (var i = 1; i < count; i++)
        {
            if (scratch.Answers[i].Remaining < scratch.Answers[tightest].Remaining) tightest = i;
        }
        return tightest;
    }

    private static LimitReport Report(Scratch scratch, int count, int tightest)
    {
        var policy = scratch.Limits[0].PolicyItem;
        var state = Item(scratch, 0);
        for (var i = 1; i < count; i++)
        {
            policy = $"{policy}, {scratch.Limits[i].PolicyItem}";
            state = $"{state}, {Item(scratch, i)}";
        }
        return new(policy, state, scratch.Limits[tightest].BurstText, Number(scratch.Answers[tightest].Remaining), Number(ResetSeconds(scratch, tightest)));
    }

    private static string Item(Scratch scratch, int index) =>
        $"\"{scratch.Limits[index].Name}\";r={scratch.Answers[index].Remaining};t={ResetSeconds(scratch, index)}";

    /// <summary>Seconds until the bucket is full, rounded up.</summary>
    private static long ResetSeconds(Scratch scratch, int index)
    {
        var rule = scratch.Limits[index].Rule;
        var missing = rule.Burst - scratch.Answers[index].Remaining;
        return ((missing * rule.Interval) + 999_999_999) / 1_000_000_000;
    }

    /// <summary>Rounded up, with up to a tenth more by chance, so that clients do not come back all at once.</summary>
    private static long RetrySeconds(BucketAnswer answer)
    {
        if (answer.RetryAfter < 0) return 86400;
        var seconds = (answer.RetryAfter + 999_999_999) / 1_000_000_000;
        return Math.Max(1, seconds + Random.Shared.NextInt64((seconds / 10) + 1));
    }

    private static string Number(long value) => value is >= 0 and < 1024 ? Small[value] : value.ToString(CultureInfo.InvariantCulture);

    private static readonly string[] Small = [.. Enumerable.Range(0, 1024).Select(i => i.ToString(CultureInfo.InvariantCulture))];
}
