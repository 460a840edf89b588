using System.Text;
using System.Text.Json;
using Drizzle.Cedar.Json;

namespace Drizzle.Cedar.Tests;

[TestClass]
public sealed class ParsingTests
{
    [TestMethod]
    public void The_same_texts_are_policies_and_they_mean_the_same() => Vectors.Expect("parsing", 800, element =>
    {
        var (text, isOk) = (element.GetProperty("text").GetString() ?? "", element.GetProperty("ok").GetBoolean());
        return isOk ? Accepted(text, element.GetProperty("json")) : Refused(text);
    });

    [TestMethod]
    [DataRow("(")]
    [DataRow("[")]
    [DataRow("{a:")]
    [DataRow("!(")]
    [DataRow("if ")]
    [DataRow("-(")]
    public void Deep_nesting_is_refused_with_a_place(string open)
    {
        var text = $"permit(principal, action, resource) when {{ {string.Concat(Enumerable.Repeat(open, 10_000))} true }};";
        var error = Assert.ThrowsExactly<CedarException>(() => PolicySet.Parse(text));
        StringAssert.Contains(error.Message, "deep");
        Assert.AreEqual(1, error.At.Line);
    }

    [TestMethod]
    [DataRow(" && true")]
    [DataRow(" + 1")]
    [DataRow(".a")]
    public void Long_chains_are_refused_before_they_are_too_deep(string link)
    {
        StringAssert.Contains(Assert.ThrowsExactly<CedarException>(() => PolicySet.Parse(Chain(10_000))).Message, "deep");
        var policies = PolicySet.Parse(Chain(900));
        new Authorizer(policies).Decide(new Request(new EntityUid("U", "u"), new EntityUid("Action", "a"), new EntityUid("U", "u"), RecordValue.Empty), Entities.None);
        Assert.AreEqual(PolicyJson.Write(policies.Static[0]), PolicyJson.Write(PolicySet.ParseOne(policies.ToString(), "policy0")));

        string Chain(int links) => $"permit(principal, action, resource) when {{ context{string.Concat(Enumerable.Repeat(link, links))} }};";
    }

    [TestMethod]
    [DataRow("(if ", " is Key in Role::\"r\" then principal else principal)", "principal", " is Key in Role::\"r\"")]
    [DataRow("{a:{b: ", "}} has a.b", "true", " == true")]
    public void What_would_be_worked_through_again_and_again_is_refused_though_it_is_short(string open, string close, string inner, string end)
    {
        for (var level = 0; level < 90; level++) inner = open + inner + close;
        StringAssert.Contains(Assert.ThrowsExactly<CedarException>(() => PolicySet.Parse($"permit(principal, action, resource) when {{ {inner}{end} }};")).Message, "is worth more than");
    }

    [TestMethod]
    public void Many_conditions_are_refused_and_as_many_as_may_be_validate_on_a_small_stack()
    {
        Assert.ThrowsExactly<CedarException>(() => PolicySet.Parse(With(CedarLimits.Conditions + 1, "true")));
        var schema = Schema.Parse("entity User; entity Doc; action view appliesTo { principal: User, resource: Doc, context: { at: datetime } };");
        string[] texts = [With(CedarLimits.Conditions, "true"), With(1, "context.at" + string.Concat(Enumerable.Repeat(".toDate()", 990)) + " == context.at"), With(1, "true" + string.Concat(Enumerable.Repeat(" && context.at == context.at", 900)))];
        var outcome = new List<string>();
        var thread = new Thread(() => outcome.AddRange(texts.Select(t => Validated(t, schema))), maxStackSize: 1 << 20);
        thread.Start();
        thread.Join();
        Assert.HasCount(texts.Length, outcome);
        foreach (var one in outcome) Assert.IsTrue(one is "valid" || one.Contains("deep", StringComparison.Ordinal), one);

        static string With(int conditions, string body) => $"permit(principal, action, resource) {string.Concat(Enumerable.Repeat($"when {{ {body} }}", conditions))};";
    }

    private static string Validated(string text, Schema schema)
    {
        try
        {
            var policies = PolicySet.Parse(text);
            var nobody = new EntityUid("User", "nobody");
            new Authorizer(policies).Decide(new Request(nobody, new EntityUid("Action", "view"), nobody, new RecordValue([new("at", Value.OfDatetime(0))])), Entities.None);
            return string.Join('\n', new Validator(schema).Validate(policies).Select(f => f.Message)) is { Length: > 0 } wrong ? wrong : "valid";
        }
        catch (CedarException e)
        {
            return e.Message;
        }
    }

    [TestMethod]
    public void A_mistake_is_found_where_it_is()
    {
        var error = Assert.ThrowsExactly<CedarException>(() => PolicySet.Parse("// first\npermit(principal, action, resource)\n  when { principal.name = \"x\" };"));
        Assert.AreEqual(new TextPosition(3, 25), error.At);
        Assert.AreEqual("line 3, column 25: Expected '}', found '='.", error.Message);
    }

    [TestMethod]
    public void Whatever_bytes_there_are_it_is_read_or_refused()
    {
        string[] pieces = ["permit", "forbid", "(", ")", "principal", "action", "resource", ",", ";", "when", "unless", "{", "}", "==", "in", "is", "has", "like", "\"a\"", "\"\\u{", "\\", "[", "]", ".", "::", "User", "1", "-", "!", "&&", "||", "if", "then", "else", "?principal", "@", "//", "\n", "\0", "é", "9223372036854775808", "*", "<", "context", "ip", "decimal", "\ud800"];
        var random = new Random(20_261_122);
        for (var round = 0; round < 40_000; round++)
        {
            var text = new StringBuilder(random.Next(2) == 0 ? "permit(principal, action, resource) when { " : "");
            for (var i = random.Next(24); i >= 0; i--) text.Append(pieces[random.Next(pieces.Length)]).Append(random.Next(3) == 0 ? "" : " ");
            if (random.Next(2) == 0) text.Append(" };");
            try
            {
                var policies = PolicySet.Parse(text.ToString());
                Assert.AreEqual(policies.Static.Count + policies.Templates.Count, PolicySet.Parse(policies.ToString()) is var again ? again.Static.Count + again.Templates.Count : 0);
            }
            catch (CedarException)
            {
                // Refused with a sentence.
            }
        }
    }

    private static IEnumerable<string> Refused(string text)
    {
        Policy policy;
        try
        {
            policy = PolicySet.ParseOne(text, "p");
        }
        catch (CedarException)
        {
            yield break;
        }
        yield return $"it is read as {PolicyJson.Write(policy)}";
    }

    private static IEnumerable<string> Accepted(string text, JsonElement json)
    {
        var policy = PolicySet.ParseOne(text, "p");
        var written = PolicyJson.Write(policy);
        if (!Same(written, json)) yield return $"as JSON it is {written}";
        if (!Same(PolicyJson.Write(PolicyJson.Read(written, "p")), json)) yield return "read from JSON it is another";
        var printed = policy.Id is var id ? new PolicySet([policy]).ToString() : "";
        var again = PolicyJson.Write(PolicySet.ParseOne(printed, id));
        if (!Same(again, json)) yield return $"printed as {printed}, it is read as {again}";
    }

    private static bool Same(string json, JsonElement other)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
        return JsonElement.DeepEquals(document.RootElement, other);
    }
}
