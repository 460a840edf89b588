using Drizzle.Contracts.Model;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Access;

/// <summary>A request's headers by their names in lower case, credentials left out; one that is sent several times has its values with commas between.</summary>
internal sealed class HeaderTags(IHeaderDictionary headers, string keyHeader) : Cedar.RecordValue
{
    public override int Count => headers.Count(h => IsShown(h.Key.ToLowerInvariant()));

    public override bool Has(string name) => IsShown(name) && headers.ContainsKey(name);

    public override bool TryGet(string name, out Cedar.Value value)
    {
        value = default;
        if (!Has(name)) return false;
        value = Cedar.Value.Of(headers[name].ToString());
        return true;
    }

    public override IEnumerator<KeyValuePair<string, Cedar.Value>> GetEnumerator()
    {
        foreach (var header in headers)
        {
            var name = header.Key.ToLowerInvariant();
            if (TryGet(name, out var value)) yield return new(name, value);
        }
    }

    /// <summary>Policies write names in lower case, as HTTP/2 does.</summary>
    private bool IsShown(string name) => !CredentialHeaders.Contains(name) && !name.Equals(keyHeader, StringComparison.OrdinalIgnoreCase) && !name.AsSpan().ContainsAnyInRange('A', 'Z');
}
