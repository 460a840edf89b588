using System.Collections.Concurrent;
using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Parallelism;
using Drizzle.Contracts.Ports;

namespace Drizzle.Edge.Limits;

/// <summary>
/// The buckets that this edge shares with others. Tokens are leased from their owner ahead of need, so that a request whose buckets hold some is decided on
/// its own thread, without a lock. A request whose buckets hold none waits for the owner, for a twentieth of a second at most.
/// </summary>
/// <remarks>One loop asks the owner, for all buckets that want something, one batch after the other; another looks after what is idle.</remarks>
internal sealed class LeasedBuckets : IAsyncDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromSeconds(30);

    private const int MostKept = 250_000;
    private const int StartRounds = 10;
    private static readonly BucketRule StartRule = new(1_000, 1_000);

    // So many clients are counted together with other edges; in a crowd each edge counts the others for itself.
    private const int MostAhead = 4096;

    private const int NoteEveryRounds = 40;
    private const int ForgetEveryRounds = 100;
    private const int MostCharges = 64;

    [ThreadStatic]
    private static TakenTokens[]? t_taken;

    private readonly IBucketOwner _owner;
    private readonly string _edge;
    private readonly TimeProvider _clock;
    private readonly OwnerContact _contact;
    private readonly ConcurrentDictionary<BucketId, SharedBucket> _buckets = new();
    private readonly ConcurrentDictionary<SharedBucket, bool> _holding = new();
    private readonly AskQueue<SharedBucket> _wanting = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly SubjectCounts _counts = new(MostKept, BucketId.MostOfOneLimit);
    private Task _loops = Task.CompletedTask;

    // Since buckets were last forgotten.
    private volatile bool _hasAsked;

    public LeasedBuckets(IBucketOwner owner, string edge, TimeProvider clock)
    {
        (_owner, _edge, _clock, _contact) = (owner, edge, clock, new OwnerContact(clock));
    }

    /// <summary>Whether the owner answers.</summary>
    public bool IsOwnerUp => _contact.State.IsUp;

    /// <summary>Tokens that this edge holds: what may be admitted without anybody being asked.</summary>
    public long Held
    {
        get
        {
            var now = Now();
            return _buckets.Values.Sum(b => b.Held.Left(now));
        }
    }

    /// <summary>Begins to ask, and asks for a bucket of no importance until that is quick: the first calls open a connection and compile what they use.</summary>
    public async Task StartAsync()
    {
        await CallAsync([]);
        _loops = Task.WhenAll(AskAsync(), SweepAsync(), ForgetAsync());
        var charge = new BucketCharge[] { new(new("platform/start", _edge), StartRule, StartRule.Burst) };
        for (var round = 0; round < StartRounds; round++) await ChargeAsync(charge, new BucketAnswer[1]);
    }

    /// <summary>How many edges share the buckets.</summary>
    public int Edges => _contact.State.Edges;

    /// <summary>Charges one bucket of which this edge may know nothing yet: it has a small allowance, which its owner is asked for afterwards.</summary>
    /// <param name="allowance">Tokens that may be taken and not granted yet.</param>
    /// <param name="charge">What is charged.</param>
    /// <param name="timestamp">Of the injected clock: when it is charged.</param>
    /// <param name="answer">What the bucket answered.</param>
    /// <returns>Whether it passes; null where the owner has to be asked.</returns>
    public bool? TryChargeAhead(in BucketCharge charge, long allowance, long timestamp, out BucketAnswer answer) =>
        TryChargeOne(charge, allowance, isWaiting: false, mayAsk: true, _contact.At(timestamp), out answer);

    private bool? TryChargeOne(in BucketCharge charge, long allowance, bool isWaiting, bool mayAsk, long now, out BucketAnswer answer)
    {
        var (bucket, state) = (Find(charge, now), _contact.State);
        var verdict = TakeVerdict.Taken;
        if (!bucket.TryTakeOfHand(charge, now, out answer))
        {
            verdict = bucket.TryTake(charge, state, mayAsk, now, out var taken, out answer);
            if (verdict == TakeVerdict.Taken) taken.Commit();
            else if (verdict == TakeVerdict.Refused) bucket.Refused(charge.Cost, now);
        }
        // What is taken ahead is there to be asked for when its turn comes.
        var isAhead = verdict == TakeVerdict.Unknown && bucket.TryTakeAhead(charge.Cost, allowance);
        _wanting.Tried(bucket, verdict, isWaiting, state, now);
        return verdict == TakeVerdict.Unknown && !isAhead ? null : verdict != TakeVerdict.Refused;
    }

    /// <summary>Whether this bucket is one of those that are shared: not in a crowd, unless it was before.</summary>
    public bool IsShared(BucketId bucket) => _counts.CountOf(bucket.Limit) < MostAhead || _buckets.ContainsKey(bucket);

    /// <summary>Charges all buckets or none, if that can be said at once.</summary>
    /// <param name="charges">At most 64.</param>
    /// <param name="answers">As many.</param>
    /// <param name="timestamp">Of the injected clock: when they are charged.</param>
    /// <returns>Null where the owner has to be asked.</returns>
    public ChargeAnswer? TryCharge(ReadOnlySpan<BucketCharge> charges, Span<BucketAnswer> answers, long timestamp) => TryCharge(charges, answers, _contact.At(timestamp), isWaiting: false, mayAsk: true);

    private ChargeAnswer? TryCharge(ReadOnlySpan<BucketCharge> charges, Span<BucketAnswer> answers, long now, bool isWaiting, bool mayAsk)
    {
        if (charges.Length == 1) return TryChargeOne(charges[0], allowance: 0, isWaiting, mayAsk, now, out answers[0]) is { } passes ? new ChargeAnswer(passes ? -1 : 0) : null;
        var state = _contact.State;
        var taken = t_taken ??= new TakenTokens[MostCharges];
        for (var i = 0; i < charges.Length; i++)
        {
            var bucket = Find(charges[i], now);
            var verdict = bucket.TryTake(charges[i], state, mayAsk, now, out taken[i], out answers[i]);
            _wanting.Tried(bucket, verdict, isWaiting, state, now);
            if (verdict == TakeVerdict.Taken) continue;
            if (verdict == TakeVerdict.Refused) bucket.Refused(charges[i].Cost, now);
            for (var j = 0; j < i; j++) taken[j].Cancel();
            return verdict == TakeVerdict.Refused ? new ChargeAnswer(i) : null;
        }
        for (var i = 0; i < charges.Length; i++) taken[i].Commit();
        return new ChargeAnswer(-1);
    }

    /// <summary>Charges all buckets or none, and waits for the owner as long as a request may.</summary>
    public async ValueTask<ChargeAnswer> ChargeAsync(ReadOnlyMemory<BucketCharge> charges, Memory<BucketAnswer> answers)
    {
        var wanted = new (SharedBucket Bucket, long)[charges.Length];
        for (var i = 0; i < wanted.Length; i++) wanted[i] = (Find(charges.Span[i], Now()), charges.Span[i].Cost);
        var answer = await _contact.DecideAsync(wanted, (now, mayAsk) => TryCharge(charges.Span, answers.Span, now, isWaiting: true, mayAsk));
        foreach (var (bucket, _) in wanted) _wanting.Tried(bucket, TakeVerdict.Taken, isWaiting: false, _contact.State, Now());
        return answer;
    }

    public async ValueTask DisposeAsync()
    {
        if (_ending.IsCancellationRequested) return;
        await _ending.CancelAsync();
        await _loops;
        foreach (var batch in _buckets.Values.Select(b => b.GiveBack(Now())).OfType<LeaseRequest>().Chunk(IBucketOwner.MostInBatch))
        {
            if (await CallAsync(batch) is null) return;
        }
    }

    private long Now() => _contact.Now();

    private SharedBucket Find(in BucketCharge charge, long now)
    {
        if (_buckets.TryGetValue(charge.Bucket, out var known))
        {
            known.Follow(charge);
            return known;
        }
        var id = _counts.HasRoom(charge.Bucket.Limit) ? charge.Bucket : charge.Bucket.Shared;
        var made = new SharedBucket(id, charge.Rule, charge.Revision, now);
        var found = _buckets.GetOrAdd(id, made);
        if (ReferenceEquals(made, found)) _counts.Add(id.Limit);
        return found;
    }

    private async Task AskAsync()
    {
        var asking = new Dictionary<BucketId, (SharedBucket Bucket, LeaseRequest Request)>();
        var later = new List<SharedBucket>();
        while (await _wanting.WaitAsync(_ending.Token))
        {
            Collect(asking, later);
            if (asking.Count > 0 && !await AskAsync([.. asking.Values])) await PauseAsync(RetryEvery);
            foreach (var bucket in later) _wanting.Want(bucket);
            asking.Clear();
            later.Clear();
        }
    }

    /// <summary>Takes out of the queue what is to be asked for now.</summary>
    /// <param name="later">Gets what is wanted again while it is asked for; also one that was forgotten and came again, because in a batch no two have the same name.</param>
    private void Collect(Dictionary<BucketId, (SharedBucket Bucket, LeaseRequest Request)> asking, List<SharedBucket> later)
    {
        while (asking.Count < IBucketOwner.MostInBatch && _wanting.TryTake(out var bucket))
        {
            if (asking.ContainsKey(bucket.Id)) later.Add(bucket);
            else if (bucket.Ask(Now(), out var rest) is { } request) asking.Add(bucket.Id, (bucket, request));
            else if (rest > 0) _ = _wanting.WantAfterAsync(bucket, PauseAsync(Pause.AtLeast(rest)));
        }
    }

    /// <returns>False where the owner did not answer.</returns>
    private async Task<bool> AskAsync((SharedBucket Bucket, LeaseRequest Request)[] asking)
    {
        _hasAsked = true;
        var sentAt = Now();
        var answers = await CallAsync([.. asking.Select(a => a.Request)]);
        for (var i = 0; i < asking.Length; i++)
        {
            if (answers is null) asking[i].Bucket.Lost();
            else asking[i].Bucket.Answered(asking[i].Request, answers.Answers[i], sentAt, Now());
            _holding.TryAdd(asking[i].Bucket, true);
        }
        return answers is not null;
    }

    private Task<LeaseAnswers?> CallAsync(IReadOnlyList<LeaseRequest> requests) => _contact.CallAsync(cancellation => _owner.LeaseAsync(_edge, requests, cancellation), a => a.Edges);

    /// <summary>Gives back what is idle and reports what was spent; while the owner is down, asks whether it is back.</summary>
    private async Task SweepAsync()
    {
        for (var round = 1; await PauseAsync(SweepEvery); round++)
        {
            foreach (var (bucket, _) in _holding)
            {
                if (!bucket.IsSettled) _wanting.Want(bucket);
                // It may have been granted something since it was looked at.
                else if (_contact.State.IsUp && _holding.TryRemove(bucket, out _) && !bucket.IsSettled) _holding.TryAdd(bucket, true);
            }
            // Also where nothing is wanted: how many edges there are decides about the share of each when the owner falls silent.
            if (!_contact.State.IsUp || round % NoteEveryRounds == 0) await CallAsync([]);
            if (round % NoteEveryRounds == 0) await NoteRefusalsAsync();
            if (round % ForgetEveryRounds == 0) Forget(Now());
        }
    }

    /// <summary>What is not noted is lost: it is for people to look at.</summary>
    private async Task NoteRefusalsAsync()
    {
        foreach (var some in _buckets.Values.Select(b => (b.Id, b.TakeRefused())).Where(r => r.Item2 > 0).Chunk(IBucketOwner.MostInBatch))
        {
            try
            {
                await _owner.NoteRefusalsAsync(some, _ending.Token);
            }
            catch (Exception e) when (e is EngineException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Forget(long now)
    {
        foreach (var (id, bucket) in _buckets)
        {
            if (bucket.IsForgettable(now) && _buckets.TryRemove(new(id, bucket))) _counts.Remove(id.Limit);
        }
    }

    /// <summary>Of all edges that lease any one may do it; an idle one leaves the owner in peace.</summary>
    private async Task ForgetAsync()
    {
        while (await PauseAsync(ForgetEvery))
        {
            if (!_hasAsked) continue;
            _hasAsked = false;
            try
            {
                if (await _owner.ForgetFullAsync(_ending.Token) > 0) _hasAsked = true;
            }
            catch (Exception e) when (e is EngineException or OperationCanceledException)
            {
                // The owner is away; it is tried again.
            }
        }
    }

    /// <returns>False at the end.</returns>
    private Task<bool> PauseAsync(TimeSpan time) => _clock.PauseAsync(time, _ending.Token);
}
