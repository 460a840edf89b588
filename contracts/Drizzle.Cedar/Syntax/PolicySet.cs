using System.Globalization;

namespace Drizzle.Cedar;

/// <summary>How a template became a policy.</summary>
/// <param name="Id">Of the policy.</param>
public sealed record TemplateLink(string Template, string Id, IReadOnlyDictionary<Slot, EntityUid> Values);

/// <summary>Policies, templates and links, with ids that are unique.</summary>
public sealed class PolicySet
{
    /// <exception cref="CedarException">An id is there twice, a link has no template, or its values do not fit.</exception>
    public PolicySet(IEnumerable<Policy> policies, IEnumerable<TemplateLink>? links = null)
    {
        var (statics, templates, ids) = (new List<Policy>(), new Dictionary<string, Policy>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        foreach (var policy in policies)
        {
            if (!ids.Add(policy.Id)) throw new CedarException($"There are two policies with the id '{policy.Id}'.", policy.At);
            if (policy.IsTemplate) templates.Add(policy.Id, policy);
            else statics.Add(policy);
        }
        var linked = new List<Policy>();
        Links = [.. links ?? []];
        foreach (var link in Links)
        {
            if (!templates.TryGetValue(link.Template, out var template)) throw new CedarException($"The link '{link.Id}' is of the template '{link.Template}', which is not there.");
            if (!ids.Add(link.Id)) throw new CedarException($"There are two policies with the id '{link.Id}'.");
            linked.Add(template.Link(link.Id, link.Values));
        }
        (Static, Templates, Linked) = (statics, [.. templates.Values], linked);
    }

    /// <summary>Those that stand by themselves.</summary>
    public IReadOnlyList<Policy> Static { get; }

    /// <summary>Those that do nothing until they are linked.</summary>
    public IReadOnlyList<Policy> Templates { get; }

    public IReadOnlyList<TemplateLink> Links { get; }

    /// <summary>What the links have made of the templates.</summary>
    public IReadOnlyList<Policy> Linked { get; }

    /// <summary>All that were written: those that stand by themselves, and the templates.</summary>
    public IEnumerable<Policy> Written => Static.Concat(Templates);

    /// <summary>All that decide: those that stand by themselves, and the linked ones.</summary>
    public IEnumerable<Policy> Deciding => Static.Concat(Linked);

    /// <summary>Reads policies and templates as text; their ids are policy0, policy1 and so on.</summary>
    /// <exception cref="CedarException">The text is not Cedar.</exception>
    public static PolicySet Parse(string text) => new(Parsing.PolicyParser.Parse(text, n => string.Create(CultureInfo.InvariantCulture, $"policy{n}")));

    /// <summary>Reads one policy or template.</summary>
    /// <exception cref="CedarException">The text is not exactly one policy.</exception>
    public static Policy ParseOne(string text, string id) => Parsing.PolicyParser.Parse(text, _ => id) switch
    {
        [var one] => one,
        { Count: 0 } => throw new CedarException("There is no policy in the text."),
        [_, var second, ..] => throw new CedarException("There is more than one policy in the text.", second.At),
    };

    /// <summary>As text that can be read again; templates are among them, links are not.</summary>
    public override string ToString() => string.Join("\n", Written.Select(Printing.PolicyPrinter.Print));
}
