using System.Text.Json;

namespace Switchyard.Core.Journal;

/// <summary>The words of the format, which is described in <c>docs/journal.md</c>.</summary>
internal static class JournalWords
{
    /// <summary>The version of the format that this code writes, and the newest that it reads.</summary>
    public const int Version = 1;

    public static readonly JsonEncodedText Event = JsonEncodedText.Encode("event");
    public static readonly JsonEncodedText RunEvent = JsonEncodedText.Encode("run");
    public static readonly JsonEncodedText ItemEvent = JsonEncodedText.Encode("item");
    public static readonly JsonEncodedText EndEvent = JsonEncodedText.Encode("end");
    public static readonly JsonEncodedText FormatVersion = JsonEncodedText.Encode("version");
    public static readonly JsonEncodedText Run = JsonEncodedText.Encode("run");
    public static readonly JsonEncodedText Started = JsonEncodedText.Encode("started");
    public static readonly JsonEncodedText Ended = JsonEncodedText.Encode("ended");
    public static readonly JsonEncodedText Process = JsonEncodedText.Encode("process");
    public static readonly JsonEncodedText Machine = JsonEncodedText.Encode("machine");
    public static readonly JsonEncodedText Command = JsonEncodedText.Encode("command");
    public static readonly JsonEncodedText Work = JsonEncodedText.Encode("work");
    public static readonly JsonEncodedText Settings = JsonEncodedText.Encode("settings");
    public static readonly JsonEncodedText Key = JsonEncodedText.Encode("key");
    public static readonly JsonEncodedText Index = JsonEncodedText.Encode("index");
    public static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
    public static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");
    public static readonly JsonEncodedText Text = JsonEncodedText.Encode("text");
    public static readonly JsonEncodedText Cut = JsonEncodedText.Encode("cut");
    public static readonly JsonEncodedText Serialized = JsonEncodedText.Encode("clixml");
    public static readonly JsonEncodedText QueueMilliseconds = JsonEncodedText.Encode("queueMs");
    public static readonly JsonEncodedText RunMilliseconds = JsonEncodedText.Encode("runMs");
    public static readonly JsonEncodedText Attempts = JsonEncodedText.Encode("attempts");
    public static readonly JsonEncodedText Worker = JsonEncodedText.Encode("worker");
    public static readonly JsonEncodedText ExitCode = JsonEncodedText.Encode("exitCode");
    public static readonly JsonEncodedText Error = JsonEncodedText.Encode("error");
    public static readonly JsonEncodedText ErrorId = JsonEncodedText.Encode("id");
    public static readonly JsonEncodedText Message = JsonEncodedText.Encode("message");
    public static readonly JsonEncodedText Reason = JsonEncodedText.Encode("reason");
    public static readonly JsonEncodedText Read = JsonEncodedText.Encode("read");
    public static readonly JsonEncodedText Succeeded = JsonEncodedText.Encode("succeeded");
    public static readonly JsonEncodedText Failed = JsonEncodedText.Encode("failed");
    public static readonly JsonEncodedText DoneBefore = JsonEncodedText.Encode("doneBefore");
}
