using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Drizzle.Admin.Http;

/// <summary>
/// Which part of a list is wanted, in what order: <c>?filter=service=orders&amp;sort=-name&amp;limit=50&amp;offset=100</c>. A filter compares one field, in
/// any case, and may be stated more than once; where the field is a list, one of its elements. The answer says in <c>X-Total-Count</c> how many there are,
/// and in <c>Link</c> where the next page is.
/// </summary>
internal sealed record ListQuery(IReadOnlyList<(string Field, string Value)> Filters, string? Sort, int Limit, int Offset) : IBindableFromHttpContext<ListQuery>, IEndpointParameterMetadataProvider
{
    public const string TotalHeader = "X-Total-Count";

    /// <summary>No list is longer than this.</summary>
    private const int Most = 100_000;
    private const int MostFilters = 8;

    public static ValueTask<ListQuery?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        if (query["filter"].Count > MostFilters) throw new BadHttpRequestException($"At most {MostFilters} filters.");
        var sort = query["sort"].ToString();
        return new(new ListQuery([.. query["filter"].Select(f => FilterOf(f ?? ""))], sort.Length == 0 ? null : sort, Number("limit", Most), Number("offset", 0)));

        int Number(string name, int usual) => query[name].ToString() switch
        {
            "" => usual,
            var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= Most && (value > 0 || name == "offset") => value,
            _ => throw new BadHttpRequestException($"{name} is a whole number up to {Most}."),
        };
    }

    /// <summary>The part that is wanted; what there is to say of the rest goes into the answer's headers.</summary>
    public T[] Apply<T>(IEnumerable<T> items, HttpContext context)
    {
        var found = Filters.Count == 0 && Sort is null ? [.. items] : Chosen([.. items]);
        var response = context.Response;
        response.Headers[TotalHeader] = found.Length.ToString(CultureInfo.InvariantCulture);
        if (Offset + Limit < found.Length) response.Headers.Link = $"<{NextPage(context.Request)}>; rel=\"next\"";
        return Offset == 0 && Limit >= found.Length ? found : [.. found.Skip(Offset).Take(Limit)];
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(new ListMetadata());

    private static (string Field, string Value) FilterOf(string text) => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
        ? (text[..at], text[(at + 1)..])
        : throw new BadHttpRequestException("filter is FIELD=VALUE, such as service=orders.");

    private T[] Chosen<T>(T[] items)
    {
        var seen = items.Select(item => (Item: item, Json: JsonSerializer.SerializeToElement(item, typeof(T), Forms))).Where(i => Filters.All(f => Holds(Find(i.Json, f.Field), f.Value)));
        if (Sort is not { } sort) return [.. seen.Select(i => i.Item)];
        var field = sort.TrimStart('-');
        var sorted = seen.OrderBy(i => Text(Find(i.Json, field)), ByText);
        return [.. (sort[0] == '-' ? sorted.Reverse() : sorted).Select(i => i.Item)];
    }

    private static JsonElement Find(JsonElement item, string path)
    {
        foreach (var step in path.Split('.'))
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(step, out item)) return default;
        }
        return item;
    }

    private static bool Holds(JsonElement value, string wanted) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Any(element => Holds(element, wanted))
        : string.Equals(Text(value), wanted, StringComparison.OrdinalIgnoreCase);

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => "",
        JsonValueKind.String => value.GetString() ?? "",
        _ => value.GetRawText(),
    };

    private string NextPage(HttpRequest request)
    {
        var rest = request.Query.Where(q => q.Key is not ("limit" or "offset")).SelectMany(q => q.Value.Select(v => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(v ?? "")}&"));
        return $"{request.Path}?{string.Concat(rest)}limit={Limit}&offset={Offset + Limit}";
    }

    /// <summary>Numbers by their value and first, everything else as people order it.</summary>
    private static readonly Comparer<string> ByText = Comparer<string>.Create((a, b) =>
        (decimal.TryParse(a, NumberStyles.Number, CultureInfo.InvariantCulture, out var x), decimal.TryParse(b, NumberStyles.Number, CultureInfo.InvariantCulture, out var y)) switch
        {
            (true, true) => x.CompareTo(y),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.Compare(a, b, StringComparison.OrdinalIgnoreCase),
        });

    private static readonly JsonSerializerOptions Forms = MakeForms();

    private static JsonSerializerOptions MakeForms()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        AdminJson.Configure(options);
        return options;
    }
}

/// <summary>Marks an endpoint whose answer is a list that can be filtered, sorted and read in pages.</summary>
internal sealed record ListMetadata;
