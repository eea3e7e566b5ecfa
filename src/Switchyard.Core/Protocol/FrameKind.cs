namespace Switchyard.Core.Protocol;

/// <summary>What a frame is for. The caller sends the first group, the worker the second, those who share state the third, all of them the last.</summary>
internal enum FrameKind : byte
{
    BeginBatch = 1,

    Items = 2,

    /// <summary>Items that were not started are wanted back.</summary>
    Recall = 3,

    /// <summary>The item that runs is to be stopped: its id.</summary>
    StopItem = 4,

    /// <summary>The batch is over: no item is out.</summary>
    EndBatch = 5,

    /// <summary>The next item may be started, after one that has failed.</summary>
    GoOn = 6,

    /// <summary>What was asked for by <see cref="NeedModule"/>: a zip archive.</summary>
    Module = 7,

    /// <summary>No item will come any more, and what is to be run after the last is to be run: the id that it goes by.</summary>
    Finish = 8,

    /// <summary>The batch's settings took effect, or why they did not.</summary>
    BatchBegun = 17,

    Records = 18,

    /// <summary>Items that were not started and will not be: the first id and how many.</summary>
    Returned = 19,

    /// <summary>The worker wants to be replaced: it starts no further item.</summary>
    Retiring = 20,

    /// <summary>Nothing is left of the batch; whether the worker may be used for another.</summary>
    BatchEnded = 21,

    /// <summary>Says which protocol the worker speaks, and who it is. The first frame of all.</summary>
    Hello = 22,

    /// <summary>The other machine has no module yet to be a worker with. Comes instead of a hello, which follows.</summary>
    NeedModule = 23,

    /// <summary>What was to be run after the last item has ended; whether well.</summary>
    Finished = 24,

    /// <summary>Something is to be done with a shared object.</summary>
    StateCall = 32,

    StateReply = 33,

    /// <summary>What was taken from a shared queue has arrived.</summary>
    StateArrived = 34,

    /// <summary>The worker opens a stream: its number, the service that it is for, and what is wanted of that.</summary>
    TunnelOpen = 35,

    /// <summary>Bytes of a stream.</summary>
    TunnelData = 36,

    /// <summary>The sender neither writes to a stream nor reads from it any more.</summary>
    TunnelEnd = 37,

    /// <summary>So many bytes more may be sent: of a stream, or of records if its number is 0.</summary>
    TunnelWindow = 38,

    /// <summary>Something is asked of a session about its batches.</summary>
    ControlRequest = 48,

    ControlReply = 49,

    /// <summary>A large byte array, which the next frame that is none refers to.</summary>
    Blob = 64,

    Heartbeat = 65,

    /// <summary>The sender ends by its own will. Nothing else is a clean end.</summary>
    Bye = 66,
}
