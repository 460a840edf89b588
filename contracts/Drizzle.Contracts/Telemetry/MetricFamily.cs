using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Drizzle.Contracts.Telemetry;

internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>One instrument's series.</summary>
internal sealed class MetricFamily
{
    /// <summary>Past this many, new label values are added up in one series that says so.</summary>
    private const int MostSeries = 100_000;

    private static readonly TagSet Overflow = TagSet.Of([new("overflow", "true")]);

    private readonly ConcurrentDictionary<TagSet, MetricSeries> _series;
    private readonly ConcurrentDictionary<TagSet, MetricSeries>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;
    private readonly bool _isObserved;

    public MetricFamily(Instrument instrument)
    {
        Name = instrument.Name;
        Help = instrument.Description ?? instrument.Name;
        _isObserved = instrument.IsObservable;
        Kind = instrument.GetType().Name.Split('`')[0] switch
        {
            "Counter" or "ObservableCounter" => MetricKind.Counter,
            "Histogram" => MetricKind.Histogram,
            _ => MetricKind.Gauge,
        };
        _series = new(TagSetComparer.Instance);
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    public IEnumerable<KeyValuePair<TagSet, MetricSeries>> Series => _series;

    /// <summary>What is observed is stated anew each time, so series that are no longer stated end.</summary>
    public void BeginCollection()
    {
        if (_isObserved) _series.Clear();
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_byTags.TryGetValue(tags, out var series))
        {
            var key = _series.Count < MostSeries ? TagSet.Of(tags) : Overflow;
            series = _series.GetOrAdd(key, static (_, kind) => new MetricSeries(kind), Kind);
        }
        if (_isObserved) series.Set(value);
        else series.Add(value);
    }
}
