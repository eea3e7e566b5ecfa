using Switchyard.Errors;

namespace Switchyard.Work;

/// <summary>Makes one stream of all that is piped in, and items of its blocks. On the pipeline's thread.</summary>
internal interface IBlockInput
{
    /// <summary>Takes what was piped in.</summary>
    /// <returns>The blocks that are whole by now, made as they are taken.</returns>
    /// <exception cref="BatchException">It cannot be read or cut. Thrown as blocks are taken.</exception>
    IEnumerable<InputBlock> Take(object? input);

    /// <summary>Takes what is left at the end.</summary>
    IEnumerable<InputBlock> End();
}
