using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Numerics;
using CsCheck;
using Switchyard.Core.Gauges;
using Switchyard.Core.Journal;
using Switchyard.Journal;
using Xunit;

namespace Switchyard.Tests.Journal;

public sealed class ItemContentTests : IDisposable
{
    private readonly Runspace _runspace;

    public ItemContentTests()
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
    }

    public void Dispose()
    {
        Runspace.DefaultRunspace = null;
        _runspace.Dispose();
    }

    public static TheoryData<object?, object?> Same => new()
    {
        { 1, 1L },
        { 1, 1.0 },
        { (byte)200, 200m },
        { 1.5, 1.5m },
        { 1.10m, 1.1m },
        { new BigInteger(7), 7 },
        { ulong.MaxValue, new BigInteger(ulong.MaxValue) },
        { "a", new PSObject("a") },
        { new object[] { 1, "x" }, new List<object> { 1L, "x" } },
        { new Hashtable { ["a"] = 1, ["B"] = 2 }, new OrderedDictionary { ["b"] = 2, ["A"] = 1 } },
        { new FileInfo("/a/b"), new FileInfo("/a/../a/b") },
        { new DirectoryInfo("/a/b"), new DirectoryInfo("/a/b/") },
    };

    public static TheoryData<object?, object?> Different => new()
    {
        { 1, "1" },
        { null, string.Empty },
        { "a", "A" },
        { new object[] { 1, 2 }, new object[] { 2, 1 } },
        { new object[] { "ab", "c" }, new object[] { "a", "bc" } },
        { new FileInfo("/a"), "/a" },
        { new FileInfo("/a"), new DirectoryInfo("/a") },
        { true, 1 },
        { 'a', "a" },
        { double.NaN, 0 },
        { new Hashtable { ["a"] = 1 }, new Hashtable { ["a"] = 2 } },
        { new Hashtable { ["a"] = 1 }, Custom(("a", 1)) },
        { new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Local) },
        { DayOfWeek.Monday, 1 },
    };

    [Theory]
    [MemberData(nameof(Same))]
    public void Equal_items_are_known_by_one_key(object? one, object? other) => Assert.Equal(Key(one), Key(other));

    [Theory]
    [MemberData(nameof(Different))]
    public void Items_that_differ_have_keys_of_their_own(object? one, object? other) => Assert.NotEqual(Key(one), Key(other));

    [Fact]
    public void Custom_objects_are_known_by_their_members_in_any_order()
    {
        Assert.Equal(Key(Custom(("a", 1), ("b", "x"))), Key(Custom(("B", "x"), ("A", 1L))));
        Assert.NotEqual(Key(Custom(("a", 1), ("b", "x"))), Key(Custom(("a", 1), ("b", "y"))));
    }

    [Fact]
    public void What_the_engine_hangs_onto_a_text_does_not_count()
    {
        PSObject line = new("a");
        line.Properties.Add(new PSNoteProperty("ReadCount", 17));
        Assert.Equal(Key("a"), Key(line));
    }

    [Fact]
    public void An_object_that_holds_itself_has_a_key()
    {
        ArrayList list = [];
        list.Add(list);
        Assert.Equal(Key(list), Key(list));
        Assert.NotNull(Key(System.Diagnostics.Process.GetCurrentProcess()));
    }

    [Fact]
    public void No_culture_changes_a_key()
    {
        object[] items = [1.5, 2.25m, new Uri("http://x/I"), "Iı", new Hashtable { ["title"] = 1 }, new Version(1, 2)];
        string[] expected = [.. items.Select(item => Key(item))];
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
            Assert.Equal(expected, items.Select(item => Key(item)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void What_a_journal_says_of_an_item_makes_it_again() =>
        Gen.OneOf(Gen.Int.Select(value => (object)value), Gen.Long.Select(value => (object)value), Gen.String.Select(value => (object)value), Gen.Double.Select(value => (object)value))
            .Sample(value =>
            {
                ItemDescription description = new ItemDescriber(new FileSystemCase()).Describe(value, isWhole: true);
                object? again = ItemDescriber.Restore(new JournalEntry { Item = description });
                Assert.Equal(Key(value), Key(again));
            });

    private static PSObject Custom(params (string Name, object Value)[] members)
    {
        PSObject custom = new();
        foreach ((string name, object value) in members)
        {
            custom.Properties.Add(new PSNoteProperty(name, value));
        }

        return custom;
    }

    private static string Key(object? item) => Key(item, new FileSystemCase());

    private static string Key(object? item, FileSystemCase? names) => new ItemContent(names).KeyOf(item).ToString();
}
