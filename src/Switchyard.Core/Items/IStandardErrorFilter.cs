namespace Switchyard.Core.Items;

/// <summary>Knows which error records are only lines that a program has written to its standard error, such as its progress.</summary>
internal interface IStandardErrorFilter
{
    bool IsStandardError(object error);

    /// <summary>Makes what stands in the place of lines that were not kept.</summary>
    object LeftOut(object like, long count);
}
