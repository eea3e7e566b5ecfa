using System.Net;
using System.Reflection;
using System.Runtime;
using System.Runtime.CompilerServices;
using Switchyard.Engine;
using Switchyard.Runspaces;

namespace Switchyard.ProcessWorkers;

/// <summary>
/// What code can set for a whole process, as it was before the first batch: consoles and their encodings, default cultures, priority, exit code, sizes
/// of the thread pool, <c>$PSStyle</c>, and the thread that items run on. What can be set and not be unset ends the process's use.
/// </summary>
internal sealed class ProcessSettings
{
    // On the thread that items run on.
    private readonly ThreadSettings _thread = new();
    private readonly Process _process = Process.GetCurrentProcess();
    private readonly ProcessPriorityClass _priority;
    private readonly Encoding _outputEncoding = Console.OutputEncoding;
    private readonly Encoding _inputEncoding = Console.InputEncoding;
    private readonly TextWriter _output = Console.Out;
    private readonly TextWriter _error = Console.Error;
    private readonly CultureInfo? _culture = CultureInfo.DefaultThreadCurrentCulture;
    private readonly CultureInfo? _uiCulture = CultureInfo.DefaultThreadCurrentUICulture;
    private readonly int _exitCode = Environment.ExitCode;
    private readonly GCLatencyMode _latency = GCSettings.LatencyMode;
    private readonly (int, int) _minThreads;
    private readonly (int, int) _maxThreads;
    private readonly StyleSettings _style = new();
    private readonly int _switches = CountOf(EngineMembers.AppSwitches);
    private readonly int _accelerators = CountOf(EngineMembers.TypeAccelerators);

    public ProcessSettings()
    {
        _priority = _process.PriorityClass;
        ThreadPool.GetMinThreads(out _minThreads.Item1, out _minThreads.Item2);
        ThreadPool.GetMaxThreads(out _maxThreads.Item1, out _maxThreads.Item2);
    }

    /// <summary>
    /// Has programs at this process's console write what the caller's session reads, and reads it as that does. The process's own writers stay as they are.
    /// </summary>
    public static void ApplyCodePages((int Output, int Input) codePages)
    {
        if (Console.OutputEncoding.CodePage != codePages.Output && TryFind(codePages.Output) is { } output)
        {
            Console.OutputEncoding = output;
        }

        if (Console.InputEncoding.CodePage != codePages.Input && TryFind(codePages.Input) is { } input)
        {
            Console.InputEncoding = input;
        }
    }

    /// <summary>Makes them what they were.</summary>
    /// <returns>False if one cannot be.</returns>
    public bool TryRestore()
    {
        CultureInfo.DefaultThreadCurrentCulture = _culture;
        CultureInfo.DefaultThreadCurrentUICulture = _uiCulture;
        Environment.ExitCode = _exitCode;
        GCSettings.LatencyMode = _latency;
        RestoreConsole();
        RestoreThreadPool();
        _style.Restore();
        return CountOf(EngineMembers.AppSwitches) == _switches && CountOf(EngineMembers.TypeAccelerators) == _accelerators && TryRestorePriority() && HasUsualNetwork() && Trace.Listeners.Count == 1;
    }

    /// <summary>The same for the thread that items run on, which calls this.</summary>
    public void RestoreThread() => _thread.Restore();

    // What is set once stays set, to whatever value; null where .NET or the engine does not tell.
    private static int CountOf<T>(EngineMember<T> table)
        where T : MemberInfo => (table.Get() as ICollection)?.Count ?? 0;

    // The caller's may be of its own making.
    private static Encoding? TryFind(int codePage)
    {
        try
        {
            return codePage == Encoding.UTF8.CodePage ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) : Encoding.GetEncoding(codePage);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            Debug.WriteLine(exception);
            return null;
        }
    }

    private void RestoreConsole()
    {
        // An encoding that is set makes new writers.
        if (Console.OutputEncoding.CodePage != _outputEncoding.CodePage)
        {
            Console.OutputEncoding = _outputEncoding;
        }

        if (Console.InputEncoding.CodePage != _inputEncoding.CodePage)
        {
            Console.InputEncoding = _inputEncoding;
        }

        if (!ReferenceEquals(Console.Out, _output))
        {
            Console.SetOut(_output);
        }

        if (!ReferenceEquals(Console.Error, _error))
        {
            Console.SetError(_error);
        }
    }

    private void RestoreThreadPool()
    {
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.GetMaxThreads(out int mostWorkers, out int mostPorts);
        if ((workers, ports) != _minThreads || (mostWorkers, mostPorts) != _maxThreads)
        {
            ThreadPool.SetMaxThreads(_maxThreads.Item1, _maxThreads.Item2);
            ThreadPool.SetMinThreads(_minThreads.Item1, _minThreads.Item2);
        }
    }

    private bool TryRestorePriority()
    {
        _process.Refresh();
        if (_process.PriorityClass == _priority)
        {
            return true;
        }

        try
        {
            _process.PriorityClass = _priority;
            return true;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Only an administrator may raise what was lowered.
            return false;
        }
    }

    // Asked only of what a batch has loaded.
    private static bool HasUsualNetwork()
    {
        string?[] loaded = [.. AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name)];
        return (!loaded.Contains("System.Net.Http") || HasUsualProxy())
            && (!Array.Exists(loaded, name => name is "System.Net.Requests" or "System.Net.ServicePoint") || HasUsualRequests());
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool HasUsualProxy() => IsUsual(HttpClient.DefaultProxy);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool HasUsualRequests() =>
        ServicePointManager.SecurityProtocol == SecurityProtocolType.SystemDefault
        && ServicePointManager.ServerCertificateValidationCallback is null
        && IsUsual(WebRequest.DefaultWebProxy);

    // .NET makes it itself, as the system says, and any other is of a public type.
    private static bool IsUsual(IWebProxy? proxy) => proxy is { Credentials: null } && proxy.GetType().Assembly == typeof(HttpClient).Assembly;
}
