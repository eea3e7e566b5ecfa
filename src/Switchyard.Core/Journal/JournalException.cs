using System.Diagnostics.CodeAnalysis;

namespace Switchyard.Core.Journal;

/// <summary>A journal cannot be used.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "It means nothing without its problem.")]
internal sealed class JournalException : IOException
{
    /// <summary>Says which journal and why.</summary>
    /// <param name="detail">The rest of the story: who uses it, what the system says.</param>
    /// <param name="line">The number of the line that cannot be read, from 1; 0 for none.</param>
    /// <param name="inner">What the system said; null for nothing.</param>
    public JournalException(JournalProblem problem, string path, string detail, long line = 0, Exception? inner = null)
        : base(MessageText.Format(Messages.JournalNotUsable, path, problem, detail), inner)
    {
        Problem = problem;
        Path = path;
        Detail = detail;
        Line = line;
    }

    public JournalProblem Problem { get; }

    public string Path { get; }

    public string Detail { get; }

    /// <summary>The number of the line that cannot be read, from 1; 0 for none.</summary>
    public long Line { get; }
}
