using System.Net;

namespace Drizzle.Contracts.Policies;

/// <summary>The context of a request, each part worked out where a policy asks for it. As <see cref="GatewaySchema"/> has it.</summary>
public abstract class RequestContext : Cedar.RecordValue
{
    private static readonly string[] Names = ["ip", "host", "path", "now", "mtls", "headers", "params"];
    private static readonly Cedar.Value Headers = Cedar.Value.Of(PolicyWorld.Headers);
    private static readonly Cedar.Value Params = Cedar.Value.Of(PolicyWorld.Params);

    public override int Count => Names.Length;

    /// <summary>The client's.</summary>
    protected abstract IPAddress Address { get; }

    protected abstract string Host { get; }

    /// <summary>As routes match it.</summary>
    protected abstract string Path { get; }

    protected abstract DateTimeOffset Now { get; }

    /// <summary>Whether it came with a client certificate of one of the tenant's authorities.</summary>
    protected abstract bool IsMtls { get; }

    public override bool Has(string name) => Array.IndexOf(Names, name) >= 0;

    public override bool TryGet(string name, out Cedar.Value value)
    {
        value = name switch
        {
            "ip" => Cedar.Value.Of(Cedar.IpRange.Of(Address)),
            "host" => Cedar.Value.Of(Host),
            "path" => Cedar.Value.Of(Path),
            "now" => Cedar.Value.OfDatetime(Now.ToUnixTimeMilliseconds()),
            "mtls" => Cedar.Value.Of(IsMtls),
            "headers" => Headers,
            "params" => Params,
            _ => default,
        };
        return Has(name);
    }

    public override IEnumerator<KeyValuePair<string, Cedar.Value>> GetEnumerator()
    {
        foreach (var name in Names)
        {
            if (TryGet(name, out var value)) yield return new(name, value);
        }
    }
}
