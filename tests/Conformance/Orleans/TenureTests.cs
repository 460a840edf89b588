using Drizzle.Silo.Members;

namespace Drizzle.Conformance.Orleans;

[TestClass]
public sealed class TenureTests
{
    private const long Start = 1_000_000_000_000;

    private readonly Tenure _tenure = new();

    [TestMethod]
    public void It_begins_when_the_database_first_has_the_silo_as_a_member()
    {
        Assert.IsFalse(_tenure.Holds(0));
        Assert.IsFalse(_tenure.TakesWitnesses(0));
        _tenure.Confirm(Start);
        Assert.IsTrue(_tenure.Holds(Start));
    }

    [TestMethod]
    public void It_lasts_from_the_question_and_a_successor_waits_for_longer_than_that_by_any_clock()
    {
        _tenure.Confirm(Start);
        Assert.IsTrue(_tenure.Holds(Start + Tenure.Lasts - 1));
        Assert.IsFalse(_tenure.Holds(Start + Tenure.Lasts));
        // The holder's clock a hundredth slow, the successor's a hundredth fast.
        Assert.IsGreaterThanOrEqualTo(Tenure.Lasts / 0.99, Tenure.Waits / 1.01);
    }

    [TestMethod]
    public void Witnesses_extend_it_for_as_long_as_their_word_counts_and_no_longer()
    {
        _tenure.Confirm(Start);
        var last = Start + Tenure.WitnessedFor - 1;
        for (var askedAt = Start; askedAt < last; askedAt += Tenure.Lasts / 5) Witness(askedAt);
        Witness(last);
        Assert.IsTrue(_tenure.Holds(last + Tenure.Lasts - 1));

        Witness(last + 1);
        Assert.IsFalse(_tenure.Holds(last + Tenure.Lasts), "Their word counts from when the database last said it, not from when they last did.");

        _tenure.Confirm(last + Tenure.Lasts);
        Assert.IsTrue(_tenure.Holds(last + Tenure.Lasts));
        Assert.IsTrue(_tenure.TakesWitnesses(last + Tenure.Lasts));
    }

    /// <summary>All others say, asked at this instant, that they cannot reach the database.</summary>
    private void Witness(long askedAt)
    {
        if (_tenure.TakesWitnesses(askedAt)) _tenure.Extend(askedAt);
    }
}
