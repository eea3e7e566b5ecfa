using Switchyard.Core.Processes;
using Switchyard.Core.Protocol;
using Switchyard.Core.RemoteWorkers.Client.Connections;
using Switchyard.Core.Transports;

namespace Switchyard.Core.RemoteWorkers.Client;

/// <summary>What is done where a worker is lost, and the item that it was running with it. On the worker's thread.</summary>
internal sealed class WorkerLosses(
    RemoteWorkerFactory factory,
    CurrentConnection current,
    InFlightItems items,
    ItemProgress progress,
    RecordReader records,
    RunningItem running,
    CancellationToken stop)
{
    /// <summary>Ends the item that the worker was running; the others will be sent to another one.</summary>
    /// <exception cref="WorkerStartException">There is none here to send them to: the run takes them back, where it is a shortage.</exception>
    public void Handle(Exception cause)
    {
        if (current.TakeLost() is not { } connection)
        {
            return;
        }

        bool isFull = cause is MachineFullException;
        if (isFull || cause is MalformedFrameException)
        {
            connection.Kill();
        }

        // Before its end is waited for.
        bool wasSilent = connection.IsSilent;
        ExitReason reason = connection.AwaitEnd();
        long runningItem = connection.CrashMarker?.Running ?? records.ReportedStart;
        bool isKnown = connection.CrashMarker is not null || connection.ReportsStarts || (items.Count > 0 && items.First.Id == runningItem);
        if (!isKnown && progress.HasBegun)
        {
            // Perhaps it has ended, and that was not sent yet. It costs it no more than an attempt.
            runningItem = items.First.Id;
        }

        MarkCrashed(runningItem, connection, reason, isKnown);
        bool hasRunNothing = runningItem == 0 && connection.EndedCount == 0;
        TransportStartException failure = new(
            isFull ? cause.Message : factory.Hosts.IsHere ? Messages.WorkerEndedBeforeItem : Messages.WorkerGone, cause)
        {
            Exit = isFull ? null : reason, LastErrors = connection.LastErrors(), IsOfAll = factory.Hosts.IsHere,
        };
        connection.Dispose();
        progress.IsPaused = false;
        if (!factory.Hosts.IsHere)
        {
            factory.HasLostWorkers = true;
            LeaveHost(connection.HostName ?? connection.Description, failure, hasRunNothing || wasSilent || isFull);
            return;
        }

        if (!stop.IsCancellationRequested && hasRunNothing && factory.CrashLoop.NoteCrash())
        {
            throw factory.Calls.CannotStart(failure);
        }

        progress.BeginFirst(current.Value, current.Recall);
    }

    /// <summary>Whether the machine still answers may take long to find out, so the worker's items go back to the run, and it leaves.</summary>
    private void LeaveHost(string host, TransportStartException cause, bool isUnusable)
    {
        progress.BeginFirst(current.Value, current.Recall);
        if (stop.IsCancellationRequested)
        {
            return;
        }

        WorkerStartException failure = factory.Calls.CannotStart(cause, host);
        current.LeaveHost(isUnusable ? failure : null);
        progress.GiveUp();
        throw new WorkerStartException(failure.Message, failure) { IsShortage = true, Subject = failure.Subject };
    }

    private void MarkCrashed(long runningItem, RemoteConnection connection, ExitReason reason, bool isKnown)
    {
        bool isBlameless = running.WasKilledForAnother(runningItem);
        int free = items.MarkCrashed(runningItem, isBlameless ? null : input => running.WasStopped(runningItem)
            ? new DecidedEnd(ItemStatus.Canceled, null)
            : new DecidedEnd(
                reason.WaitedForTerminal is null
                    ? new ItemEnd(ItemStatus.Crashed) { ExitCode = reason.ExitCode, IsLost = !isKnown || connection.IsLoss(reason), HostName = connection.HostName }
                    : new ItemEnd(ItemStatus.Failed) { ExitCode = reason.ExitCode, IsFinal = true },
                factory.Calls.WorkerDied(input, connection.Description, reason, connection.LastErrors())));
        progress.Source.Return(free);
    }
}
