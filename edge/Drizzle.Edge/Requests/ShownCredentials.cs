using Drizzle.Edge.Access;
using Drizzle.Edge.Certificates;
using Drizzle.Edge.Snapshots;
using Drizzle.Edge.Tokens;

namespace Drizzle.Edge.Requests;

/// <summary>What a request shows beside a key. Most show nothing else, so it is an object of its own.</summary>
internal sealed class ShownCredentials
{
    /// <summary>Who calls, where that is not told by a key.</summary>
    public Principal? Caller { get; set; }

    /// <summary>Whose they are, where that is not told by a key.</summary>
    public CompiledConsumer? Consumer { get; set; }

    public VerifiedToken? Token { get; set; }

    /// <summary>Why its token was not accepted.</summary>
    public TokenFault? TokenFault { get; set; }

    /// <summary>The client certificate that it came with, if the tenant trusts it. Not every route takes it for a credential.</summary>
    public VerifiedCertificate? Certificate { get; set; }

    /// <summary>What a trusted proxy says of its client's certificate; null where the connection's own counts.</summary>
    public string? ForwardedCertificate { get; set; }
}
