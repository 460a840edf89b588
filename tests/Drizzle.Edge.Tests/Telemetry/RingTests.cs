using Drizzle.Edge.Telemetry;

namespace Drizzle.Edge.Tests.Telemetry;

[TestClass]
public sealed class RingTests
{
    [TestMethod]
    public void It_takes_as_many_as_it_holds_and_gives_them_in_order()
    {
        var ring = new Ring<int>(4);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 4; i++) Assert.IsTrue(ring.TryWrite(i));
            Assert.IsFalse(ring.TryWrite(4));
            for (var i = 0; i < 4; i++)
            {
                Assert.IsTrue(ring.TryRead(out var value));
                Assert.AreEqual(i, value);
            }
            Assert.IsFalse(ring.TryRead(out _));
        }
    }

    [TestMethod]
    public void What_many_writers_put_in_comes_out_once_and_in_each_writers_order()
    {
        const int Writers = 8;
        const int Each = 20_000;
        var ring = new Ring<(int Writer, int Number, long Check)>(64);
        var threads = Enumerable.Range(0, Writers).Select(w => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                var spin = new SpinWait();
                while (!ring.TryWrite((w, i, (w * 1_000_003L) ^ i))) spin.SpinOnce();
            }
        })).ToArray();
        foreach (var thread in threads) thread.Start();

        var next = new int[Writers];
        for (var read = 0; read < Writers * Each;)
        {
            if (!ring.TryRead(out var value))
            {
                Thread.Yield();
                continue;
            }
            Assert.AreEqual((value.Writer * 1_000_003L) ^ value.Number, value.Check, "A torn value.");
            Assert.AreEqual(next[value.Writer]++, value.Number);
            read++;
        }
        foreach (var thread in threads) thread.Join();
        Assert.IsFalse(ring.TryRead(out _));
    }
}
