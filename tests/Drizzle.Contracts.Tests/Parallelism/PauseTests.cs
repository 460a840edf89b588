using Drizzle.Contracts.Parallelism;
using Drizzle.Testing;

namespace Drizzle.Contracts.Tests.Parallelism;

[TestClass]
public sealed class PauseTests
{
    [TestMethod]
    [DataRow(-5L, 1)]
    [DataRow(0L, 1)]
    [DataRow(1L, 1)]
    [DataRow(1_000_000L, 1)]
    [DataRow(1_000_001L, 2)]
    [DataRow(44_999_999L, 45)]
    public void Part_of_a_millisecond_is_waited_for_as_a_whole_one(long nanoseconds, int milliseconds) =>
        Assert.AreEqual(TimeSpan.FromMilliseconds(milliseconds), Pause.AtLeast(nanoseconds));

    [TestMethod]
    public async Task Who_has_waited_that_long_need_not_wait_again()
    {
        var clock = new FakeClock();
        var waiting = clock.PauseAsync(Pause.AtLeast(1_200_000), CancellationToken.None);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsFalse(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsTrue(await waiting.Soon());
    }
}
