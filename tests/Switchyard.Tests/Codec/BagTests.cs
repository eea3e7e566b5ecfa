using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Numerics;
using System.Security;
using System.Text.RegularExpressions;
using Switchyard.Codec;
using Switchyard.Core.Protocol;
using Xunit;

namespace Switchyard.Tests.Codec;

/// <summary>What is said to go as a bag of its properties does, and nothing else is said to.</summary>
public sealed class BagTests
{
    public static TheoryData<object> Live =>
    [
        true, 'c', 1L, 1.5, 1m, (nint)5, BigInteger.One, DateTime.UnixEpoch, DateTimeOffset.UnixEpoch, TimeSpan.Zero, DateOnly.MinValue, TimeOnly.MinValue, Guid.Empty, new Version(1, 2),
        new SemanticVersion(1, 2, 3), new Uri("https://example.org"), IPAddress.Loopback, CultureInfo.GetCultureInfo("de-DE"), new Regex("a"), new FileInfo("a"),
        new DirectoryInfo("a"), new byte[2], new object[1], new List<object>(), new Dictionary<string, int>(), new Hashtable(), new OrderedDictionary(), new ArrayList(), DayOfWeek.Monday,
        new SwitchParameter(true), PSCredential.Empty, typeof(int), new ErrorRecord(new InvalidOperationException("no"), "id", ErrorCategory.NotSpecified, null), new WarningRecord("w"),
        new ProgressRecord(0, "a", "b"), new InformationRecord("i", "s"), new SecureString(), new PSObject(),
    ];

    [Theory]
    [MemberData(nameof(Live), DisableDiscoveryEnumeration = true)]
    public void What_arrives_live_or_by_other_means_is_no_bag(object value) => Assert.False(CliXml.IsUsedFor(value is PSObject wrapper ? wrapper.BaseObject : value));

    [Theory]
    [MemberData(nameof(Live), DisableDiscoveryEnumeration = true)]
    public void What_is_written_as_one_is_one_or_not_told_by_its_type(object value) => Assert.True(
        TagOf(value) != ValueTag.CliXml || value is SecureString or nint or PSObject, $"{value.GetType()} goes as CLIXML.");

    [Fact]
    public void A_bag_is_written_as_one()
    {
        foreach (object value in new[] { new object(), new InvalidOperationException("no"), System.Diagnostics.Process.GetCurrentProcess(), new BagTests() })
        {
            Assert.Equal(value.GetType() != typeof(object), CliXml.IsUsedFor(value));
            Assert.Equal(ValueTag.CliXml, TagOf(value));
        }
    }

    private static ValueTag TagOf(object value)
    {
        WireWriter writer = new();
        new ValueWriter().Write(writer, value);
        return (ValueTag)writer.ToArray()[0];
    }
}
