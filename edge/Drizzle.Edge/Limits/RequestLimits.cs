using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Ports;
using Drizzle.Contracts.Validation;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Telemetry;

namespace Drizzle.Edge.Limits;

/// <summary>
/// Charges a request to all limits that apply, or to none: it enters the gates of concurrency, takes of its quotas what may be put back, and then charges the
/// buckets, by leases where edges share an engine, else in the buckets of this process.
/// </summary>
/// <param name="shared">Null where this process owns the buckets.</param>
internal sealed class RequestLimits(IBuckets own, LeasedBuckets? shared, QuotaDesk quotas, ConcurrencyGates gates, EdgeMetrics metrics, TimeProvider clock)
{
    /// <summary>The name of the limit on each client address.</summary>
    public const string AddressLimit = "platform/address";

    private const int MostCharges = 64;
    private const long MostAllowance = 5;

    // Filled and read without leaving the thread in between.
    [ThreadStatic]
    private static Scratch? t_scratch;

    private sealed class Scratch
    {
        public readonly CompiledLimit[] Limits = new CompiledLimit[MostCharges];
        public readonly BucketCharge[] Charges = new BucketCharge[MostCharges];
        public readonly BucketAnswer[] Answers = new BucketAnswer[MostCharges];
        public readonly QuotaCharge[] QuotaCharges = new QuotaCharge[LimitRules.MostInOnePlace];
        public readonly TakenQuota[] Taken = new TakenQuota[LimitRules.MostInOnePlace];
        public readonly LimitState[] States = new LimitState[MostCharges + LimitRules.MostInOnePlace];
    }

    /// <summary>
    /// Before anything is known but the client's address. A client that is new to this edge has an allowance, so that nobody waits for the owner at once. In a
    /// crowd of addresses each edge counts new ones for itself, by its part of the rule, so that a flood of them costs the owner nothing.
    /// </summary>
    public ValueTask<Refusal?> ChargeAddressAsync(Exchange exchange)
    {
        var charge = AddressChargeOf(exchange);
        var answer = default(BucketAnswer);
        if (shared is null) return new(Concluded(own.Charge(new(ref charge), new(ref answer)).IsAdmitted, answer));
        if (!shared.IsShared(charge.Bucket))
        {
            var part = charge with { Rule = charge.Rule.PartOf(shared.Edges) };
            return new(Concluded(own.Charge(new(ref part), new(ref answer)).IsAdmitted, answer));
        }
        return shared.TryChargeAhead(charge, Math.Clamp(charge.Rule.Burst / 10, 1, MostAllowance), exchange.DecidedAt, out answer) is { } passes
            ? new(Concluded(passes, answer))
            : WaitForAddressAsync(exchange, charge, shared);
    }

    private async ValueTask<Refusal?> WaitForAddressAsync(Exchange exchange, BucketCharge charge, LeasedBuckets buckets)
    {
        var answers = new BucketAnswer[1];
        var answer = await buckets.ChargeAsync(new[] { charge }, answers);
        exchange.DecidedAt = clock.GetTimestamp();
        return Concluded(answer.IsAdmitted, answers[0]);
    }

    private Refusal? Concluded(bool passes, in BucketAnswer answer) => passes ? null : Refuse("", "address", Refusal.LimitExceeded("address", RetrySeconds(answer)));

    public ValueTask<Refusal?> ChargeAsync(Exchange exchange)
    {
        if (exchange.Route is not { } route) return default;
        if (gates.TryEnter(exchange) is { } full) return new(Refuse(full.Tenant, full.Name, Refusal.ConcurrencyExceeded(full.Name)));
        var scratch = t_scratch ??= new Scratch();
        var count = Collect(route, exchange, scratch);
        var quotaCount = exchange.Consumer is { Plan.Quotas: { Length: > 0 } own } ? quotas.Collect(own, exchange, scratch.QuotaCharges) : 0;
        if (count == 0 && quotaCount == 0) return default;
        return TryCharge(exchange, scratch, count, quotaCount, out var refusal) ? new(refusal) : WaitAsync(exchange, Leaving(scratch), count, quotaCount);
    }

    /// <summary>The request has ended, or goes no further.</summary>
    public void Leave(Exchange exchange) => gates.Leave(exchange);

    /// <returns>False where an owner has to be asked; nothing is taken then.</returns>
    private bool TryCharge(Exchange exchange, Scratch scratch, int count, int quotaCount, out Refusal? refusal)
    {
        refusal = null;
        if (quotaCount > 0)
        {
            if (quotas.TryTake(scratch.QuotaCharges.AsSpan(0, quotaCount), scratch.Taken, exchange.DecidedAt) is not { } taken) return false;
            if (!taken.IsAdmitted)
            {
                refusal = OverQuota(exchange, scratch, taken.RefusedBy);
                return true;
            }
        }
        var charges = scratch.Charges.AsSpan(0, count);
        var answers = scratch.Answers.AsSpan(0, count);
        var answer = count == 0 ? new ChargeAnswer(-1) : shared is null ? own.Charge(charges, answers) : shared.TryCharge(charges, answers, exchange.DecidedAt);
        if (answer is not { } decided)
        {
            foreach (var some in scratch.Taken.AsSpan(0, quotaCount)) some.Cancel();
            return false;
        }
        refusal = Conclude(exchange, scratch, count, quotaCount, decided);
        return true;
    }

    /// <summary>What waits leaves this thread, and takes along what belongs to it.</summary>
    private static Scratch Leaving(Scratch scratch)
    {
        t_scratch = null;
        return scratch;
    }

    private async ValueTask<Refusal?> WaitAsync(Exchange exchange, Scratch scratch, int count, int quotaCount)
    {
        if (quotaCount > 0)
        {
            var taken = await quotas.TakeAsync(scratch.QuotaCharges.AsMemory(0, quotaCount), scratch.Taken);
            if (!taken.IsAdmitted) return OverQuota(exchange, scratch, taken.RefusedBy);
        }
        var (charges, answers) = (scratch.Charges.AsMemory(0, count), scratch.Answers.AsMemory(0, count));
        var answer = count == 0 ? new ChargeAnswer(-1) : shared is null ? own.Charge(charges.Span, answers.Span) : await shared.ChargeAsync(charges, answers);
        return Conclude(exchange, scratch, count, quotaCount, answer);
    }

    private Refusal? Conclude(Exchange exchange, Scratch scratch, int count, int quotaCount, ChargeAnswer answer)
    {
        var last = answer.IsAdmitted ? count - 1 : answer.RefusedBy;
        for (var i = 0; i <= last; i++)
        {
            scratch.States[i] = StateOf(scratch.Limits[i], scratch.Answers[i]);
            scratch.Limits[i].DecisionsIn(metrics).Add(i != answer.RefusedBy);
        }
        if (!answer.IsAdmitted)
        {
            foreach (var some in scratch.Taken.AsSpan(0, quotaCount)) some.Cancel();
            exchange.Limits = LimitReport.Of(scratch.States.AsSpan(0, last + 1), last);
            return Refusal.LimitExceeded(scratch.Limits[last].Name, RetrySeconds(scratch.Answers[last]));
        }
        for (var i = 0; i < quotaCount; i++)
        {
            scratch.Taken[i].Commit();
            var quota = QuotasOf(exchange)[i];
            scratch.States[count + i] = StateOf(quota, scratch.QuotaCharges[i]);
            quota.DecisionsIn(metrics).Add(isAdmitted: true);
        }
        exchange.Limits = LimitReport.Of(scratch.States.AsSpan(0, count + quotaCount), Tightest(scratch.States.AsSpan(0, count + quotaCount)));
        return null;
    }

    private Refusal OverQuota(Exchange exchange, Scratch scratch, int refusedBy)
    {
        var quota = QuotasOf(exchange)[refusedBy];
        scratch.States[0] = StateOf(quota, scratch.QuotaCharges[refusedBy]) with { Remaining = 0 };
        exchange.Limits = LimitReport.Of(scratch.States.AsSpan(0, 1), 0);
        return Refuse(quota.Tenant, quota.Name, Refusal.QuotaExceeded(quota.Name, Math.Max(1, scratch.States[0].ResetSeconds)));
    }

    private Refusal Refuse(string tenant, string limit, Refusal refusal)
    {
        metrics.LimitDecisionsOf(tenant, limit).Add(isAdmitted: false);
        return refusal;
    }

    private static CompiledQuota[] QuotasOf(Exchange exchange) => exchange.Consumer?.Plan.Quotas ?? [];

    /// <summary>Every charge that a request would make, the one on its client's address first. Makes none.</summary>
    public static IReadOnlyList<BucketCharge> ChargesOf(Exchange exchange)
    {
        if (exchange.Route is not { } route) return [AddressChargeOf(exchange)];
        var scratch = new Scratch();
        return [AddressChargeOf(exchange), .. scratch.Charges.AsSpan(0, Collect(route, exchange, scratch))];
    }

    /// <summary>The charge that a request would make before anything is known but its client's address. Makes none.</summary>
    public static BucketCharge AddressChargeOf(Exchange exchange) => new(new(AddressLimit, exchange.Client.LimitSubject), exchange.Platform.AddressRule, 1, exchange.Platform.Revision);

    private static int Collect(CompiledRoute route, Exchange exchange, Scratch scratch)
    {
        var count = 0;
        Collect(exchange.Platform.Limits, exchange, scratch, ref count);
        Collect(route.Limits, exchange, scratch, ref count);
        if (exchange.Consumer is { } consumer) Collect(consumer.Plan.Limits, exchange, scratch, ref count);
        return count;
    }

    private static void Collect(CompiledLimit[] limits, Exchange exchange, Scratch scratch, ref int count)
    {
        foreach (var limit in limits)
        {
            if (count == MostCharges) return;
            scratch.Limits[count] = limit;
            scratch.Charges[count++] = new(limit.Keys.BucketOf(limit.Id, exchange), limit.Rule, exchange.Route?.Cost ?? 1, limit.Revision, limit.OnFailure);
        }
    }

    private static int Tightest(ReadOnlySpan<LimitState> states)
    {
        var tightest = 0;
        for (var i = 1; i < states.Length; i++)
        {
            if (states[i].Remaining < states[tightest].Remaining) tightest = i;
        }
        return tightest;
    }

    /// <summary>It is full again after so many seconds, rounded up.</summary>
    private static LimitState StateOf(CompiledLimit limit, in BucketAnswer answer) => new(
        limit, answer.Remaining, (((limit.Rule.Burst - answer.Remaining) * limit.Rule.Interval) + 999_999_999) / 1_000_000_000);

    private LimitState StateOf(CompiledQuota quota, in QuotaCharge charge) => new(
        quota, quotas.RemainingOf(charge), Math.Max(0, charge.Terms.EndsAt - clock.GetUtcNow().ToUnixTimeSeconds()));

    /// <summary>Rounded up, with up to a tenth more by chance, so that clients do not come back all at once.</summary>
    private static long RetrySeconds(BucketAnswer answer)
    {
        if (answer.RetryAfter < 0) return 86400;
        var seconds = (answer.RetryAfter + 999_999_999) / 1_000_000_000;
        return Math.Max(1, seconds + Random.Shared.NextInt64((seconds / 10) + 1));
    }
}
