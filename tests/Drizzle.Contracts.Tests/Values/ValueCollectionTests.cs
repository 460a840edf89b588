using Drizzle.Contracts.Model;
using Drizzle.Contracts.Values;

namespace Drizzle.Contracts.Tests.Values;

[TestClass]
public sealed class ValueCollectionTests
{
    [TestMethod]
    public void Lists_are_equal_by_their_elements_in_order()
    {
        ValueList<string> list = ["a", "b"];
        ValueList<string> same = ["a", "b"];
        Assert.IsTrue(list == same);
        Assert.IsTrue(list.Equals((object)same));
        Assert.AreEqual(list.GetHashCode(), same.GetHashCode());
        Assert.IsTrue(list != ["b", "a"]);
        Assert.IsTrue(list != ["a"]);
        Assert.IsFalse(list.Equals("a"));
    }

    [TestMethod]
    public void The_default_list_is_an_empty_list()
    {
        ValueList<int> empty = [];
        Assert.IsTrue(empty == default);
        Assert.AreEqual(default(ValueList<int>).GetHashCode(), empty.GetHashCode());
        Assert.AreEqual(0, default(ValueList<int>).Count);
        Assert.IsFalse(default(ValueList<int>).Any());
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => default(ValueList<int>)[0]);
    }

    [TestMethod]
    public void A_list_does_not_see_later_changes_of_what_it_was_made_from()
    {
        var source = new List<int> { 1, 2 };
        var list = source.ToValueList();
        source[0] = 9;
        Assert.AreEqual(1, list[0]);
    }

    [TestMethod]
    public void Maps_are_equal_by_their_entries()
    {
        var map = Samples.Map(("a", "1"), ("b", "2"));
        var same = Samples.Map(("a", "1"), ("b", "2"));
        Assert.IsTrue(map == same);
        Assert.IsTrue(map.Equals((object)same));
        Assert.AreEqual(map.GetHashCode(), same.GetHashCode());
        Assert.IsTrue(map != Samples.Map(("a", "1"), ("b", "3")));
        Assert.IsTrue(map != Samples.Map(("a", "1")));
        Assert.IsTrue(Samples.Map() == default);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => default(ValueMap)[0]);
    }

    [TestMethod]
    public void Records_that_hold_collections_are_equal_by_value()
    {
        Assert.AreEqual(Made("reader"), Made("reader"));
        Assert.AreEqual(Made("reader").GetHashCode(), Made("reader").GetHashCode());
        Assert.AreNotEqual(Made("reader"), Made("writer"));

        static Consumer Made(string role) => new() { Name = "mobile", Roles = [role], Attributes = Samples.Map(("region", "eu")) };
    }
}
