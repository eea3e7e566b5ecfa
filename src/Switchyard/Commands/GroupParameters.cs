using Switchyard.Core.Batch;
using Switchyard.Core.Executables;
using Switchyard.Core.Processes;
using Switchyard.Errors;
using Switchyard.Work;

namespace Switchyard.Commands;

/// <summary>The parameters by which items are run in groups.</summary>
internal static class GroupParameters
{
    /// <exception cref="BatchException">One has no effect without another, or none beside it.</exception>
    public static void Check(BatchCommandBase command)
    {
        if (!command.RunsGroups)
        {
            if (new[] { nameof(command.SplitOnFailure), nameof(command.MaxCommandLength) }.FirstOrDefault(command.IsGiven) is { } parameter)
            {
                throw ParameterErrors.ParameterNeedsAnother(parameter, nameof(command.BatchSize));
            }

            return;
        }

        if (command is { RunsScriptBlock: true, BatchSize: 0 })
        {
            throw ParameterErrors.BatchSizeNeeded();
        }

        if (command.InputMode is not (InputMode.None or InputMode.Terminal))
        {
            throw ParameterErrors.ParametersExcludeEachOther(nameof(command.BatchSize), $"{nameof(command.InputMode)} {command.InputMode}");
        }

        // What a group has written is no item's own, so it could not be had again for other items or in other groups.
        if (command.KeepOutput)
        {
            throw ParameterErrors.ParametersExcludeEachOther(nameof(command.BatchSize), nameof(command.KeepOutput));
        }
    }

    /// <summary>Says how items are put together.</summary>
    /// <returns>Null if they are run one by one.</returns>
    public static GroupOptions? CreateOptions(BatchCommandBase command, BatchWork work)
    {
        if (!command.RunsGroups)
        {
            return null;
        }

        bool takesWhatFits = command.BatchSize == 0;
        long? longest = command.MaxCommandLength > 0 ? command.MaxCommandLength : takesWhatFits ? CommandLineSpace.Usual : null;
        return new GroupOptions
        {
            Size = takesWhatFits ? int.MaxValue : command.BatchSize,
            Join = PreparedItem.Join,
            GoesAlone = item => item is PreparedItem { Failure: not null },
            Length = work.MeasureItems(longest, out long most),
            MaxLength = most,
            SharesRest = takesWhatFits,
            Splits = command.SplitOnFailure,
        };
    }
}
