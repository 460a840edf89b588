namespace Drizzle.Testing;

/// <summary>Time that moves only when a test moves it; timers fire on the thread that moves it.</summary>
public sealed class FakeClock : TimeProvider
{
    private readonly Lock _moving = new();
    private readonly List<FakeTimer> _timers = [];
    private TimeSpan _elapsed;

    public static DateTimeOffset Start { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_moving) return Start + _elapsed;
    }

    public override long GetTimestamp()
    {
        lock (_moving) return _elapsed.Ticks;
    }

    public void Advance(TimeSpan by)
    {
        TimeSpan end;
        lock (_moving) end = _elapsed + by;
        while (true)
        {
            FakeTimer? due;
            lock (_moving)
            {
                due = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
                // Two that advance at once must not take the clock back.
                var next = due?.Due ?? end;
                if (next > _elapsed) _elapsed = next;
                due?.Rearm();
            }
            if (due is null) return;
            due.Fire();
        }
    }

    /// <summary>When the next timer fires, since the start; null where there is none.</summary>
    public TimeSpan? NextDue
    {
        get
        {
            lock (_moving) return _timers.Count == 0 ? null : _timers.Min(t => t.Due);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class FakeTimer(FakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        public TimeSpan Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._moving)
            {
                clock._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock._elapsed + dueTime;
                clock._timers.Add(this);
                return true;
            }
        }

        public void Rearm()
        {
            if (_period > TimeSpan.Zero) Due += _period;
            else clock._timers.Remove(this);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (clock._moving) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
