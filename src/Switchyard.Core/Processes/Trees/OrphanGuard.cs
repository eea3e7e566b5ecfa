using Switchyard.Core.Processes.Unix;

namespace Switchyard.Core.Processes.Trees;

/// <summary>
/// Ends the children of a run whose own process was killed: a shell that sleeps until this process is gone, however it went. Where there is
/// <c>/proc</c> it then looks for the run's marks, and a child costs nothing. Elsewhere it is told of each child, and ends those that are left with
/// their groups and what descends from them. It costs a run about a millisecond.
/// </summary>
/// <remarks>Not on Windows, where a job object does what this does.</remarks>
internal sealed class OrphanGuard : IDisposable
{
    private const string ListByMark =
        """
        list() {
            for file in $(grep -lsF "$mark" /proc/[0-9]*/environ 2>/dev/null); do
                file=${file#/proc/}
                echo "${file%/environ}"
            done
        }

        """;

    private const string ListByParent =
        """
        list() {
            ps -A -o pid= -o ppid= -o pgid= -o stat= | awk -v roots="$roots" '
                BEGIN { for (i = split(roots, ids); i > 0; i--) isRoot[ids[i]] = 1 }
                $4 !~ /^Z/ { parent[$1] = $2; group[$1] = $3 }
                END {
                    do {
                        more = 0
                        for (id in parent) {
                            if (!(id in found) && ((id in isRoot) || (group[id] in isRoot) || (parent[id] in found))) {
                                found[id] = more = 1
                                print id
                            }
                        }
                    } while (more)
                }'
        }

        """;

    // It waits on a pipe whose other end this process holds and no child inherits. Signals are for the others: it ends by itself. What
    // is asked to end may start more on the way, so the last step looks twice; and what it has started has lost its parent then.
    private const string Script =
        """
        trap '' HUP INT QUIT TERM
        PATH=$PATH:/bin:/usr/bin
        mark=$1 left=$2 roots=' '
        while read -r change; do
            id=${change#?}
            case $change in
                +*) roots="$roots$id " ;;
                -*) roots="${roots%% $id *} ${roots#* $id }" ;;
            esac
        done
        end() {
            found=
            for id in $(list); do
                kill -s "$1" "$id" 2>/dev/null && found="$found $id"
            done
            roots="$roots$found "
        }
        end TERM
        while end 0; [ "$found" ] && [ "$left" -gt 0 ]; do
            sleep 1
            left=$((left - 1))
        done
        end KILL
        end KILL
        """;

    private readonly object _lock = new();
    private readonly bool _isTold;
    private readonly UnixPipe _lifeline;

    private OrphanGuard(int id, bool isTold, UnixPipe lifeline)
    {
        Id = id;
        _isTold = isTold;
        _lifeline = lifeline;
    }

    public int Id { get; }

    /// <param name="grace">How long children have between being asked to end and being killed; in steps of a second.</param>
    /// <param name="hasProc">Whether marks can be read in <c>/proc</c>.</param>
    /// <param name="lifeline">The pipe that breaks when this process is gone. The guard's from now on.</param>
    /// <returns>The guard; null if it cannot be started.</returns>
    public static OrphanGuard? TryStart(string runId, TimeSpan grace, bool hasProc, UnixPipe lifeline)
    {
        string seconds = Math.Ceiling(Math.Min(grace.TotalSeconds, 86_400)).ToString(CultureInfo.InvariantCulture);
        ChildEnvironment environment = new([]);
        using UnixSpawn spawn = new(UnixSpawn.Place.OwnSession);
        using UnixStrings arguments = new(["/bin/sh", "-c", (hasProc ? ListByMark : ListByParent) + Script, "switchyard-guard", runId + ".", seconds]);
        using UnixStrings variables = new([.. environment.Variables.Select(pair => $"{pair.Key}={pair.Value}")]);
        int result = spawn.Start(arguments, variables, "/", lifeline.ReadEnd, -1, -1, () => true, out int pid);
        lifeline.CloseRead();
        if (result != 0)
        {
            lifeline.Close();
            return null;
        }

        UnixCalls.SetNonBlocking(lifeline.WriteEnd);
        return new OrphanGuard(pid, !hasProc, lifeline);
    }

    public void Started(int child) => Tell('+', child);

    /// <summary>A child is gone, and its number may be another's.</summary>
    public void Ended(int child) => Tell('-', child);

    public void Dispose()
    {
        lock (_lock)
        {
            if (_lifeline.WriteEnd < 0)
            {
                return;
            }

            // First: it must not find the lifeline cut and take that for our end.
            _ = UnixCalls.Kill(Id, UnixCalls.SigKill);
            UnixExit.Await(Id);
            _lifeline.Close();
        }
    }

    private unsafe void Tell(char what, int child)
    {
        if (!_isTold)
        {
            return;
        }

        byte[] line = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what}{child}\n"));
        lock (_lock)
        {
            fixed (byte* start = line)
            {
                if (_lifeline.WriteEnd >= 0 && UnixCalls.Write(_lifeline.WriteEnd, start, (nuint)line.Length) != line.Length)
                {
                    // It is gone, or takes nothing: a guard that does not know which children have ended would end other processes.
                    Dispose();
                }
            }
        }
    }
}
