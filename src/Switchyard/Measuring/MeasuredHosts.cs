using Switchyard.Core.RemoteWorkers.Client;
using Switchyard.Core.RemoteWorkers.Client.Hosts;
using Switchyard.Core.Trials;
using Switchyard.Errors;
using Switchyard.ProcessWorkers;
using Switchyard.ProcessWorkers.Hosts;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.Measuring;

/// <summary>The machines of -HostName, as they are to be measured.</summary>
internal sealed class MeasuredHosts : IDisposable
{
    // Answers a number by so many bytes without a pattern, and all else by nothing.
    private const string Answer = "if ($_ -is [int] -and $_) { $bytes = [byte[]]::new($_); [Random]::Shared.NextBytes($bytes); , $bytes }";

    private readonly HostOptions _options;
    private readonly SessionState _session;
    private readonly RemoteWorkerFactory _link;
    private readonly RemoteWorkerFactory? _work;

    /// <summary>Checks the names.</summary>
    /// <exception cref="BatchException">One is none, or there is no <c>ssh</c>.</exception>
    /// <param name="work">Makes the workers that run items; null if they cannot be sent.</param>
    public MeasuredHosts(HostOptions options, SessionSettings settings, SessionState session, Func<RemoteWorkerFactory>? work)
    {
        _options = options;
        _session = session;
        SessionSettings plain = settings with
        {
            LanguageMode = PSLanguageMode.FullLanguage,
            Initialization = null,
            Modules = [],
            Cloned = null,
            UsingValues = null,
            Variables = new Dictionary<string, object?>(),
            Functions = new Dictionary<string, ScriptBlock>(),
        };
        ProcessWorkOptions link = new() { Body = ScriptBlock.Create(Answer), Warn = _ => { }, Hosts = options };
        _link = (RemoteWorkerFactory)ProcessWork.CreateWorkers(link, plain, session);
        _work = Try(work);
        Trials = [.. _link.Hosts.Hosts.Select(CreateTrial)];
    }

    public IReadOnlyList<HostTrial> Trials { get; }

    /// <summary>Whether <c>localhost</c> is this machine for those who are reached so.</summary>
    public bool NamesThisMachine => _options is { UserName: null, Port: null, KeyFilePath: null };

    /// <summary>What -HostName has for machines, by their names.</summary>
    public object[] ValuesOf(IEnumerable<string> names) =>
        [.. names.Select(name => _options.HostName.First(value => HostAddress.Read(value).Name == name)!)];

    public void Dispose()
    {
        _link.Dispose();
        _work?.Dispose();
    }

    private static RemoteWorkerFactory? Try(Func<RemoteWorkerFactory>? work)
    {
        try
        {
            return work?.Invoke();
        }
        catch (BatchException exception)
        {
            // What it is, is said of processes of this machine as well.
            Debug.WriteLine(exception);
            return null;
        }
    }

    private HostTrial CreateTrial(WorkerHost host)
    {
        RemoteWorkerFactory? link = null;
        ItemTransfers files = new(["{}"], [], _session.Path.CurrentFileSystemLocation.ProviderPath);
        WorkerHost? there = _work?.Hosts.Hosts.First(other => other.Name == host.Name);
        return new HostTrial
        {
            Name = host.Name!,
            IsHere = NamesThisMachine && HostAddress.Read(ValuesOf([host.Name!])[0]).IsHere,
            Workers = host.Given,
            Link = () => link = _link.ForOne(host, files: null),
            Cores = () => link!.Hosts.Hosts[0].Capacity,
            Work = there is null ? null : sendsFiles => _work!.ForOne(there, sendsFiles ? files.CreateOptions(null, cleansUp: true, speculates: false) : null),
            AddFile = item => ItemFile.Of(item) is null ? item : files.Prepare(PSObjects.ItemOf(item), item as PreparedItem),
        };
    }
}
