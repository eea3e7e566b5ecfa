using System.Diagnostics;
using Switchyard.Core.Harness;
using Switchyard.Core.Journal.Lines;
using Switchyard.Core.Journal.Reading;

namespace Switchyard.Core.Journal;

public sealed class JournalFollowerTests : IDisposable
{
    private static readonly JournalRun _ours = new()
    {
        Number = 1, MachineName = Environment.MachineName, ProcessId = Environment.ProcessId, StartedAt = DateTimeOffset.UtcNow,
    };

    private readonly JournalFolder _folder = new();
    private readonly JournalFollower _follower;

    public JournalFollowerTests()
    {
        File.WriteAllText(_folder.Path, string.Empty);
        _follower = new JournalFollower(_folder.Path);
    }

    public void Dispose()
    {
        _follower.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_run_of_this_process_goes_on_until_its_end_is_noted()
    {
        _follower.Note(new JournalLine(_ours, null, null));
        Change();
        Assert.True(TryAwait());
        Assert.False(_follower.IsCutOff);
        _follower.Note(new JournalLine(null, null, new JournalRunEnd("Completed", default, 0, 0, 0, 0)));
        Assert.False(TryAwait());
        Assert.False(_follower.IsCutOff);
    }

    [Fact]
    public void What_comes_after_an_end_is_no_new_run_unless_one_begins()
    {
        _follower.Note(new JournalLine(null, null, new JournalRunEnd("Completed", default, 0, 0, 0, 0)));
        _follower.Note(new JournalLine(null, new JournalEntry(), null));
        Assert.False(TryAwait());
        _follower.Note(new JournalLine(_ours, null, null));
        Change();
        Assert.True(TryAwait());
    }

    [Fact]
    public void Of_a_process_that_is_gone_the_rest_is_read_once_more()
    {
        _follower.Note(new JournalLine(Before(TimeSpan.FromDays(10_000)), null, null));
        _follower.Note(new JournalLine(null, new JournalEntry(), null));
        Assert.True(TryAwait());
        Assert.True(_follower.IsCutOff);
        Assert.False(TryAwait());
    }

    [Fact]
    public void A_wait_can_be_ended()
    {
        using CancellationTokenSource ended = new();
        ended.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => _follower.TryAwait(ended.Token));
    }

    [Fact]
    public void A_process_is_known_by_its_number_and_by_when_it_began()
    {
        Assert.True(JournalFollower.IsRunning(_ours));
        Assert.True(JournalFollower.IsRunning(Before(TimeSpan.FromDays(10_000)) with { MachineName = "elsewhere" }));

        // A run may begin with its process, and clocks are no finer than that.
        using Process process = Process.GetCurrentProcess();
        Assert.True(JournalFollower.IsRunning(_ours with { StartedAt = process.StartTime }));

        // The number is ours, but we were not there yet when that run began.
        Assert.False(JournalFollower.IsRunning(Before(TimeSpan.FromDays(10_000))));
        Assert.False(JournalFollower.IsRunning(_ours with { ProcessId = int.MaxValue }));
    }

    private bool TryAwait() => _follower.TryAwait(TestContext.Current.CancellationToken);

    // Ends a wait at once where the file system tells of changes, which would end by itself in a second.
    private void Change() => File.AppendAllText(_folder.Path, "{}\n");

    private static JournalRun Before(TimeSpan time) => _ours with { StartedAt = _ours.StartedAt - time };
}
