namespace Switchyard.Core.Harness;

/// <summary>The one place that knows how long a test waits before it calls a hang a hang. No test's outcome depends on the figure.</summary>
internal static class Bounded
{
    // Emulated, Windows takes longer for everything.
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(OperatingSystem.IsWindows() ? 120 : 30);

    public static void Until(Func<bool> condition, string what)
    {
        if (!SpinWait.SpinUntil(condition, Limit))
        {
            throw new TimeoutException($"Waited in vain until {what}.");
        }
    }

    /// <summary>Waits until a number that only grows has stopped growing, for what has no event: a thread that got stuck where it should.</summary>
    public static long UntilStill(Func<long> read)
    {
        long last = read();
        for (int unchanged = 0; unchanged < 100; unchanged++)
        {
            Thread.Sleep(5);
            long now = read();
            if (now != last)
            {
                last = now;
                unchanged = 0;
            }
        }

        return last;
    }

    public static async Task<T> Await<T>(Task<T> task) => await task.WaitAsync(Limit);

    public static void Join(Thread thread)
    {
        if (!thread.Join(Limit))
        {
            throw new TimeoutException($"The thread '{thread.Name}' did not end.");
        }
    }

    public static void UntilBlocked(Thread thread) =>
        Until(() => (thread.ThreadState & ThreadState.WaitSleepJoin) != 0, $"'{thread.Name}' blocks");

    public static Thread Start(string name, Action action)
    {
        Thread thread = new(() => action()) { IsBackground = true, Name = name };
        thread.Start();
        return thread;
    }

    /// <summary>Runs on a thread of its own what may block: pool threads are few here, and the tests' own.</summary>
    public static Task<T> Run<T>(Func<T> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
