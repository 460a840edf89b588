using Drizzle.Edge.Snapshots;

namespace Drizzle.Edge.Requests;

/// <summary>
/// The requests in flight that came with a credential, so that a key which is revoked, or an issuer that is removed, takes its open streams with it. In as many parts as there are
/// cores, each behind a lock of its own that is held for two assignments.
/// </summary>
internal sealed class OpenRequests
{
    private readonly Part[] _parts = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Part())];

    private sealed class Part
    {
        public readonly Lock Changing = new();
        public Exchange? First;
    }

    /// <summary>To be called once the caller is on the exchange; whoever calls it looks afterwards whether the credential was revoked meanwhile.</summary>
    public void Add(Exchange exchange)
    {
        var index = Thread.GetCurrentProcessorId() % _parts.Length;
        var part = _parts[index];
        exchange.OpenIn = index;
        lock (part.Changing)
        {
            exchange.Next = part.First;
            if (part.First is { } first) first.Previous = exchange;
            part.First = exchange;
        }
    }

    /// <summary>To be called before the request ends, since its connection may carry another after it. Does nothing where it was not added.</summary>
    public void Remove(Exchange exchange)
    {
        if (exchange.OpenIn < 0) return;
        var part = _parts[exchange.OpenIn];
        lock (part.Changing)
        {
            if (exchange.Next is { } next) next.Previous = exchange.Previous;
            if (exchange.Previous is { } previous) previous.Next = exchange.Next;
            else part.First = exchange.Next;
            exchange.Next = exchange.Previous = null;
            exchange.OpenIn = -1;
        }
    }

    /// <summary>Ends what a tenant's callers have open by credentials that are no longer good.</summary>
    /// <param name="now">What is in force; null where the tenant is gone.</param>
    public void Cut(string tenant, TenantSnapshot? now) => Cut(exchange => exchange.Tenant?.Slug == tenant && !exchange.IsCallerGoodIn(now));

    /// <summary>Ends all that callers have open.</summary>
    public void CutAll() => Cut(_ => true);

    private void Cut(Func<Exchange, bool> isDead)
    {
        foreach (var part in _parts)
        {
            // Within the lock, so that none of them ends meanwhile and its connection goes on with another request.
            lock (part.Changing)
            {
                for (var exchange = part.First; exchange is not null; exchange = exchange.Next)
                {
                    if (!isDead(exchange)) continue;
                    exchange.Refusal = Refusal.Cut;
                    exchange.Http.Abort();
                }
            }
        }
    }
}
