using System.Reflection;
using System.Text.RegularExpressions;
using Switchyard.Engine;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests.Engine;

public sealed class EngineMembersTests
{
    private static readonly string _source = Path.Combine(Repository.Root, "src", "Switchyard");

    [Fact]
    public void This_engine_has_every_member_that_is_reached_by_reflection() => Assert.Empty(EngineMembers.Missing);

    [Fact]
    public void Every_member_is_listed_once_and_used()
    {
        string[] fields = [.. typeof(EngineMembers).GetFields().Where(field => typeof(EngineMember).IsAssignableFrom(field.FieldType)).Select(field => field.Name)];
        string uses = string.Concat(Files().Where(file => Path.GetFileName(file) != "EngineMembers.cs").Select(File.ReadAllText));

        Assert.True(fields.Length > 70);
        Assert.All(fields, field => Assert.Contains("EngineMembers." + field, uses, StringComparison.Ordinal));
        Assert.All(
            typeof(EngineMembers).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).Select(field => field.GetValue(null)).OfType<EngineMember>(),
            member => Assert.Contains(member, EngineMembers.All));
        Assert.Equal(EngineMembers.All.Count, EngineMembers.All.Select(member => member.FullName + member.GetType()).Distinct().Count());
    }

    [Fact]
    public void Nothing_that_is_not_public_is_looked_up_anywhere_else()
    {
        // Without one of these there is no way to a hidden member, nor to a type of the engine that was not there to compile against.
        Regex lookUp = new(@"[Nn]onPublic|BindingFlags\)|RuntimeReflectionExtensions|GetRuntime(Field|Method|Propert)|UnsafeAccessor|typeof\(PSObject\)\.Assembly\.GetType");
        string[] files = [.. Files().Where(file => lookUp.IsMatch(File.ReadAllText(file))).Select(file => Path.GetFileName(file))];

        Assert.Equal(["EngineMembers.cs"], files);
    }

    [Theory]
    [InlineData("7.4.0.500", true)]
    [InlineData("7.6.0.500", true)]
    [InlineData("7.5.0.500", false)]
    [InlineData("7.7.0.3", false)]
    [InlineData("8.4.0.0", false)]
    public void The_engines_own_steps_are_done_in_its_place_only_where_they_were_compared(string version, bool isCompared)
    {
        Assert.Equal(isCompared, ReusedScope.IsChecked(Version.Parse(version)));
        Assert.Equal(ReusedScope.IsChecked(typeof(System.Management.Automation.PSObject).Assembly.GetName().Version!), ReusedScope.IsUsed);
    }

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(_source, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains(Path.DirectorySeparatorChar + "obj" + Path.DirectorySeparatorChar, StringComparison.Ordinal));
}
