using Drizzle.Contracts.Model;
using Drizzle.Contracts.Routing;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Validation;

/// <summary>Services and their destinations.</summary>
internal static class ServiceRules
{
    public static void Check(ValueList<Service> services, string path, Findings findings)
    {
        Validator.CheckNames(services, s => s.Slug, path, findings, Names.SlugError, "slug");
        for (var i = 0; i < services.Count; i++) Check(services[i], $"{path}[{i}]", findings);
    }

    private static void Check(Service service, string path, Findings findings)
    {
        CheckDestinations(service.Destinations, $"{path}.destinations", findings);
        if (service.HashOn is { } hashOn && !IsHashSource(hashOn)) findings.Add($"{path}.hashOn", "Expected address, header:NAME or cookie:NAME.");
        if (service.Affinity?.Cookie is { } cookie && !Names.IsToken(cookie)) findings.Add($"{path}.affinity.cookie", "Not a cookie name.");
        if (service.KeyHeader is { } header && !Names.IsToken(header)) findings.Add($"{path}.keyHeader", "Not a header name.");
        if (service.Tls is { ServerName: { } name } && HostPattern.Error(name) is { } error) findings.Add($"{path}.tls.serverName", error);
        CredentialRules.Check(service, $"{path}.credentials", findings);
        CheckHealth(service, path, findings);
        CheckTimes(service, path, findings);
        LimitRules.Check(service.Limits, $"{path}.limits", findings);
        LimitRules.Check(service.Concurrency, $"{path}.concurrency", findings);
    }

    private static bool IsHashSource(string text) =>
        text == "address" || (text.Split(':') is ["header" or "cookie", var name] && Names.IsToken(name));

    private static void CheckDestinations(ValueList<Destination> destinations, string path, Findings findings)
    {
        if (destinations.Count is 0 or > 256) findings.Add(path, "A service has 1 to 256 destinations.");
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < destinations.Count; i++)
        {
            var at = $"{path}[{i}]";
            if (UrlError(destinations[i].Url) is { } error) findings.Add($"{at}.url", error);
            else if (!seen.Add(destinations[i].Url.TrimEnd('/'))) findings.Add($"{at}.url", "Stands twice.");
            if (destinations[i].Weight is < 1 or > 100) findings.Add($"{at}.weight", "1 to 100.");
        }
    }

    private static string? UrlError(string text)
    {
        if (text.Length > 2048 || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) return "A destination is an absolute http or https URL, such as http://127.0.0.1:9001.";
        if (url.UserInfo.Length > 0) return "A URL here holds no user or password.";
        if (url.Query.Length > 0 || url.Fragment.Length > 0) return "A URL here holds no query and no fragment.";
        return url.Host.Length == 0 || url.Host.Contains('*', StringComparison.Ordinal) ? "The URL names no host." : null;
    }

    private static void CheckHealth(Service service, string path, Findings findings)
    {
        if (service.Health?.Active is { } active)
        {
            if (active.Path is { } probe && (probe.Length is 0 or > 2048 || probe[0] != '/')) findings.Add($"{path}.health.active.path", "A path begins with '/'.");
            if (active.Interval is { } interval && interval.Value < TimeSpan.FromMilliseconds(100)) findings.Add($"{path}.health.active.interval", "At least 100ms.");
            if (active.Timeout is { } timeout) AtLeast(timeout, TimeSpan.FromMilliseconds(1), $"{path}.health.active.timeout", findings);
            if (active.UnhealthyAfter is < 1 or > 100) findings.Add($"{path}.health.active.unhealthyAfter", "1 to 100.");
        }
        if (service.Health?.Passive is { } passive)
        {
            if (passive.FailureRate is <= 0 or > 1) findings.Add($"{path}.health.passive.failureRate", "Above 0, at most 1.");
            if (passive.Window is { } window) AtLeast(window, TimeSpan.FromSeconds(1), $"{path}.health.passive.window", findings);
            if (passive.ReactivateAfter is { } after) AtLeast(after, TimeSpan.FromMilliseconds(100), $"{path}.health.passive.reactivateAfter", findings);
        }
    }

    private static void CheckTimes(Service service, string path, Findings findings)
    {
        if (service.CircuitBreaker is { } breaker)
        {
            if (breaker.Failures is < 1 or > 10_000) findings.Add($"{path}.circuitBreaker.failures", "1 to 10000.");
            if (breaker.Window is { } window) AtLeast(window, TimeSpan.FromMilliseconds(100), $"{path}.circuitBreaker.window", findings);
            if (breaker.OpenFor is { } open) AtLeast(open, TimeSpan.FromMilliseconds(100), $"{path}.circuitBreaker.openFor", findings);
        }
        if (service.Retries is { } retries)
        {
            if (retries.Attempts is < 0 or > 5) findings.Add($"{path}.retries.attempts", "0 to 5.");
            for (var i = 0; i < retries.OnStatus.Count; i++)
            {
                if (retries.OnStatus[i] is not (502 or 503 or 504)) findings.Add($"{path}.retries.onStatus[{i}]", "502, 503 or 504.");
            }
        }
        var shortest = TimeSpan.FromMilliseconds(10);
        if (service.Timeouts?.Connect is { } connect) AtLeast(connect, shortest, $"{path}.timeouts.connect", findings);
        if (service.Timeouts?.Idle is { } idle) AtLeast(idle, shortest, $"{path}.timeouts.idle", findings);
        if (service.Timeouts?.Stream is { } stream) AtLeast(stream, shortest, $"{path}.timeouts.stream", findings);
    }

    private static void AtLeast(Duration value, TimeSpan least, string path, Findings findings)
    {
        if (value.Value < least) findings.Add(path, $"At least {new Duration(least)}.");
    }
}
