using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes.Trees;

/// <summary>
/// Ends the children of a run whose own process was killed: a shell that sleeps until this process is gone, however it went, and then
/// looks for the run's marks. It costs a run about a millisecond, and a child nothing.
/// </summary>
/// <remarks>
/// Linux only, as only there a shell can read marks. Elsewhere a killed caller leaves its children to themselves; on Windows a
/// job object does what this does.
/// </remarks>
internal sealed class OrphanGuard : IDisposable
{
    // It waits on a pipe whose other end this process holds and no child inherits. Signals are for the others: it ends by itself. What
    // is asked to end may start more on the way, so the last step looks twice.
    private const string Script =
        """
        trap '' HUP INT QUIT TERM
        read -r nothing
        end() {
            for file in $(grep -lsF "$2" /proc/[0-9]*/environ 2>/dev/null); do
                pid=${file#/proc/}
                kill -s "$1" "${pid%/environ}" 2>/dev/null && found=1
            done
        }
        end TERM "$1"
        left=$2
        while found=; end 0 "$1"; [ "$found" ] && [ "$left" -gt 0 ]; do
            sleep 1
            left=$((left - 1))
        done
        end KILL "$1"
        end KILL "$1"
        """;

    private readonly int _pid;
    private readonly UnixPipe _lifeline;

    private OrphanGuard(int pid, UnixPipe lifeline)
    {
        _pid = pid;
        _lifeline = lifeline;
    }

    /// <param name="grace">How long children have between being asked to end and being killed; in steps of a second.</param>
    /// <returns>The guard; null where there is none.</returns>
    public static OrphanGuard? TryStart(string runId, TimeSpan grace)
    {
        if (!OperatingSystem.IsLinux() || !UnixChildLauncher.IsSupported || UnixPipe.TryOpen() is not { } lifeline)
        {
            return null;
        }

        string seconds = Math.Ceiling(Math.Min(grace.TotalSeconds, 86_400)).ToString(CultureInfo.InvariantCulture);
        ChildEnvironment environment = new([]);
        using UnixSpawn spawn = new(UnixSpawn.Place.OwnSession);
        using UnixStrings arguments = new(["/bin/sh", "-c", Script, "switchyard-guard", runId + ".", seconds]);
        using UnixStrings variables = new([.. environment.Variables.Select(pair => $"{pair.Key}={pair.Value}")]);
        int result = spawn.Start(arguments, variables, "/", lifeline.ReadEnd, -1, -1, () => true, out int pid);
        lifeline.CloseRead();
        if (result != 0)
        {
            lifeline.Close();
            return null;
        }

        return new OrphanGuard(pid, lifeline);
    }

    public void Dispose()
    {
        if (_lifeline.WriteEnd < 0)
        {
            return;
        }

        // First: it must not find the lifeline cut and take that for our end.
        _ = UnixCalls.Kill(_pid, UnixCalls.SigKill);
        UnixExit.Await(_pid);
        _lifeline.Close();
    }
}
