namespace Switchyard.Core.Items;

/// <summary>Knows which errors are only talk, such as the lines of progress that programs write to their error output.</summary>
internal interface IErrorTalk
{
    bool IsTalk(object error);

    /// <summary>Makes what stands in the place of talk that was not kept.</summary>
    object LeftOut(object like, long count);
}
