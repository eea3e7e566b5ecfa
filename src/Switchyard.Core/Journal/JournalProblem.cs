namespace Switchyard.Core.Journal;

/// <summary>Why a journal cannot be used.</summary>
internal enum JournalProblem
{
    /// <summary>It is there already, and is not to be continued.</summary>
    Exists,

    /// <summary>Another run writes it.</summary>
    InUse,

    NotAJournal,

    /// <summary>It was written by a newer version than this one can read.</summary>
    NewerVersion,

    /// <summary>A line before the last one cannot be read.</summary>
    Damaged,

    /// <summary>Of items that succeeded the output is wanted, and was not kept.</summary>
    WithoutOutputs,

    /// <summary>The file with the outputs is gone.</summary>
    OutputsMissing,

    /// <summary>Where the outputs are to be is another file.</summary>
    NotOutputs,

    /// <summary>It cannot be read or made.</summary>
    NotReadable,

    /// <summary>It cannot be written any more, as when the disk is full.</summary>
    NotWritable,
}
