using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;
using Drizzle.Contracts.Parallelism;

namespace Drizzle.Edge.Limits;

/// <summary>How things stand with an owner, as requests see it.</summary>
/// <param name="IsUp">Whether it answers.</param>
/// <param name="Outages">How often it has not, this time included.</param>
/// <param name="DownSince">Since when it does not.</param>
/// <param name="Edges">How many share what it owns.</param>
internal sealed record OwnerState(bool IsUp, int Outages, long DownSince, int Edges);

/// <summary>Calls an owner, and knows whether it answers in time.</summary>
internal sealed class OwnerContact
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly double _tick;
    private volatile OwnerState _state = new(IsUp: true, Outages: 0, DownSince: 0, Edges: 1);

    public OwnerContact(TimeProvider clock) => (_clock, _start, _tick) = (clock, clock.GetTimestamp(), 1e9 / clock.TimestampFrequency);

    public OwnerState State => _state;

    /// <summary>Nanoseconds of a clock that never runs backwards.</summary>
    public long Now() => At(_clock.GetTimestamp());

    /// <summary>A timestamp of the injected clock, in these nanoseconds.</summary>
    public long At(long timestamp) => (long)((timestamp - _start) * _tick);

    /// <param name="call">To the owner.</param>
    /// <param name="edgesOf">What the answer says of how many edges there are.</param>
    /// <returns>Null where the owner did not answer.</returns>
    public async Task<T?> CallAsync<T>(Func<CancellationToken, ValueTask<T>> call, Func<T, int> edgesOf) where T : class
    {
        using var patience = new CancellationTokenSource(LongestCall, _clock);
        try
        {
            var answering = call(patience.Token).AsTask();
            // Requests that come meanwhile need not find out by themselves.
            await ((Task)answering).WaitAsync(Pause.AtLeast(LeaseTerms.Patience), _clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!answering.IsCompleted) SetDown();
            var answer = await answering;
            _state = _state with { IsUp = true, Edges = edgesOf(answer) };
            return answer;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it was: the loop that asks must go on.
            SetDown();
            return null;
        }
    }

    /// <summary>Decides a request that wants more than is in hand, as answers come, and waits for them as long as a request may.</summary>
    /// <param name="wanted">What it waits for, with how much it wants of each.</param>
    /// <param name="tryDecide">Told what time it is and whether there is time to ask; where there is not, it decides.</param>
    public async ValueTask<ChargeAnswer> DecideAsync<T>(IReadOnlyList<(T Item, long Cost)> wanted, Func<long, bool, ChargeAnswer?> tryDecide) where T : Awaited
    {
        var until = Now() + LeaseTerms.Patience;
        foreach (var (item, cost) in wanted) item.Waits(cost);
        try
        {
            while (true)
            {
                // The answers to come are taken hold of before it is tried, so that none is missed.
                Task coming = Task.WhenAny(wanted.Select(w => w.Item.NextAnswer()));
                var now = Now();
                var left = until - now;
                if (tryDecide(now, left > 0) is { } answer) return answer;
                await coming.WaitAsync(Pause.AtLeast(left), _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            }
        }
        finally
        {
            foreach (var (item, cost) in wanted) item.WaitsNoMore(cost);
        }
    }

    private void SetDown()
    {
        if (_state is { IsUp: true } state) _state = state with { IsUp = false, Outages = state.Outages + 1, DownSince = Now() - LeaseTerms.Patience };
    }
}
