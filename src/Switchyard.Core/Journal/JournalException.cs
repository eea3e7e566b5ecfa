namespace Switchyard.Core.Journal;

/// <summary>A journal cannot be used.</summary>
/// <param name="line">The number of the line that cannot be read, from 1; 0 for none.</param>
internal sealed class JournalException(JournalProblem problem, string path, string detail, long line = 0, Exception? inner = null)
    : IOException(MessageText.Format(Messages.JournalNotUsable, path, problem, detail), inner)
{
    public JournalProblem Problem => problem;

    public string Path => path;

    public string Detail => detail;

    public long Line => line;
}
