using System.Management.Automation.Language;
using Switchyard.Choosing.Code;
using Switchyard.Choosing.Known;
using Switchyard.Choosing.Values;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Choosing;

/// <summary>
/// Judges, without running it, whether a body would do the same in other processes as on threads of this one: the same results and errors, the same effects on
/// what the caller can see. What is not known to be the same is taken to differ: that costs time, and the other mistake costs a result.
/// </summary>
/// <remarks>Built and asked on the pipeline's thread.</remarks>
internal sealed class ProcessSafety
{
    // Items and outputs are looked at as they come.
    private const int Limit = 20_000;

    private readonly ValueTraits _traits = new();
    private readonly BodyFindings _findings;
    private readonly CallerWatch[] _watches;

    /// <param name="isGrouped">Whether the body is given several items at once, in an array.</param>
    public ProcessSafety(ScriptBlock body, ScriptBlock? initialization, SessionSettings settings, IReadOnlyList<object?> arguments, bool isGrouped = false)
    {
        GivenValues given = new(settings, arguments, _traits);
        BodyWalk walk = new(given, settings.Functions, settings.ProviderLocation);
        _findings = walk.Findings;
        if (WhyNot(settings) is { } reason)
        {
            _findings.Refuse(reason);
        }

        if (CodeOf(initialization) is { } first)
        {
            walk.WalkInitialization(first);
        }

        if (CodeOf(body) is { } code)
        {
            walk.Walk(code, Flow.Of(isGrouped ? GivenValues.Group : GivenValues.Item), given.Arguments);
        }

        if (CodeOf(settings.Completion) is { } last)
        {
            walk.Walk(last, Flow.Fresh, Flow.Fresh);
        }

        WhyThreads = given.WhyNot(_findings) ?? _findings.Reason ?? (_findings.HandsOnLive ? Messages.ThreadsForLiveOutput : null);
        _watches = WhyThreads is not null ? [] : [.. given.Watches, .. _findings.EnvironmentNames.Select(CallerWatch.OfEnvironment)];
    }

    /// <summary>What keeps all of it on threads, as a phrase; null if nothing does.</summary>
    public string? WhyThreads { get; }

    /// <summary>Says what of an item keeps the batch on threads, or what the caller has changed since the last one.</summary>
    /// <returns>A phrase; null for nothing.</returns>
    public string? WhyThreadsFor(object? item)
    {
        foreach (CallerWatch watch in _watches)
        {
            if (watch.HasChanged)
            {
                return MessageText.Format(Messages.ThreadsForChangeByCaller, watch.Name);
            }
        }

        item = PSObjects.ItemOf(item);
        Traits traits = _traits.Of(item, Limit);
        return traits == Traits.None ? MessageText.Format(Messages.ThreadsForItemType, ValueName.Of(item))
            : _findings.Changed.AreAmiss(GivenValues.Item, traits) ? MessageText.Format(Messages.ThreadsForItemChanged, ValueName.Of(item))
            : _findings.HandedOn.AreAmiss(GivenValues.Item, traits) ? MessageText.Format(Messages.ThreadsForItemHandedOn, ValueName.Of(item))
            : _findings.OrdersItem && traits.HasFlag(Traits.HasTable) ? MessageText.Format(Messages.ThreadsForTableOrder, "$_")
            : _findings.TakesPaths && PSObjects.Unwrap(item) is string path && KnownNames.IsOfProcess(path)
                ? MessageText.Format(Messages.ThreadsForText, path)
            : null;
    }

    /// <summary>Says what of an output, or of an error, would not arrive from a process as it is.</summary>
    /// <returns>A phrase; null for nothing.</returns>
    public string? WhyThreadsForOutput(object? output) =>
        _traits.Of(output, Limit) == Traits.None ? MessageText.Format(Messages.ThreadsForOutputType, ValueName.Of(output)) : null;

    private static ScriptBlockAst? CodeOf(ScriptBlock? block) => block?.Ast as ScriptBlockAst ?? (block?.Ast as FunctionDefinitionAst)?.Body;

    private static string? WhyNot(SessionSettings settings) =>
        settings.Cloned is not null ? Messages.ThreadsForClone
        : settings.Modules.FirstOrDefault(module => !KnownCommands.IsEngineModule(module)) is { } foreign ? MessageText.Format(Messages.ThreadsForModule, foreign)
        : settings.Drive is { } drive && drive.Provider.Name != "FileSystem" ? MessageText.Format(Messages.ThreadsForDrive, drive.Name)
        : null;
}
