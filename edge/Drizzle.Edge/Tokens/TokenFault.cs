namespace Drizzle.Edge.Tokens;

/// <summary>Why a token is not accepted.</summary>
/// <param name="Why">For whoever administers; clients are told less.</param>
internal sealed record TokenFault(string Why)
{
    public static readonly TokenFault Malformed = new($"It is no signed JSON Web Token of at most {TokenText.Longest / 1024} KiB in its strict form: three parts in base64url, each name once, no crit, and of type JWT or at+jwt.");
    public static readonly TokenFault UnknownIssuer = new("Its iss claim is the url of none of the tenant's issuers.");
    public static readonly TokenFault Algorithm = new("Its signature is of an algorithm that the issuer's configuration does not accept.");
    public static readonly TokenFault UnknownKey = new("None of the issuer's keys is the one that it names and fits its algorithm.");
    public static readonly TokenFault NoKeys = new("The issuer's keys could not be fetched yet.");
    public static readonly TokenFault Signature = new("Its signature is not the issuer's.");
    public static readonly TokenFault Audience = new("Its aud claim names none of the accepted audiences.");
    public static readonly TokenFault Expired = new("It has expired.");
    public static readonly TokenFault NotYet = new("It is not good yet (nbf).");
    public static readonly TokenFault Times = new("Its exp claim is missing, or exp or nbf is no time.");
    public static readonly TokenFault NoSubject = new("Its sub claim is missing, empty, no text, longer than 256 characters, or has control characters.");
    public static readonly TokenFault NoConsumer = new("The claim that names its consumer names none of the tenant's.");

    public static TokenFault Claim(string name) => new($"The required claim {name} is missing, or has another value.");
}
