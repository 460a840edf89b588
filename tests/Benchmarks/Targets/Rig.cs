using Drizzle.Benchmarks.Machine;
using Drizzle.Testing;

namespace Drizzle.Benchmarks.Targets;

/// <summary>An origin and the proxies in front of it, all started, answering, and ended with this.</summary>
internal sealed class Rig : IAsyncDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<Target> _targets = [];
    private Target? _origin;

    public Target Origin => _origin ?? throw new InvalidOperationException("The origin was not started.");

    /// <summary>In the order of their starts.</summary>
    public IReadOnlyList<Target> Targets => _targets;

    public LoadRequest Request { get; private set; } = new("");

    /// <summary>What was left out, and why.</summary>
    public List<string> Notes { get; } = [];

    public static async Task<Rig> StartAsync(Session session, bool isWithYarp, bool isWithPeers)
    {
        var rig = new Rig();
        try
        {
            await rig.StartAllAsync(session, isWithYarp, isWithPeers);
            return rig;
        }
        catch
        {
            await rig.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var target in _targets) await target.DisposeAsync();
        if (_origin is not null) await _origin.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartAllAsync(Session session, bool isWithYarp, bool isWithPeers)
    {
        Session.Say("starting …");
        _origin = await OriginProcess.StartAsync(_folder.Path, session);
        await _origin.AnswersAsync(Request.Head, session);
        var data = _folder.File("data");
        Request = await FullDrizzle.PrepareAsync(data, _origin.Port, session);
        if (isWithYarp)
        {
            var ports = Ports.Free(2);
            var url = $"http://127.0.0.1:{_origin.Port}";
            await AddAsync(BareYarp.Start("bare YARP", ports[0], url), session);
            if (isWithPeers) await AddAsync(BareYarp.Start("bare YARP again", ports[1], url), session);
        }
        await AddAsync(FullDrizzle.Start(data, Cores.Proxy), session);
        if (isWithPeers) await AddPeersAsync(_origin.Port, session);
    }

    private async Task AddPeersAsync(int origin, Session session)
    {
        var ports = Ports.Free(3);
        if (Tools.Find("nginx") is null) Notes.Add("nginx is not installed (package nginx): not measured.");
        else
        {
            await AddAsync(Nginx.StartPlain(_folder.Path, ports[0], origin), session);
            await AddAsync(Nginx.StartKeyed(_folder.Path, ports[1], origin, Request.Key), session);
        }
        if (Tools.Find("haproxy") is null) Notes.Add("haproxy is not installed (package haproxy): not measured.");
        else await AddAsync(Haproxy.Start(_folder.Path, ports[2], origin, Request.Key), session);
    }

    private async Task AddAsync(Target target, Session session)
    {
        _targets.Add(target);
        await target.AnswersAsync(Request.Head, session);
    }
}
