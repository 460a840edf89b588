using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Reading;

/// <summary>
/// Makes records of the model from nodes, and reports every mistake of form: unknown and missing fields, duplicates, wrong types.
/// One value may stand where a list of values is wanted.
/// </summary>
public sealed class ModelBinder
{
    private delegate object? Reader(ModelBinder binder, ConfigNode node, string path);

    private static readonly ConcurrentDictionary<Type, Reader> Readers = new();

    private readonly List<ConfigError> _errors;
    private bool _hasFailed;

    private ModelBinder(List<ConfigError> errors) => _errors = errors;

    /// <returns>The record, or null with at least one error added, unless there were as many as are reported already.</returns>
    public static T? Bind<T>(ConfigNode node, string path, List<ConfigError> errors) where T : class
    {
        var binder = new ModelBinder(errors);
        var bound = ReaderOf(typeof(T))(binder, node, path) as T;
        return binder._hasFailed ? null : bound;
    }

    private object? Fail(ConfigNode node, string path, string message) => Fail(node.Line, path, message);

    private object? Fail(int line, string path, string message)
    {
        _hasFailed = true;
        if (_errors.Count < ReadLimits.Errors) _errors.Add(new(path, line == 0 ? null : line, message));
        return null;
    }

    private static Reader ReaderOf(Type type) => Readers.GetOrAdd(type, MakeReader);

    private static Reader MakeReader(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner) return ReaderOf(inner);
        if (type == typeof(string)) return Scalar("text", static s => s.IsNull ? null : s.Text);
        if (type == typeof(bool)) return Scalar("true or false", static s => s is { IsQuoted: false, Text: "true" or "false" } ? s.Text == "true" : null);
        if (type == typeof(int)) return Scalar("a whole number", static s => !s.IsQuoted && int.TryParse(s.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v) ? v : null);
        if (type == typeof(long)) return Scalar("a whole number", static s => !s.IsQuoted && long.TryParse(s.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var v) ? v : null);
        if (type == typeof(double)) return Scalar("a number", static s => !s.IsQuoted && double.TryParse(s.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var v) && double.IsFinite(v) ? v : null);
        if (type == typeof(Duration)) return Parsable<Duration>();
        if (type == typeof(ByteSize)) return Parsable<ByteSize>();
        if (type == typeof(Rate)) return Parsable<Rate>();
        if (type == typeof(ValueMap)) return static (binder, node, path) => binder.ReadMap(node, path);
        if (type.IsEnum) return EnumReader(type);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueList<>)) return ListReader(type.GetGenericArguments()[0]);
        return new RecordReader(type).Read;
    }

    private static Reader Scalar(string expected, Func<ConfigScalar, object?> parse) => (binder, node, path) =>
        node is ConfigScalar scalar && parse(scalar) is { } value
            ? value
            : binder.Fail(node, path, $"Expected {expected}{Found(node)}.");

    private static Reader Parsable<T>() where T : struct, IParsableValue<T> =>
        Scalar(T.Expected, static s => T.TryParse(s.Text, out var value) ? value : null);

    private static Reader EnumReader(Type type)
    {
        var names = Enum.GetNames(type).ToDictionary(JsonNamingPolicy.CamelCase.ConvertName, n => Enum.Parse(type, n));
        return Scalar($"one of {string.Join(", ", names.Keys)}", s => names.GetValueOrDefault(s.Text));
    }

    private static Reader ListReader(Type element)
    {
        var method = typeof(ModelBinder).GetMethod(nameof(ReadList), BindingFlags.NonPublic | BindingFlags.Instance)
            ?? throw new InvalidOperationException("No list reader.");
        return method.MakeGenericMethod(element).CreateDelegate<Reader>();
    }

    private object? ReadList<T>(ConfigNode node, string path)
    {
        var read = ReaderOf(typeof(T));
        if (node is ConfigScalar && !typeof(T).IsClass || node is ConfigScalar && typeof(T) == typeof(string))
        {
            return read(this, node, path) is T single ? ValueList.Create<T>([single]) : null;
        }
        if (node is not ConfigList list) return Fail(node, path, $"Expected a list{Found(node)}.");
        var items = new List<T>(list.Items.Count);
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (read(this, list.Items[i], $"{path}[{i}]") is T item) items.Add(item);
        }
        return items.ToValueList();
    }

    private object? ReadMap(ConfigNode node, string path)
    {
        if (node is not ConfigMap map) return Fail(node, path, $"Expected names with values{Found(node)}.");
        var entries = new List<KeyValuePair<string, string>>(map.Entries.Count);
        foreach (var entry in map.Entries)
        {
            var at = $"{path}.{entry.Key}";
            if (entries.Exists(e => e.Key == entry.Key)) Fail(entry.Line, at, "Stated twice.");
            else if (ReaderOf(typeof(string))(this, entry.Value, at) is string text) entries.Add(new(entry.Key, text));
        }
        return new ValueMap(entries);
    }

    private static string Found(ConfigNode node) => node switch
    {
        ConfigScalar { IsNull: true } => ", found nothing",
        ConfigScalar scalar => $", found '{(scalar.Text.Length > 60 ? scalar.Text[..60] + "…" : scalar.Text)}'",
        ConfigList => ", found a list",
        _ => ", found fields",
    };

    private sealed class RecordReader(Type type)
    {
        private readonly Field[] _fields = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite && !p.IsDefined(typeof(StoredFormAttribute))).Select(p => new Field(p))];

        public object? Read(ModelBinder binder, ConfigNode node, string path)
        {
            if (node is not ConfigMap map) return binder.Fail(node, path, $"Expected fields ({string.Join(", ", _fields.Select(f => f.Name))}){(type == typeof(Secret) ? "" : Found(node))}.");
            var instance = RuntimeHelpers.GetUninitializedObject(type);
            var seen = new HashSet<string>();
            foreach (var entry in map.Entries) ReadField(binder, instance, entry, path, seen);
            foreach (var field in _fields)
            {
                if (field.IsRequired && !seen.Contains(field.Name)) binder.Fail(node, Join(path, field.Name), "Missing.");
            }
            return instance;
        }

        private void ReadField(ModelBinder binder, object instance, ConfigEntry entry, string path, HashSet<string> seen)
        {
            var at = Join(path, entry.Key);
            var field = Array.Find(_fields, f => f.Name == entry.Key);
            if (field is null)
            {
                binder.Fail(entry.Line, at, $"No such field. Known here: {string.Join(", ", _fields.Select(f => f.Name))}.");
                return;
            }
            if (!seen.Add(field.Name))
            {
                binder.Fail(entry.Line, at, "Stated twice.");
                return;
            }
            if (entry.Value is ConfigScalar { IsNull: true } && !field.IsRequired) return;
            if (ReaderOf(field.Type)(binder, entry.Value, at) is { } value) field.Set(instance, value);
        }

        private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
    }

    private sealed class Field(PropertyInfo property)
    {
        public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(property.Name);

        public Type Type => property.PropertyType;

        public bool IsRequired { get; } = property.IsDefined(typeof(RequiredMemberAttribute), inherit: false);

        public void Set(object instance, object value) => property.SetValue(instance, value);
    }
}
