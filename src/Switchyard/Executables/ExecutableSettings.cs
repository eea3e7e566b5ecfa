using Switchyard.Core.Executables;

namespace Switchyard.Executables;

/// <summary>What is run and how, as the cmdlets' parameters of the same names say.</summary>
internal sealed record ExecutableSettings
{
    public required string FilePath { get; init; }

    public object?[] ArgumentList { get; init; } = [];

    public InputMode InputMode { get; init; }

    /// <summary>How many bytes a block has; null for what suits.</summary>
    public int? BlockSize { get; init; }

    public Encoding? Encoding { get; init; }

    public bool AsByteStream { get; init; }

    public string? OutputDirectory { get; init; }

    /// <summary>Whether the output of items that were run before is in the folder.</summary>
    public bool GoesOn { get; init; }

    public Action<string>? Warn { get; init; }

    public string? WorkingDirectory { get; init; }

    public IDictionary? Environment { get; init; }

    /// <summary>How many run at a time; 0 if not given.</summary>
    public int ThrottleLimit { get; init; }

    /// <summary>Null if not given.</summary>
    public double? GraceSeconds { get; init; }

    /// <summary>Whether nothing is made or changed, as with -WhatIf.</summary>
    public bool OnlySaysWhatIf { get; init; }
}
