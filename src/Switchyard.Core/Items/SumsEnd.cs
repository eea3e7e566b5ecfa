namespace Switchyard.Core.Items;

/// <summary>What became of what a worker has summed up over its items.</summary>
internal enum SumsEnd
{
    Written,

    /// <summary>What was to write it has failed, and has said so.</summary>
    Failed,

    /// <summary>What held it is gone.</summary>
    Lost,
}
