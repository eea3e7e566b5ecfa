namespace Switchyard.Core.Executables;

/// <summary>What an executable reads from its standard input.</summary>
public enum InputMode
{
    /// <summary>Nothing: it finds the end at once.</summary>
    None,

    /// <summary>Its item: a text as it is, a file's bytes.</summary>
    Item,

    /// <summary>
    /// A line for each item, to which it answers with one line. It is started once for each worker, and again when it has died.
    /// </summary>
    Line,

    /// <summary>The terminal: it can ask its questions there. One runs at a time unless -ThrottleLimit says otherwise.</summary>
    Terminal,

    /// <summary>A block of the whole input, which is cut at line ends: of what is piped in, or of a file.</summary>
    Block,
}
