using System.Management.Automation;
using System.Reflection;
using Switchyard.Errors;
using Xunit;

namespace Switchyard.Tests.Surface;

/// <summary>An error's id is the name of the method that makes it, and so has to be a message's.</summary>
public sealed class ErrorIdTests
{
    // What makes one of several errors, whose ids it names.
    private static readonly string[] _ofSeveral = [nameof(ErrorRecords.Record), nameof(ErrorRecords.Fatal), "JournalUnusable", "RunFailed", "FileFailed"];

    public static TheoryData<string> Factories =>
    [
        .. typeof(ErrorRecords).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(ErrorRecords).Namespace)
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(method => method.ReturnType == typeof(ErrorRecord) || method.ReturnType.Name == "BatchException")
            .Select(method => method.Name)
            .Except(_ofSeveral),
    ];

    [Theory]
    [MemberData(nameof(Factories))]
    public void A_factory_is_named_as_its_message(string factory) =>
        Assert.NotNull(typeof(Messages).GetProperty(factory, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic));
}
