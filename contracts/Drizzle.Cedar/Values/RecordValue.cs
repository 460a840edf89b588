using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Drizzle.Cedar;

/// <summary>A record: named values. Who inherits from it may work out a field when it is first asked for; what it answers must never change.</summary>
public class RecordValue : IReadOnlyCollection<KeyValuePair<string, Value>>, IEquatable<RecordValue>
{
    private readonly Dictionary<string, Value> _fields;

    /// <exception cref="ArgumentException">A name is there twice.</exception>
    public RecordValue(IEnumerable<KeyValuePair<string, Value>> fields)
    {
        _fields = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (name, value) in fields) _fields.Add(name, value);
    }

    /// <summary>For those that override everything.</summary>
    protected RecordValue() => _fields = Empty._fields;

    /// <summary>Takes the fields over; nobody changes them any more.</summary>
    internal RecordValue(Dictionary<string, Value> fields) => _fields = fields;

    public static RecordValue Empty { get; } = new(new Dictionary<string, Value>(StringComparer.Ordinal));

    public virtual int Count => _fields.Count;

    public virtual bool Has(string name) => _fields.ContainsKey(name);

    public virtual bool TryGet(string name, [MaybeNullWhen(false)] out Value value) => _fields.TryGetValue(name, out value);

    public bool Equals(RecordValue? other)
    {
        if (other is null || other.Count != Count) return false;
        foreach (var (name, value) in this)
        {
            if (!other.TryGet(name, out var theirs) || theirs != value) return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as RecordValue);

    public override int GetHashCode()
    {
        var sum = Count;
        foreach (var (name, value) in this) sum += HashCode.Combine(name.GetHashCode(StringComparison.Ordinal), value);
        return sum;
    }

    public virtual IEnumerator<KeyValuePair<string, Value>> GetEnumerator() => _fields.GetEnumerator();

    public override string ToString() => $"{{{string.Join(", ", this.Select(f => $"{Quoting.Quote(f.Key)}: {f.Value}"))}}}";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
