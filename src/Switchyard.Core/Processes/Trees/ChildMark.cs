using System.Security.Cryptography;

namespace Switchyard.Core.Processes.Trees;

/// <summary>
/// Marks the children of a run: each carries a text of its own in its environment, which all that it starts inherits. A run inside
/// such a child adds its marks to the outer one, so that ending the outer child finds the inner ones too.
/// </summary>
internal sealed class ChildMark
{
    private const char Separator = '/';

    private readonly string _prefix;
    private long _last;

    /// <summary>Marks for the children of one run.</summary>
    /// <param name="outer">The mark of this process itself; null if it has none.</param>
    public ChildMark(string? outer)
    {
        RunId = Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        _prefix = string.IsNullOrEmpty(outer) ? RunId + "." : string.Concat(outer, Separator.ToString(), RunId, ".");
    }

    /// <summary>What the marks of this run have in common, and no other has.</summary>
    public string RunId { get; }

    public string Next() => _prefix + Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a process was started by a child, or by what that child started.</summary>
    public static bool Has(string? found, string mark) =>
        found is not null
        && found.StartsWith(mark, StringComparison.Ordinal)
        && (found.Length == mark.Length || found[mark.Length] == Separator);
}
