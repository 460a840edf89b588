using System.Text.Json.Serialization;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Model;

/// <summary>Whose client certificates are accepted.</summary>
public sealed record ClientCertificates
{
    /// <summary>Certificates of the authorities in PEM, at most 32: a client's chain ends at one of them.</summary>
    public required string Ca { get; init; }

    /// <summary>Their revocation lists in PEM, each signed by one of them. A list that is past its next update still counts.</summary>
    public string? Crl { get; init; }
}

/// <summary>How browsers are kept on https.</summary>
public sealed record HttpsRule
{
    /// <summary>Hosts of the tenant. All of them when absent.</summary>
    public ValueList<string> Hosts { get; init; }

    /// <summary>Answers plain http with a redirect to https.</summary>
    public bool Redirect { get; init; }

    /// <summary>The port of https as clients see it. Default 443.</summary>
    public int? Port { get; init; }

    /// <summary>Strict-Transport-Security in answers over https. None when absent.</summary>
    public Hsts? Hsts { get; init; }
}

/// <summary>For how long browsers use nothing but https (RFC 6797).</summary>
public sealed record Hsts
{
    /// <summary>How long; 0s makes browsers forget.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required Duration MaxAge { get; init; }

    /// <summary>On hosts below this one too.</summary>
    public bool IncludeSubDomains { get; init; }

    /// <summary>Agrees to be built into browsers, which is hard to take back.</summary>
    public bool Preload { get; init; }
}

/// <summary>A certificate of this gateway, in files of each edge that are read again when they change.</summary>
public sealed record ServerCertificate
{
    /// <summary>Hosts that it is for; <c>*.acme.test</c> is every host one level below.</summary>
    public ValueList<string> Hosts { get; init; }

    /// <summary>A PEM file with the certificate, then those between it and its root.</summary>
    public required string CertFile { get; init; }

    /// <summary>A PEM file with its private key.</summary>
    public required string KeyFile { get; init; }
}
