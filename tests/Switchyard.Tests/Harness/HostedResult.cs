using System.Management.Automation;

namespace Switchyard.Tests.Harness;

/// <summary>All that a script wrote, and what ended it.</summary>
internal sealed record HostedResult
{
    public required IReadOnlyList<PSObject?> Output { get; init; }

    public required IReadOnlyList<ErrorRecord> Errors { get; init; }

    public required PSDataStreams Streams { get; init; }

    /// <summary>What ended the script before its end; null if nothing did.</summary>
    public ErrorRecord? Terminating { get; init; }

    /// <summary>The output's objects without their wrappers.</summary>
    public IReadOnlyList<object?> Values => [.. Output.Select(item => item?.BaseObject)];

    /// <summary>The output as text, in any order.</summary>
    public IReadOnlyList<string> Sorted => [.. Output.Select(item => item?.ToString() ?? "<null>").Order(StringComparer.Ordinal)];
}
