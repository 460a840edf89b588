using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Drizzle.Contracts.Telemetry;

/// <summary>
/// One reader of this process's Drizzle instruments: keeps their series and writes them as a Prometheus or OpenMetrics page.
/// Counters and gauges that are observed are asked when the page is written; others are added up as they are recorded.
/// </summary>
public sealed class PrometheusReader : IDisposable
{
    /// <summary>Meters whose names begin with this are read.</summary>
    public const string MeterPrefix = "Drizzle";

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricFamily> _families = new();
    private readonly Lock _collecting = new();

    public PrometheusReader()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!instrument.Meter.Name.StartsWith(MeterPrefix, StringComparison.Ordinal)) return;
            listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument, static i => new MetricFamily(i)));
        };
        _listener.MeasurementsCompleted = (instrument, state) => _families.TryRemove(instrument, out _);
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => ((MetricFamily?)state)?.Record(value, tags));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => ((MetricFamily?)state)?.Record(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => ((MetricFamily?)state)?.Record(value, tags));
        _listener.Start();
    }

    /// <summary>The page. One writer at a time; recording goes on meanwhile.</summary>
    /// <param name="isOpenMetrics">OpenMetrics 1.0 instead of the Prometheus text format 0.0.4.</param>
    public string Write(bool isOpenMetrics)
    {
        lock (_collecting)
        {
            foreach (var family in _families.Values) family.BeginCollection();
            _listener.RecordObservableInstruments();
            var page = new PrometheusPage(isOpenMetrics);
            foreach (var family in _families.Values.OrderBy(f => f.Name, StringComparer.Ordinal)) page.Add(family);
            return page.Finish();
        }
    }

    /// <param name="accept">The request's Accept header.</param>
    public static bool WantsOpenMetrics(string accept) => accept.Contains("application/openmetrics-text", StringComparison.Ordinal);

    public static string ContentType(bool isOpenMetrics) => isOpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";

    public void Dispose() => _listener.Dispose();
}
