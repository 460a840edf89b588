using System.Collections.Concurrent;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Quotas;
using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;

namespace Drizzle.Edge.Limits;

/// <summary>
/// Counts quotas. What is admitted was reserved in the ledger before, ahead of need, so that most requests are decided on their own thread; one that finds nothing
/// in hand waits for the ledger, for a twentieth of a second at most.
/// </summary>
/// <remarks>One loop asks the ledger, for all counts that want something; another looks after what is idle or whose window has ended.</remarks>
internal sealed class QuotaDesk : IAsyncDisposable
{
    private const int MostKept = 50_000;
    private const int MostOfOneQuota = 20_000;

    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(100);

    private readonly IQuotaLedger _ledger;
    private readonly TimeProvider _clock;
    private readonly OwnerContact _contact;
    private readonly string _life;
    private readonly ConcurrentDictionary<QuotaId, SharedQuota> _quotas = new();
    private readonly AskQueue<SharedQuota> _wanting = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly SubjectCounts _counts = new(MostKept, MostOfOneQuota);
    private Task _loops = Task.CompletedTask;
    private int _made;

    /// <param name="edge">This edge's name; a later life of it has nothing in hand, and is another holder.</param>
    public QuotaDesk(IQuotaLedger ledger, string edge, TimeProvider clock)
    {
        (_ledger, _clock, _contact) = (ledger, clock, new OwnerContact(clock));
        _life = $"{edge} {Guid.NewGuid():N}";
    }

    /// <summary>Whether the ledger answers.</summary>
    public bool IsLedgerUp => _contact.State.IsUp;

    /// <summary>Begins to ask; the first call opens a connection.</summary>
    public async Task StartAsync()
    {
        await CallAsync([]);
        _loops = Task.WhenAll(AskAsync(), SweepAsync());
    }

    /// <summary>The quotas of a request in the windows of this instant.</summary>
    /// <returns>How many.</returns>
    public int Collect(CompiledQuota[] quotas, Requests.Exchange exchange, Span<QuotaCharge> charges)
    {
        var now = _clock.GetUtcNow();
        for (var i = 0; i < quotas.Length; i++)
        {
            var (bucket, span) = (quotas[i].Keys.BucketOf(quotas[i].Id, exchange), quotas[i].At(now));
            charges[i] = new(new(bucket.Limit, bucket.Subject, span.Start), new(quotas[i].Amount, span.End, quotas[i].Revision), exchange.Route?.Cost ?? 1, quotas[i].OnFailure);
        }
        return quotas.Length;
    }

    /// <summary>Takes of all counts or of none, if that can be said at once.</summary>
    /// <param name="taken">As many as there are charges; to be committed or cancelled.</param>
    /// <param name="timestamp">Of the injected clock: when it is taken.</param>
    /// <returns>Null where the ledger has to be asked.</returns>
    public ChargeAnswer? TryTake(ReadOnlySpan<QuotaCharge> charges, Span<TakenQuota> taken, long timestamp) => TryTake(charges, taken, _contact.At(timestamp), isWaiting: false, mayAsk: true);

    /// <param name="isWaiting">Whether the request is counted among those that wait: it is demand already, and what is low is not asked for before it no longer waits.</param>
    private ChargeAnswer? TryTake(ReadOnlySpan<QuotaCharge> charges, Span<TakenQuota> taken, long now, bool isWaiting, bool mayAsk)
    {
        var state = _contact.State;
        for (var i = 0; i < charges.Length; i++)
        {
            var quota = Find(charges[i], now);
            if (!isWaiting) quota.Held.Asked(charges[i].Cost, now);
            var verdict = quota.TryTake(charges[i], state, mayAsk, now, out taken[i]);
            _wanting.Tried(quota, verdict, isWaiting, state, now);
            if (verdict == TakeVerdict.Taken) continue;
            for (var j = 0; j < i; j++) taken[j].Cancel();
            return verdict == TakeVerdict.Refused ? new ChargeAnswer(i) : null;
        }
        return new ChargeAnswer(-1);
    }

    /// <summary>Takes of all counts or of none, and waits for the ledger as long as a request may.</summary>
    public async ValueTask<ChargeAnswer> TakeAsync(ReadOnlyMemory<QuotaCharge> charges, Memory<TakenQuota> taken)
    {
        var wanted = new (SharedQuota Quota, long)[charges.Length];
        for (var i = 0; i < wanted.Length; i++) wanted[i] = (Find(charges.Span[i], _contact.Now()), charges.Span[i].Cost);
        var answer = await _contact.DecideAsync(wanted, (now, mayAsk) => TryTake(charges.Span, taken.Span, now, isWaiting: true, mayAsk));
        foreach (var (quota, _) in wanted) _wanting.Tried(quota, TakeVerdict.Taken, isWaiting: false, _contact.State, _contact.Now());
        return answer;
    }

    /// <summary>What is left for this edge at least.</summary>
    public long RemainingOf(in QuotaCharge charge) => _quotas.TryGetValue(charge.Quota, out var quota) ? quota.Remaining : 0;

    /// <summary>What is in hand goes back, and what was spent is said.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ending.IsCancellationRequested) return;
        await _ending.CancelAsync();
        await _loops;
        foreach (var batch in _quotas.Values.Chunk(IQuotaLedger.MostInBatch))
        {
            foreach (var quota in batch) quota.Lost();
            if (!await AskAsync(batch, isOver: true)) break;
        }
        _ending.Dispose();
    }

    private SharedQuota Find(in QuotaCharge charge, long now)
    {
        if (_quotas.TryGetValue(charge.Quota, out var known))
        {
            known.Follow(charge.Terms);
            return known;
        }
        var id = charge.Quota;
        if (!_counts.HasRoom(id.Quota)) id = id with { Subject = new BucketId(id.Quota, id.Subject).Shared.Subject };
        var made = new SharedQuota($"{_life} {Interlocked.Increment(ref _made)}", id, charge.Terms, now);
        var found = _quotas.GetOrAdd(id, made);
        if (ReferenceEquals(made, found)) _counts.Add(id.Quota);
        return found;
    }

    private async Task AskAsync()
    {
        var batch = new List<SharedQuota>();
        while (await _wanting.WaitAsync(_ending.Token))
        {
            batch.Clear();
            while (batch.Count < IQuotaLedger.MostInBatch && _wanting.TryTake(out var quota)) batch.Add(quota);
            if (!await AskAsync(batch, isOver: false)) await PauseAsync(RetryEvery);
        }
    }

    /// <returns>False where the ledger did not answer.</returns>
    private async Task<bool> AskAsync(IReadOnlyList<SharedQuota> quotas, bool isOver)
    {
        var asking = new List<(SharedQuota Quota, QuotaAsk Ask)>(quotas.Count);
        var second = _clock.GetUtcNow().ToUnixTimeSeconds();
        foreach (var quota in quotas)
        {
            if (quota.Ask(_contact.Now(), isOver || second >= quota.EndsAt) is { } ask) asking.Add((quota, ask));
        }
        if (asking.Count == 0) return true;
        var answers = await CallAsync([.. asking.Select(a => a.Ask)]);
        for (var i = 0; i < asking.Count; i++)
        {
            if (answers is null) asking[i].Quota.Lost();
            else asking[i].Quota.Answered(asking[i].Ask, answers.Answers[i], _contact.Now());
        }
        return answers is not null;
    }

    private Task<QuotaAnswers?> CallAsync(IReadOnlyList<QuotaAsk> asks) => _contact.CallAsync(cancellation => _ledger.ReserveAsync(asks, cancellation), a => a.Edges);

    /// <summary>Says what was spent and gives back what is idle; while the ledger is down, asks whether it is back.</summary>
    private async Task SweepAsync()
    {
        while (await PauseAsync(SweepEvery))
        {
            if (!_contact.State.IsUp) await CallAsync([]);
            var (now, second) = (_contact.Now(), _clock.GetUtcNow().ToUnixTimeSeconds());
            foreach (var (id, quota) in _quotas)
            {
                if (!quota.Held.IsSettled) _wanting.Want(quota);
                else if (quota.IsForgettable(now, second >= quota.EndsAt) && _quotas.TryRemove(new(id, quota))) _counts.Remove(id.Quota);
            }
        }
    }

    /// <returns>False at the end.</returns>
    private Task<bool> PauseAsync(TimeSpan time) => _clock.PauseAsync(time, _ending.Token);
}
