using System.Collections;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Xunit;

namespace Switchyard.Tests.Harness;

/// <summary>Compares what is alive before and after a test: runspaces and the batch's threads.</summary>
internal sealed class LeakCheck
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly int _runspaces = CountRunspaces();
    private readonly int _threads = CountThreads();

    /// <summary>Fails if more is alive than when this was created, after giving it time to end.</summary>
    public void AssertNothingLeft()
    {
        SpinWait.SpinUntil(() => CountRunspaces() <= _runspaces && CountThreads() <= _threads, _patience);

        // Fewer, if what an earlier test has ended was still on its way out.
        Assert.InRange(CountRunspaces(), 0, _runspaces);
        Assert.InRange(CountThreads(), 0, _threads);
    }

    /// <summary>How many runspaces Get-Runspace would show.</summary>
    public static int CountRunspaces()
    {
        const BindingFlags hidden = BindingFlags.Static | BindingFlags.NonPublic;
        object gate = typeof(Runspace).GetField("s_syncObject", hidden)!.GetValue(null)!;
        IDictionary runspaces = (IDictionary)typeof(Runspace).GetField("s_runspaceDictionary", hidden)!.GetValue(null)!;
        lock (gate)
        {
            return runspaces.Count;
        }
    }

    /// <summary>How many worker threads are alive; where the system does not tell, none.</summary>
    public static int CountThreads()
    {
        const string tasks = "/proc/self/task";
        return Directory.Exists(tasks)
            ? Directory.EnumerateDirectories(tasks).Count(task => ThreadName(task).StartsWith("Switchyard", StringComparison.Ordinal))
            : 0;
    }

    private static string ThreadName(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm"));
        }
        catch (IOException)
        {
            // It ended between the listing and the reading.
            return string.Empty;
        }
    }
}
