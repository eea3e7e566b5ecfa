using System.Management.Automation.Runspaces;
using Switchyard.Engine;

namespace Switchyard.Runspaces.Sessions;

/// <summary>A session's event subscribers, and the events that were not taken yet.</summary>
internal sealed class SessionEvents
{
    private readonly PSEventManager _events;
    private readonly ICollection? _subscribers;
    private readonly HashSet<PSEventSubscriber> _given;
    private readonly int _received;

    public SessionEvents(Runspace runspace)
    {
        _events = runspace.Events;
        _given = [.. _events.Subscribers];
        _received = _events.ReceivedEvents.Count;

        // To be counted without a copy of them all.
        _subscribers = EngineMembers.EventSubscribers.Get(_events) as ICollection;
    }

    /// <summary>Ends all subscriptions but those that were there, and drops the events that came.</summary>
    public void Reset()
    {
        if (_subscribers is null || _subscribers.Count != _given.Count)
        {
            foreach (PSEventSubscriber subscriber in _events.Subscribers)
            {
                if (!_given.Contains(subscriber))
                {
                    _events.UnsubscribeEvent(subscriber);
                }
            }
        }

        PSEventArgsCollection received = _events.ReceivedEvents;
        while (received.Count > _received)
        {
            received.RemoveAt(received.Count - 1);
        }
    }
}
