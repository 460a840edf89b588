using System.Collections;

namespace Drizzle.Cedar;

/// <summary>A set: without order, without doubles.</summary>
public sealed class SetValue : IReadOnlyCollection<Value>, IEquatable<SetValue>
{
    // From so many elements on a look through all of them is dearer than hashing one.
    private const int Few = 8;

    private readonly Value[] _elements;
    private readonly HashSet<Value>? _hashed;

    public SetValue(ReadOnlySpan<Value> elements)
    {
        if (elements.Length > Few)
        {
            _hashed = [.. elements];
            _elements = [.. _hashed];
            return;
        }
        var distinct = new Value[elements.Length];
        var count = 0;
        foreach (var element in elements)
        {
            if (!distinct.AsSpan(0, count).Contains(element)) distinct[count++] = element;
        }
        _elements = count == distinct.Length ? distinct : distinct[..count];
    }

    public static SetValue Empty { get; } = new([]);

    public int Count => _elements.Length;

    /// <summary>In no order that means anything.</summary>
    public ReadOnlySpan<Value> Elements => _elements;

    public bool Contains(Value value) => _hashed?.Contains(value) ?? _elements.AsSpan().Contains(value);

    /// <summary>Whether every element of the other is in this one.</summary>
    public bool ContainsAll(SetValue other)
    {
        foreach (var element in other._elements)
        {
            if (!Contains(element)) return false;
        }
        return true;
    }

    /// <summary>Whether some element of the other is in this one.</summary>
    public bool ContainsAny(SetValue other)
    {
        foreach (var element in other._elements)
        {
            if (Contains(element)) return true;
        }
        return false;
    }

    public bool Equals(SetValue? other) => other is not null && other.Count == Count && ContainsAll(other);

    public override bool Equals(object? obj) => Equals(obj as SetValue);

    public override int GetHashCode()
    {
        // A sum, since the order says nothing.
        var sum = Count;
        foreach (var element in _elements) sum += element.GetHashCode();
        return sum;
    }

    public IEnumerator<Value> GetEnumerator() => ((IEnumerable<Value>)_elements).GetEnumerator();

    public override string ToString() => $"[{string.Join(", ", _elements)}]";

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
