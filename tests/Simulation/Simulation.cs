using Drizzle.Contracts.Limits;
using Drizzle.Contracts.Limits.Leases;

namespace Drizzle.Simulation;

/// <summary>How a simulation ended.</summary>
/// <param name="Excess">The most by which any window of any bucket had too much; 0 or less where none had.</param>
/// <param name="Used">Of the first bucket: what was admitted, of what its rule allowed.</param>
/// <param name="Shares">Tokens that each edge admitted.</param>
/// <param name="Refused">Tokens that were refused, on all edges.</param>
/// <param name="RefusedByOne">Tokens that a single bucket would have refused, had all requests come to it at once.</param>
/// <param name="Calls">Requests to the owner.</param>
internal sealed record Outcome(long Admitted, double Excess, bool IsSound, double Used, long[] Shares, long Refused, long RefusedByOne, long Calls, double Seconds);

/// <summary>Edges, an owner and a network between them as events in true time. The arithmetic is the product's own; only time and the wire are not.</summary>
internal sealed class Simulation
{
    private const long Second = 1_000_000_000;
    private const long Tick = 20_000_000;

    private readonly Scenario _scenario;
    private readonly Random _random;
    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly SimulatedOwner _owner;
    private readonly SimulatedEdge[] _edges;
    private readonly Oracle[] _oracles;
    private readonly double[] _demand;
    private long _now;
    private long _order;
    private long _calls;

    // A single bucket that every request comes to, as the instant at which it is full.
    private long _oneUntil;
    private long _refusedByOne;
    private bool _isSound = true;

    private Simulation(Scenario scenario)
    {
        _scenario = scenario;
        _random = new Random(scenario.Seed);
        _owner = new SimulatedOwner(scenario.Rules, NewClock());
        _edges = [.. Enumerable.Range(0, scenario.Edges).Select(i => new SimulatedEdge(i, scenario.Rules, scenario.LargestCost, NewClock()))];
        _oracles = [.. scenario.Rules.Select(r => new Oracle(r, scenario.ClockError))];
        _demand = [.. Enumerable.Repeat(scenario.Demand, scenario.Edges)];
    }

    public static Outcome Run(Scenario scenario) => new Simulation(scenario).Run();

    private Outcome Run()
    {
        if (_scenario.BeginsEmpty)
        {
            _owner.Start(0);
            _oneUntil = LeaseTerms.Reclaim + _scenario.Rules[0].Fill;
        }
        foreach (var edge in _edges)
        {
            At(Exponential(Gap(edge.Number)), () => Arrive(edge));
            At(Tick, () => Beat(edge));
            Every(_scenario.EdgePauseEvery, () => edge.PausedUntil = _now + _random.NextInt64(2 * Second));
            Every(_scenario.EdgeCrashEvery, () => edge.Crash(_now));
        }
        Every(_scenario.OwnerCrashEvery, CrashOwner);
        At(Second, Shift);
        while (_oracles[0].Admitted < _scenario.Admissions && (_scenario.Longest == 0 || _now < _scenario.Longest) && _events.TryDequeue(out var happen, out var when))
        {
            _now = when.At;
            happen();
        }
        var seconds = (double)_now / Second;
        var rule = _scenario.Rules[0];
        return new(_oracles[0].Admitted, _oracles.Max(o => o.Excess), _isSound, _oracles[0].Admitted / (rule.Burst + (_now / (double)rule.Interval)), [.. _edges.Select(e => e.Admitted)], _edges.Sum(e => e.Refused), _refusedByOne, _calls, seconds);
    }

    private void At(long after, Action happen) => _events.Enqueue(happen, (_now + Math.Max(1, after), _order++));

    /// <summary>Again and again, at random, so often on the mean; never when 0.</summary>
    private void Every(long mean, Action happen)
    {
        if (mean == 0) return;
        At(Exponential(mean), () =>
        {
            happen();
            Every(mean, happen);
        });
    }

    private void Arrive(SimulatedEdge edge)
    {
        var buckets = !_scenario.TakesFromAll && _random.Next(2) == 0 ? 1 : _scenario.Rules.Length;
        var request = new WaitingRequest(buckets, _random.Next(1, _scenario.LargestCost + 1), _now + LeaseTerms.Patience);
        AskOne(request.Cost);
        Handle(edge, request);
        At(Exponential(Gap(edge.Number)), () => Arrive(edge));
    }

    private void AskOne(long cost)
    {
        var answer = TokenBucket.Take(_scenario.Rules[0], _oneUntil, _now, cost);
        if (answer.IsAdmitted) _oneUntil = answer.Until;
        else _refusedByOne += cost;
    }

    /// <summary>A paused edge gets to it when it goes on.</summary>
    private void Handle(SimulatedEdge edge, WaitingRequest request)
    {
        if (IsPaused(edge, () => Handle(edge, request))) return;
        Decide(edge, request);
        Ask(edge);
    }

    private void Decide(SimulatedEdge edge, WaitingRequest request)
    {
        var isAdmitted = edge.TryAdmit(request.Buckets, request.Cost, _now);
        if (isAdmitted is null) edge.Wait(request, _now);
        else if (isAdmitted is false) edge.Refuse(request, _now);
        else
        {
            for (var i = 0; i < request.Buckets; i++) _oracles[i].Admit(_now, request.Cost);
        }
    }

    private void Ask(SimulatedEdge edge)
    {
        while (edge.Waiting.TryTakeOverdue(_now, out var overdue)) edge.Refuse(overdue, _now);
        foreach (var message in edge.Ask(_now))
        {
            _calls++;
            Deliver(() => Receive(edge, message));
            At(LeaseTerms.Patience, () => edge.TimedOut(message));
        }
        AskAfterRest(edge);
    }

    private void AskAfterRest(SimulatedEdge edge)
    {
        if (edge.WakesAt > _now || edge.RestsFor(_now) is not (> 0 and var rest)) return;
        edge.WakesAt = _now + rest;
        At(rest, () =>
        {
            if (edge.PausedUntil <= _now) Ask(edge);
        });
    }

    private void Receive(SimulatedEdge edge, LeaseMessage message)
    {
        if (_owner.Handle(message, _now) is not { } answer) return;
        _isSound &= _owner.IsSound(_now);
        if (_scenario.Recredits && answer.Granted > 0) At(2 * LeaseTerms.Patience, () => _owner.Recredit(message.Bucket, answer.Grant, _now));
        Deliver(() => Answer(edge, message, answer));
    }

    private void Answer(SimulatedEdge edge, LeaseMessage message, LeaseAnswer answer)
    {
        if (IsPaused(edge, () => Answer(edge, message, answer))) return;
        if (!edge.Answered(message, answer, _now)) return;
        for (var left = edge.Waiting.Count; left > 0 && edge.Waiting.TryTake(out var request); left--)
        {
            if (request.Deadline <= _now) edge.Refuse(request, _now);
            else Decide(edge, request);
        }
        Ask(edge);
    }

    /// <summary>What is held goes back and expires whether or not requests come.</summary>
    private void Beat(SimulatedEdge edge)
    {
        if (edge.PausedUntil <= _now) Ask(edge);
        At(Tick, () => Beat(edge));
    }

    private bool IsPaused(SimulatedEdge edge, Action again)
    {
        if (edge.PausedUntil <= _now) return false;
        At(edge.PausedUntil - _now, again);
        return true;
    }

    private void CrashOwner()
    {
        if (!_owner.IsUp) return;
        _owner.Crash();
        At(_random.NextInt64(3 * Second), () => _owner.Start(_now));
    }

    /// <summary>Clocks change their rates, and demand moves from edge to edge.</summary>
    private void Shift()
    {
        _owner.Clock.Drift(_now);
        foreach (var edge in _edges)
        {
            edge.Clock.Drift(_now);
            if (!_scenario.IsCalm && _random.Next(5) == 0) _demand[edge.Number] = _scenario.Demand * Math.Pow(10, (2 * _random.NextDouble()) - 1.5);
        }
        At(Second, Shift);
    }

    private void Deliver(Action arrive)
    {
        if (_random.NextDouble() < _scenario.Loss) return;
        At(Delay(), arrive);
        if (_random.NextDouble() < _scenario.Duplicates) At(Delay(), arrive);
    }

    private long Delay() => Exponential(_scenario.MeanDelay) * (!_scenario.IsCalm && _random.Next(100) == 0 ? 100 : 1);

    private long Gap(int edge) => (long)(Second / _demand[edge]);

    private long Exponential(long mean) => (long)(-Math.Log(1 - _random.NextDouble()) * mean);

    private DriftingClock NewClock() => new(_random, _scenario.ClockError);
}
