using Drizzle.Contracts.Model;

namespace Drizzle.Edge.Upstreams;

internal enum CircuitState
{
    Closed,
    Open,
    HalfOpen,
}

/// <summary>
/// A service's circuit breaker. Closed is one volatile read; failures and everything that is not closed go through a lock.
/// </summary>
internal sealed class Circuit(CircuitBreaker model, TimeProvider clock)
{
    private const int Slices = 10;

    private readonly int _most = model.Failures ?? Defaults.CircuitFailures;
    private readonly TimeSpan _openFor = model.OpenFor ?? Defaults.CircuitOpenFor;
    private readonly SlidingCounts _counts = new(Slices, model.Window ?? Defaults.CircuitWindow, clock);
    private readonly Lock _changing = new();
    private volatile CircuitState _state;
    private long _openedAt;
    private bool _isProbing;

    public CircuitState State => _state;

    /// <summary>Whether a request that came now could go on; nothing is changed.</summary>
    public bool WouldEnter
    {
        get
        {
            lock (_changing) return _state == CircuitState.Closed || (!_isProbing && (_state == CircuitState.HalfOpen || clock.GetElapsedTime(_openedAt) >= _openFor));
        }
    }

    /// <summary>Whether a request may go on. In the half-open state only one at a time may.</summary>
    /// <param name="retryAfter">How long the circuit stays open, when it is.</param>
    /// <param name="isProbe">Whether the request is that one: its end decides, and how others end that went before says nothing.</param>
    public bool TryEnter(out TimeSpan retryAfter, out bool isProbe)
    {
        isProbe = false;
        retryAfter = TimeSpan.Zero;
        if (_state == CircuitState.Closed) return true;
        lock (_changing)
        {
            if (_state == CircuitState.Closed) return true;
            var left = _openFor - clock.GetElapsedTime(_openedAt);
            if (_state == CircuitState.Open && left <= TimeSpan.Zero) _state = CircuitState.HalfOpen;
            if (_state == CircuitState.HalfOpen && !_isProbing)
            {
                _isProbing = true;
                isProbe = true;
                return true;
            }
            retryAfter = left > TimeSpan.Zero ? left : TimeSpan.FromSeconds(1);
            return false;
        }
    }

    public void Succeeded(bool isProbe)
    {
        if (!isProbe) return;
        lock (_changing) Close_NeedsLock();
    }

    public void Failed(bool isProbe)
    {
        lock (_changing)
        {
            if (isProbe) Open_NeedsLock();
            if (_state != CircuitState.Closed) return;
            _counts.Add(isFailure: true);
            if (_counts.Sum().Failures >= _most) Open_NeedsLock();
        }
    }

    /// <summary>The request that was let through ended without a verdict on the service, such as when its client left.</summary>
    public void Abandoned(bool isProbe)
    {
        if (!isProbe) return;
        lock (_changing) _isProbing = false;
    }

    private void Open_NeedsLock()
    {
        _openedAt = clock.GetTimestamp();
        _isProbing = false;
        _state = CircuitState.Open;
    }

    private void Close_NeedsLock()
    {
        _isProbing = false;
        _counts.Clear();
        _state = CircuitState.Closed;
    }
}
