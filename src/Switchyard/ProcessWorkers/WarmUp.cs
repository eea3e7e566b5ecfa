using System.Management.Automation.Language;
using Switchyard.Hosting;
using Switchyard.Runspaces;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.ProcessWorkers;

/// <summary>
/// Runs nothing once, in a session like those that batches will have: on a core of its own while the process finds its caller and hears
/// what it is to do. Without it the first item waits for all that code to be compiled.
/// </summary>
internal static class WarmUp
{
    public static Thread Start(CallerHost host)
    {
        Thread thread = new(() => Run(host)) { IsBackground = true, Name = "Switchyard warm-up" };
        thread.Start();
        return thread;
    }

    private static void Run(CallerHost host)
    {
        try
        {
            SessionSettings settings = new()
            {
                LanguageMode = PSLanguageMode.FullLanguage,
                Host = host,
                Location = Environment.CurrentDirectory,
                ProviderLocation = Environment.CurrentDirectory,
                Preferences = new Dictionary<string, object> { ["WarningPreference"] = ActionPreference.Continue },
            };
            ScriptBlock body = Parser.ParseInput("$_", out _, out _).GetScriptBlock();
            NullSink sink = new();
            using IBatchWorker worker = new RunspaceWorkerFactory(new SharedBody(body, []), settings, isFresh: false, honoursRetryAfter: false).Create(1);
            worker.Open(sink);
            worker.Run(new SingleItemSource(new BatchItem(0, null)), sink);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever is wrong here is wrong for the first batch, too, which reports it.
            Debug.WriteLine(exception);
        }
    }

    private sealed class NullSink : IItemSink
    {
        public void Write(RecordKind kind, object? value)
        {
        }

        public void EnterUserCode()
        {
        }

        public void LeaveUserCode()
        {
        }

        public void Complete(in ItemEnd end)
        {
        }
    }
}
