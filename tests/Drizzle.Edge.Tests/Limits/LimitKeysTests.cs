using Drizzle.Edge.Limits;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Tests.Tokens;
using Drizzle.Edge.Tokens;
using Microsoft.AspNetCore.Http;

namespace Drizzle.Edge.Tests.Limits;

/// <summary>What limits count by is stored and shown.</summary>
[TestClass]
public sealed class LimitKeysTests
{
    [TestMethod]
    [DataRow("gold", "gold")]
    [DataRow("", "")]
    [DataRow("go\0ld", null)]
    [DataRow("go\nld", null)]
    public void A_claim_that_no_store_can_hold_is_counted_by_its_digest(string claim, string? subject)
    {
        var keys = new LimitKeys(["claim:tier"], "tenant");
        var bucket = keys.BucketOf("acme/l", Asking(claim));
        if (subject is not null) Assert.AreEqual(subject, bucket.Subject);
        else Assert.StartsWith("sha256:", bucket.Subject);
        Assert.AreEqual(bucket, keys.BucketOf("acme/l", Asking(claim)));
        Assert.AreNotEqual(bucket, keys.BucketOf("acme/l", Asking(claim + "x")));
    }

    [TestMethod]
    public void A_header_says_nothing_where_the_issuer_names_a_claim_for_the_client_id()
    {
        var keys = new LimitKeys(["clientId"], "tenant");
        var exchange = Asking("gold");
        exchange.Http.Request.Headers["X-Client-ID"] = "made-up";
        Assert.AreEqual("/", keys.BucketOf("acme/l", exchange).Subject);
    }

    private static Exchange Asking(string tier)
    {
        var http = new DefaultHttpContext();
        var exchange = new Exchange(http, ClientConnection.Of(http), "id", 0);
        exchange.Shown.Token = new VerifiedToken
        {
            Issuer = TokenVectors.IssuerOf("RS256"), Keys = KeySet.Empty, Subject = "alice", GoodUntil = long.MaxValue, Consumer = null, Roles = [], Scopes = [], Tags = new() { ["tier"] = tier }, ClientId = "", Headers = [],
        };
        return exchange;
    }
}
