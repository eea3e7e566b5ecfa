using System.Xml.Linq;
using Switchyard.Jobs;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests.Surface;

/// <summary>Whatever a command writes, or holds in what it writes, has a view.</summary>
public sealed class FormatTests
{
    // Those of the engine have the engine's.
    private static readonly Type[] _byTheEngine = [typeof(object), typeof(BatchJob), typeof(FileInfo), typeof(string)];

    private static readonly HashSet<string> _views = [.. XDocument
        .Load(Path.Combine(Repository.Root, "out", "Switchyard", "Switchyard.format.ps1xml"))
        .Descendants("TypeName")
        .Select(type => type.Value)];

    [Fact]
    public void What_a_command_writes_has_a_view() => Assert.All(
        Cmdlets.All.SelectMany(cmdlet => cmdlet.OutputType).Select(output => output.Type).Except(_byTheEngine),
        type => Assert.Contains(type.FullName!, _views));

    [Fact]
    public void What_it_holds_has_a_view_as_well() => Assert.All(
        Cmdlets.All.SelectMany(cmdlet => cmdlet.OutputType).SelectMany(output => output.Type.GetProperties())
            .Select(property => ElementOf(property.PropertyType))
            .Where(type => type.Namespace?.StartsWith("Switchyard", StringComparison.Ordinal) == true && !type.IsEnum)
            .Distinct(),
        type => Assert.Contains(type.FullName!, _views));

    [Fact]
    public void A_view_is_of_a_type_that_there_is()
    {
        Assert.NotEmpty(_views);
        Assert.All(_views, name => Assert.True(typeof(BatchJob).Assembly.GetType(name) is not null || typeof(Core.Items.ItemStatus).Assembly.GetType(name) is not null, name));
    }

    private static Type ElementOf(Type type) => type.IsArray
        ? type.GetElementType()!
        : type.IsGenericType && type.GetGenericArguments() is [var element] && type != typeof(Nullable<>).MakeGenericType(typeof(int)) ? element : type;
}
