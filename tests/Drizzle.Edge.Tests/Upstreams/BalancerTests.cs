using Drizzle.Contracts.Model;
using Drizzle.Edge.Requests;
using Drizzle.Edge.Upstreams;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Model;

namespace Drizzle.Edge.Tests.Upstreams;

[TestClass]
public sealed class BalancerTests
{
    [TestMethod]
    public void Round_robin_goes_round_whatever_the_weights()
    {
        var (balancer, destinations) = Make(LoadBalancing.RoundRobin, 1, 5, 1);
        var counts = Count(balancer, destinations, 300);
        CollectionAssert.AreEqual((int[])[100, 100, 100], counts);
    }

    [TestMethod]
    public void Weighted_turns_are_exact_and_spread()
    {
        var (balancer, destinations) = Make(LoadBalancing.Weighted, 3, 1);
        var chosen = Enumerable.Range(0, 8).Select(_ => Array.IndexOf(destinations, balancer.Choose(From("a")))).ToArray();
        Assert.AreEqual(6, chosen.Count(c => c == 0));
        Assert.AreNotEqual(1, chosen[0]);
        Assert.IsFalse(string.Concat(chosen).Contains("0000", StringComparison.Ordinal), "Six turns of the heavy one must not stand together.");
    }

    [TestMethod]
    public void Random_follows_the_weights()
    {
        var (balancer, destinations) = Make(LoadBalancing.Random, 3, 1);
        var counts = Count(balancer, destinations, 10_000);
        // Twelve standard deviations.
        Assert.AreEqual(7500, counts[0], 520);
    }

    [TestMethod]
    public void The_fewest_requests_for_its_weight_are_chosen_and_ties_go_round()
    {
        var (balancer, destinations) = Make(LoadBalancing.LeastRequests, 1, 1, 2);
        for (var i = 0; i < 40; i++) balancer.Choose(From("a"))?.Enter();
        CollectionAssert.AreEqual((int[])[10, 10, 20], destinations.Select(d => d.InFlight).ToArray());
        for (var i = 0; i < 9; i++) destinations[1].Leave();
        Assert.AreSame(destinations[1], balancer.Choose(From("a")));
    }

    [TestMethod]
    public void Of_two_the_less_busy_is_chosen()
    {
        var (balancer, destinations) = Make(LoadBalancing.PowerOfTwo, 1, 1);
        for (var i = 0; i < 5; i++) destinations[0].Enter();
        CollectionAssert.AreEqual((int[])[0, 100], Count(balancer, destinations, 100));
    }

    [TestMethod]
    [DataRow(LoadBalancing.RoundRobin)]
    [DataRow(LoadBalancing.Weighted)]
    [DataRow(LoadBalancing.Random)]
    [DataRow(LoadBalancing.LeastRequests)]
    [DataRow(LoadBalancing.PowerOfTwo)]
    [DataRow(LoadBalancing.ConsistentHash)]
    public void One_that_is_not_available_is_not_chosen_and_none_where_none_is(LoadBalancing kind)
    {
        var (balancer, destinations) = Make(kind, 1, 1, 1);
        destinations[1].State.Health.Active = DestinationHealth.Unhealthy;
        var counts = Count(balancer, destinations, 600);
        Assert.AreEqual(0, counts[1]);
        Assert.IsTrue(counts[0] > 0 && counts[2] > 0);
        foreach (var destination in destinations) destination.State.Health.Active = DestinationHealth.Unhealthy;
        Assert.IsNull(balancer.Choose(From("a")));
    }

    [TestMethod]
    public void By_hash_a_client_stays_and_only_those_of_a_lost_destination_move()
    {
        var (balancer, destinations) = Make(LoadBalancing.ConsistentHash, 1, 1, 2);
        var clients = Enumerable.Range(0, 4000).Select(i => $"client-{i}").ToArray();
        var before = clients.Select(c => balancer.Choose(From(c))).ToArray();
        CollectionAssert.AreEqual(before, clients.Select(c => balancer.Choose(From(c))).ToArray());
        // Sixteen standard deviations; the hash is the same at every run.
        Assert.AreEqual(2000, before.Count(d => ReferenceEquals(d, destinations[2])), 500);

        destinations[0].State.Health.Active = DestinationHealth.Unhealthy;

        for (var i = 0; i < clients.Length; i++)
        {
            var after = balancer.Choose(From(clients[i]));
            if (ReferenceEquals(before[i], destinations[0])) Assert.AreNotSame(destinations[0], after);
            else Assert.AreSame(before[i], after);
        }
    }

    private static (Balancer Balancer, UpstreamDestination[] Destinations) Make(LoadBalancing kind, params int[] weights)
    {
        var destinations = weights.Select((w, i) => new UpstreamDestination(new Destination { Url = $"http://127.0.0.1:{i + 1}", Weight = w }, null, TimeProvider.System)).ToArray();
        return (Balancer.Of(new Service { Slug = "orders", LoadBalancing = kind, HashOn = "header:X-User" }, destinations), destinations);
    }

    private static int[] Count(Balancer balancer, UpstreamDestination[] destinations, int requests)
    {
        var counts = new int[destinations.Length];
        for (var i = 0; i < requests; i++) counts[Array.IndexOf(destinations, balancer.Choose(From($"user-{i}")))]++;
        return counts;
    }

    private static Exchange From(string user)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers["X-User"] = user;
        return new Exchange(http, ClientConnection.Of(http), "id", 0);
    }
}
