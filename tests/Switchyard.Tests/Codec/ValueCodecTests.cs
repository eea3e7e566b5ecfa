using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Net;
using System.Numerics;
using System.Text.RegularExpressions;
using CsCheck;
using Switchyard.Codec;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;
using Xunit;

namespace Switchyard.Tests.Codec;

/// <summary>Objects on their way to another process and back: live, equal and of the same type.</summary>
public sealed class ValueCodecTests : IDisposable
{
    private static readonly Gen<object?> _leaf = Gen.OneOf(
        Gen.Const((object?)null),
        Gen.Bool.Select(value => (object?)value),
        Gen.Int.Select(value => (object?)value),
        Gen.Long.Select(value => (object?)value),
        Gen.Double.Select(value => (object?)value),
        Gen.Float.Select(value => (object?)value),
        Gen.Decimal.Select(value => (object?)value),
        Gen.Byte.Select(value => (object?)value),
        Gen.SByte.Select(value => (object?)value),
        Gen.Short.Select(value => (object?)value),
        Gen.UShort.Select(value => (object?)value),
        Gen.UInt.Select(value => (object?)value),
        Gen.ULong.Select(value => (object?)value),
        Gen.Char.Select(value => (object?)value),
        Gen.String.Select(value => (object?)value),
        Gen.Char.Array[0, 30].Select(chars => (object?)new string(chars)),
        Gen.DateTime.Select(value => (object?)value),
        Gen.DateTimeOffset.Select(value => (object?)value),
        Gen.TimeSpan.Select(value => (object?)value),
        Gen.Guid.Select(value => (object?)value),
        Gen.Byte.Array[0, 50].Select(value => (object?)new BigInteger(value)),
        Gen.Byte.Array[0, 50].Select(value => (object?)value),
        Gen.Int.Array[0, 20].Select(value => (object?)value),
        Gen.String.Array[0, 5].Select(value => (object?)value));

    private readonly Runspace _runspace;
    private readonly ProviderObjects _providers;

    public ValueCodecTests()
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.ThreadOptions = PSThreadOptions.UseCurrentThread;
        _runspace.Open();
        Runspace.DefaultRunspace = _runspace;
        _providers = ProviderObjects.Of(((EngineIntrinsics)_runspace.SessionStateProxy.GetVariable("ExecutionContext")).SessionState);
    }

    public void Dispose()
    {
        Runspace.DefaultRunspace = null;
        _runspace.Dispose();
    }

    [Fact]
    public void Whatever_is_nested_in_whatever_arrives_equal()
    {
        Nested(3).Sample(value => AssertSame(value, RoundTrip(value)), iter: 3_000);
    }

    [Theory]
    [InlineData("tr-TR")]
    [InlineData("de-DE")]
    public void No_culture_changes_a_byte(string culture)
    {
        object value = new object[] { 1.5, new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Local), "Iı", 2.5m, new Hashtable { ["I"] = 1 }, DayOfWeek.Friday };
        byte[] expected = Write(value);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(expected, Write(value));
            AssertSame(value, RoundTrip(value));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Types_of_the_framework_arrive_as_what_they_are()
    {
        object[] values =
        [
            new Uri("https://example.org/a b?c=%20"), new Uri("../x y", UriKind.Relative), new Version(1, 2), new Version(1, 2, 3, 4), DayOfWeek.Friday,
            FileAttributes.Hidden | FileAttributes.System, new DateOnly(2026, 1, 2), new TimeOnly(3, 4, 5), IPAddress.Parse("::1"),
            CultureInfo.GetCultureInfo("de-DE"), double.NaN, -0.0, double.PositiveInfinity, decimal.MaxValue, DateTime.MaxValue, ulong.MaxValue,
            "\ud800 lone", "nul\0", "", new string('ü', 100_000),
        ];
        foreach (object value in values)
        {
            AssertSame(value, RoundTrip(value));
        }

        Regex regex = Assert.IsType<Regex>(RoundTrip(new Regex("a+", RegexOptions.IgnoreCase)));
        Assert.Matches(regex, "AA");
    }

    [Fact]
    public void Collections_keep_their_type_their_order_and_the_way_they_compare()
    {
        Hashtable table = Assert.IsType<Hashtable>(RoundTrip(new Hashtable(StringComparer.CurrentCultureIgnoreCase) { ["A"] = 1 }));
        Assert.Equal(1, table["a"]);
        Assert.Null(Assert.IsType<Hashtable>(RoundTrip(new Hashtable { ["A"] = 1 }))["a"]);
        OrderedDictionary ordered = Assert.IsType<OrderedDictionary>(RoundTrip(new OrderedDictionary(StringComparer.OrdinalIgnoreCase) { ["z"] = 1, ["a"] = 2 }));
        Assert.Equal(["z", "a"], ordered.Keys.Cast<object>());
        Assert.Equal(2, ordered["A"]);
        Dictionary<string, int> dictionary = Assert.IsType<Dictionary<string, int>>(RoundTrip(new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase) { ["A"] = 1 }));
        Assert.Equal(1, dictionary["a"]);
        Assert.Equal([3, 2, 1], Assert.IsType<Stack<int>>(RoundTrip(new Stack<int>([1, 2, 3]))));
        Assert.Equal([1, 2, 3], Assert.IsType<Queue<int>>(RoundTrip(new Queue<int>([1, 2, 3]))));
        Assert.Equal(["x"], Assert.IsType<HashSet<string>>(RoundTrip(new HashSet<string> { "x" })));
        Assert.Equal([1, 2], Assert.IsType<List<int>>(RoundTrip(new List<int> { 1, 2 })));
        Assert.Equal([[1], [2, 3]], Assert.IsType<int[][]>(RoundTrip(new int[][] { [1], [2, 3] })));
        Assert.Equal(new byte[100_000], Assert.IsType<byte[]>(RoundTrip(new byte[100_000])));
        Assert.Equal(new double[10_000], Assert.IsType<double[]>(RoundTrip(new double[10_000])));
    }

    [Fact]
    public void What_was_one_object_stays_one_and_cycles_end()
    {
        Hashtable cycle = new() { ["list"] = new List<object?>() };
        ((List<object?>)cycle["list"]!).Add(cycle);
        Hashtable arrived = Assert.IsType<Hashtable>(RoundTrip(cycle));
        Assert.Same(arrived, ((List<object?>)arrived["list"]!)[0]);

        object[] shared = new object[20];
        Array.Fill(shared, new ArrayList { 1 });
        object[] pair = Assert.IsType<object[]>(RoundTrip(shared));
        Assert.All(pair, item => Assert.Same(pair[0], item));

        PSObject self = new();
        self.Properties.Add(new PSNoteProperty("Self", self));
        PSObject custom = Assert.IsType<PSObject>(RoundTrip(self));
        Assert.Same(custom, custom.Properties["Self"].Value);
    }

    [Fact]
    public void Custom_objects_keep_names_order_types_and_values()
    {
        PSObject value = Evaluate("[pscustomobject]@{ PSTypeName = 'My.Type'; Zulu = 1; alpha = 'x'; Count = $null; Inner = [pscustomobject]@{ a = 1 } }");
        PSObject arrived = Assert.IsType<PSObject>(RoundTrip(value));
        Assert.Equal("My.Type", arrived.TypeNames[0]);
        Assert.Equal(["Zulu", "alpha", "Count", "Inner"], arrived.Properties.Select(property => property.Name));
        Assert.Equal(1, ((PSObject)arrived.Properties["Inner"].Value).Properties["A"].Value);
        arrived.Properties.Add(new PSNoteProperty("New", 5));
        Assert.Equal(5, arrived.Properties["new"].Value);
    }

    [Fact]
    public void What_was_added_to_an_object_comes_along()
    {
        PSObject text = new("text");
        text.Properties.Add(new PSNoteProperty("Note", 7));
        PSObject arrived = Assert.IsType<PSObject>(RoundTrip(text));
        Assert.Equal("text", arrived.BaseObject);
        Assert.Equal(7, arrived.Properties["Note"].Value);
    }

    [Fact]
    public void An_object_that_was_looked_at_is_still_itself()
    {
        PSObject value = new();
        value.Properties.Add(new PSNoteProperty("A", 1));
        using (PowerShell look = PowerShell.Create(RunspaceMode.CurrentRunspace))
        {
            // Each leaves members of the engine's own with the object.
            look.AddScript("param($it) $null = $it.pstypenames; $null = $it.psobject.Properties; $null = $it.psbase; $null = $it.psextended").AddArgument(value).Invoke();
        }

        PSObject arrived = Assert.IsType<PSObject>(RoundTrip(value));
        Assert.Equal(value.TypeNames, arrived.TypeNames);
        Assert.Equal(1, arrived.Properties["A"].Value);
    }

    [Fact]
    public void A_credential_has_its_password()
    {
        PSCredential arrived = Assert.IsType<PSCredential>(RoundTrip(new PSCredential("me", new NetworkCredential("me", "p w").SecurePassword)));
        Assert.Equal(("me", "p w"), (arrived.UserName, arrived.GetNetworkCredential().Password));
        Assert.Same(PSCredential.Empty, RoundTrip(PSCredential.Empty));
    }

    [Fact]
    public void A_type_is_a_type()
    {
        Assert.Same(typeof(List<string>), RoundTrip(typeof(List<string>)));
        Assert.Same(typeof(PSObject), RoundTrip(typeof(PSObject)));
    }

    [Fact]
    public void Records_of_streams_are_values_too()
    {
        ErrorRecord error = new(new FileNotFoundException("none", "x"), "NoFile", ErrorCategory.ObjectNotFound, 5);
        ErrorRecord arrived = Assert.IsType<ErrorRecord>(RoundTrip(error));
        Assert.Equal(("NoFile", 5, "none"), (arrived.FullyQualifiedErrorId, arrived.TargetObject, arrived.Exception.Message));
        Assert.IsType<FileNotFoundException>(arrived.Exception);
        Assert.Equal("w", Assert.IsType<WarningRecord>(RoundTrip(new WarningRecord("w"))).Message);
        Assert.Equal("v", Assert.IsType<VerboseRecord>(RoundTrip(new VerboseRecord("v"))).Message);
        Assert.Equal("d", Assert.IsType<DebugRecord>(RoundTrip(new DebugRecord("d"))).Message);
        Assert.Equal("i", Assert.IsType<InformationRecord>(RoundTrip(new InformationRecord("i", "source"))).MessageData);
        Assert.Equal("p", Assert.IsType<ProgressRecord>(RoundTrip(new ProgressRecord(1, "p", "s"))).Activity);
    }

    [Fact]
    public void A_record_that_holds_itself_ends_somewhere()
    {
        ArrayList target = [];
        ErrorRecord error = new(new InvalidOperationException("round"), "Round", ErrorCategory.NotSpecified, target);
        target.Add(error);
        Assert.Equal("round", Assert.IsType<ErrorRecord>(RoundTrip(error)).Exception.Message);
    }

    [Theory]
    [InlineData("plain.txt")]
    [InlineData("with space [x] 'q' ü.txt")]
    public void A_file_is_a_file_with_all_that_its_provider_adds(string name)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("switchyard-test-");
        try
        {
            string path = Path.Combine(folder.FullName, name);
            File.WriteAllText(path, "content");
            PSObject file = _runspace.SessionStateProxy.InvokeProvider.Item.Get([path], force: true, literalPath: true).Single();
            PSObject arrived = Assert.IsType<PSObject>(RoundTrip(file));
            Assert.Equal(7, Assert.IsType<FileInfo>(arrived.BaseObject).Length);
            foreach (string property in new[] { "PSPath", "PSParentPath", "PSChildName", "PSIsContainer" })
            {
                Assert.Equal(file.Properties[property].Value, arrived.Properties[property].Value);
            }

            Assert.Same(file.Properties["PSProvider"].Value, arrived.Properties["PSProvider"].Value);
            Assert.Equal(file.Properties["PSDrive"].Value, arrived.Properties["PSDrive"].Value);
            AssertSame(path, RoundTrip(arrived) is PSObject again ? ((FileInfo)again.BaseObject).FullName : null);
            Assert.Equal(path, Assert.IsType<FileInfo>(RoundTrip(new FileInfo(path))).FullName);
            Assert.Equal(folder.FullName, Assert.IsType<DirectoryInfo>(RoundTrip(folder)).FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Deep_values_arrive_and_deeper_ones_are_refused()
    {
        // On a stack as large as those that objects are read and written on: Windows gives other threads too little for the deepest.
        Exception? failure = null;
        Thread thread = new(() => failure = Record.Exception(WriteDeeply), maxStackSize: 10_000_000);
        thread.Start();
        thread.Join();
        Assert.Null(failure);

        void WriteDeeply()
        {
            object? deep = null;
            for (int i = 0; i < ValueWriter.MaxDepth; i++)
            {
                deep = new object?[] { deep };
            }

            object? arrived = RoundTrip(deep);
            for (int i = 0; i < ValueWriter.MaxDepth; i++)
            {
                arrived = Assert.Single(Assert.IsType<object?[]>(arrived));
            }

            Assert.Throws<ValueTooDeepException>(() => Write(new object?[] { deep }));
        }
    }

    [Fact]
    public void All_else_is_a_bag_of_its_properties()
    {
        PSObject arrived = Assert.IsType<PSObject>(RoundTrip(new Hostile()));
        Assert.StartsWith("Deserialized.", arrived.TypeNames[0], StringComparison.Ordinal);
        Assert.Equal(5, arrived.Properties["Good"].Value);
    }

    [Fact]
    public void Random_bytes_are_never_more_than_refused()
    {
        Random random = new(17);
        byte[] real = Write(new object?[] { "text", 1, new Hashtable { ["a"] = new List<int> { 1 } }, DayOfWeek.Friday, new PSObject() });
        ValueReader values = new(new ProviderObjects([], []), SharedObject.Read);
        WireReader reader = new();
        for (int i = 0; i < 200_000; i++)
        {
            byte[] bytes = i % 2 == 0 ? (byte[])real.Clone() : new byte[random.Next(40)];
            if (i % 2 == 0)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            else
            {
                random.NextBytes(bytes);
            }

            reader.Reset(bytes, 0, bytes.Length, []);
            try
            {
                values.Read(reader);
            }
            catch (Exception exception) when (exception is not (OutOfMemoryException or StackOverflowException))
            {
                // Refused.
            }
        }
    }

    private static Gen<object?> Nested(int depth) => depth == 0
        ? _leaf
        : Gen.OneOf(
            _leaf,
            Nested(depth - 1).Array[0, 4].Select(items => (object?)items),
            Nested(depth - 1).Array[0, 4].Select(items => (object?)new List<object?>(items)),
            Nested(depth - 1).Array[0, 4].Select(items => (object?)new ArrayList(items)),
            Gen.Select(Gen.String[1, 5], Nested(depth - 1)).Array[0, 4].Select(entries => (object?)ToTable(entries)),
            Gen.Select(Gen.String[1, 5], Nested(depth - 1)).Array[0, 4].Select(entries => (object?)ToCustomObject(entries)));

    private static Hashtable ToTable((string Key, object? Value)[] entries)
    {
        Hashtable table = new();
        foreach ((string key, object? value) in entries)
        {
            table[key] = value;
        }

        return table;
    }

    private static PSObject ToCustomObject((string Key, object? Value)[] entries)
    {
        PSObject value = new();
        foreach ((string key, object? item) in entries.DistinctBy(entry => entry.Key, StringComparer.OrdinalIgnoreCase))
        {
            value.Properties.Add(new PSNoteProperty(key, item));
        }

        return value;
    }

    private static byte[] Write(object? value)
    {
        WireWriter writer = new() { SendsBlobs = false };
        new ValueWriter().Write(writer, value);
        return writer.ToArray();
    }

    private object? RoundTrip(object? value)
    {
        byte[] bytes = Write(value);
        WireReader reader = new();
        reader.Reset(bytes, 0, bytes.Length, []);
        object? arrived = new ValueReader(_providers, SharedObject.Read).Read(reader);
        Assert.Equal(0, reader.Remaining);
        return arrived;
    }

    private static void AssertSame(object? expected, object? actual)
    {
        switch (expected)
        {
            case null:
                Assert.Null(actual);
                break;
            case PSObject custom:
                PSObject arrived = Assert.IsType<PSObject>(actual);
                Assert.Equal(custom.Properties.Select(property => property.Name), arrived.Properties.Select(property => property.Name));
                foreach (PSPropertyInfo property in custom.Properties)
                {
                    AssertSame(property.Value, arrived.Properties[property.Name].Value);
                }

                break;
            case IDictionary table:
                Assert.Equal(expected.GetType(), actual?.GetType());
                Assert.Equal(table.Count, ((IDictionary)actual!).Count);
                foreach (DictionaryEntry entry in table)
                {
                    AssertSame(entry.Value, ((IDictionary)actual)[entry.Key]);
                }

                break;
            case string or Uri or IPAddress:
                Assert.Equal(expected, actual);
                break;
            case IList list:
                Assert.Equal(expected.GetType(), actual?.GetType());
                Assert.Equal(list.Count, ((IList)actual!).Count);
                for (int i = 0; i < list.Count; i++)
                {
                    AssertSame(list[i], ((IList)actual)[i]);
                }

                break;
            default:
                Assert.Equal(expected.GetType(), actual?.GetType());
                Assert.Equal(expected, actual);
                if (expected is DateTime time)
                {
                    Assert.Equal(time.Kind, ((DateTime)actual!).Kind);
                }

                break;
        }
    }

    private PSObject Evaluate(string script)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return shell.Invoke().Single();
    }

    public sealed class Hostile
    {
        public int Good { get; } = 5;

        public int Bad => Good > 0 ? throw new InvalidOperationException("Nobody looks at me.") : 0;
    }
}
