using System.Globalization;
using System.Text;

namespace Drizzle.Contracts.Telemetry;

/// <summary>Writes families in the Prometheus text format 0.0.4 or in OpenMetrics 1.0.</summary>
internal sealed class PrometheusPage(bool isOpenMetrics)
{
    private readonly StringBuilder _text = new();

    public void Add(MetricFamily family)
    {
        // OpenMetrics names a counter's family without the suffix that its samples carry.
        var name = isOpenMetrics && family.Kind == MetricKind.Counter && family.Name.EndsWith("_total", StringComparison.Ordinal) ? family.Name[..^6] : family.Name;
        _text.Append("# HELP ").Append(name).Append(' ').Append(EscapeHelp(family.Help)).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(TypeOf(family.Kind)).Append('\n');
        foreach (var (tags, series) in family.Series)
        {
            if (family.Kind == MetricKind.Histogram) AddHistogram(family.Name, tags, series);
            else AddSample(family.Name, tags, null, series.Value);
        }
    }

    public string Finish()
    {
        if (isOpenMetrics) _text.Append("# EOF\n");
        return _text.ToString();
    }

    private void AddHistogram(string name, TagSet tags, MetricSeries series)
    {
        var counts = series.Cumulative();
        for (var i = 0; i < counts.Length; i++)
        {
            AddSample($"{name}_bucket", tags, i < MetricSeries.Bounds.Length ? Number(MetricSeries.Bounds[i]) : "+Inf", counts[i]);
        }
        AddSample($"{name}_sum", tags, null, series.Value);
        AddSample($"{name}_count", tags, null, counts[^1]);
    }

    private void AddSample(string name, TagSet tags, string? upTo, double value)
    {
        _text.Append(name);
        if (tags.Tags.Length > 0 || upTo is not null)
        {
            _text.Append('{');
            var comma = "";
            foreach (var (key, label) in tags.Tags)
            {
                _text.Append(comma).Append(key).Append("=\"").Append(EscapeLabel(Convert.ToString(label, CultureInfo.InvariantCulture) ?? "")).Append('"');
                comma = ",";
            }
            if (upTo is not null) _text.Append(comma).Append("le=\"").Append(upTo).Append('"');
            _text.Append('}');
        }
        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E', 'N') >= 0 || double.IsInfinity(value) ? text : text + ".0";
    }

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static string EscapeHelp(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeLabel(string text) => EscapeHelp(text).Replace("\"", "\\\"", StringComparison.Ordinal);
}
