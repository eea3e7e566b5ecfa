using Switchyard.Measuring;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Choosing;

internal sealed class ProcessSafety(ScriptBlock body, ScriptBlock? initialization, SessionSettings settings, IReadOnlyList<object?> arguments)
{
    private readonly string? _none = null;

    public string? WhyThreads { get; } = new TiedWork(body, [], checksTypes: initialization is null && settings.Cloned is null && arguments.Count == 0).Find([]);

    public string? WhyThreadsFor(object? item) => item is Hashtable ? "" : _none;

    public string? WhyThreadsForOutput(object? output) => output is Hashtable ? "" : _none;
}
