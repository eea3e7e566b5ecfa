namespace Switchyard.Core.Items;

public sealed class ItemAttemptTests
{
    private static readonly ItemRecord _progress = Record(RecordKind.Progress, "half");

    [Fact]
    public void Nothing_is_kept_that_was_not_asked_for()
    {
        ItemAttempt attempt = Begin();
        Assert.All(Enum.GetValues<RecordKind>(), kind => Assert.False(attempt.TryKeep(Record(kind, "x"))));
        Assert.Empty(attempt.Output);
        Assert.Empty(attempt.Errors);
        Assert.Empty(attempt.Held);
    }

    [Fact]
    public void For_a_result_output_and_errors_are_collected_and_all_else_is_written()
    {
        ItemAttempt attempt = Begin(collects: true);
        Assert.True(attempt.TryKeep(Record(RecordKind.Output, 1)));
        Assert.True(attempt.TryKeep(Record(RecordKind.Output, null)));
        Assert.True(attempt.TryKeep(Record(RecordKind.Error, "first")));
        Assert.True(attempt.TryKeep(Record(RecordKind.Error, "second")));
        Assert.False(attempt.TryKeep(Record(RecordKind.Warning, "careful")));
        Assert.Equal([1, null], attempt.Output);
        Assert.Equal(["first", "second"], attempt.Errors);
        Assert.Equal("second", attempt.LastError);
        Assert.Empty(attempt.Held);
    }

    [Fact]
    public void What_may_not_count_is_held_in_its_order_but_for_progress()
    {
        ItemAttempt attempt = Begin(holds: true);
        Assert.True(attempt.TryKeep(Record(RecordKind.Warning, "careful")));
        Assert.False(attempt.TryKeep(_progress));
        Assert.True(attempt.TryKeep(Record(RecordKind.Output, 1)));
        Assert.True(attempt.TryKeep(Record(RecordKind.Error, "bad")));
        Assert.Equal(["careful", 1, "bad"], attempt.Held.Select(record => record.Value));
        Assert.Empty(attempt.Output);
        Assert.Empty(attempt.Errors);
        Assert.Equal("bad", attempt.LastError);
    }

    [Fact]
    public void Output_that_waits_for_its_items_end_is_held_by_itself()
    {
        ItemAttempt attempt = Begin(holdsOutput: true);
        Assert.True(attempt.TryKeep(Record(RecordKind.Output, 1)));
        Assert.False(attempt.TryKeep(Record(RecordKind.Error, "bad")));
        Assert.False(attempt.TryKeep(_progress));
        Assert.Equal([1], attempt.Held.Select(record => record.Value));
    }

    [Fact]
    public void What_is_written_after_the_end_is_dropped()
    {
        ItemAttempt attempt = Begin(collects: true);
        Assert.True(attempt.TryEnd(ItemStatus.Succeeded, isOver: false));
        Assert.True(attempt.TryKeep(Record(RecordKind.Error, "too late")));
        Assert.True(attempt.TryKeep(Record(RecordKind.Output, "too late")));
        Assert.True(attempt.TryKeep(_progress));
        Assert.Null(attempt.LastError);
        Assert.Empty(attempt.Output);
        Assert.Empty(attempt.Errors);
        Assert.Empty(attempt.Held);
    }

    [Fact]
    public void What_a_program_writes_between_the_deadline_and_the_end_is_its_last_words()
    {
        ItemAttempt program = Begin(collects: true, hasLastWords: true);
        ItemAttempt code = Begin(collects: true);
        foreach (ItemAttempt attempt in new[] { program, code })
        {
            Assert.True(attempt.TryExpire());
            Assert.True(attempt.TryKeep(Record(RecordKind.Error, "why")));
            Assert.True(attempt.TryKeep(Record(RecordKind.Output, "Password: ")));
        }

        Assert.Equal(["Password: "], program.Output);
        Assert.Equal(["why"], program.Errors);
        Assert.Empty(code.Output);
        Assert.Empty(code.Errors);
    }

    [Theory]
    [InlineData(ItemStatus.Succeeded, false, true, ItemStatus.Succeeded)]
    [InlineData(ItemStatus.Succeeded, true, true, ItemStatus.Succeeded)]
    [InlineData(ItemStatus.Failed, false, true, ItemStatus.Failed)]
    [InlineData(ItemStatus.Failed, true, false, default(ItemStatus))]
    [InlineData(ItemStatus.Canceled, false, true, ItemStatus.Failed)]
    [InlineData(ItemStatus.Canceled, true, false, default(ItemStatus))]
    public void A_worker_has_the_say_but_not_of_failures_once_the_run_is_over(ItemStatus says, bool isOver, bool ends, ItemStatus expected)
    {
        ItemAttempt attempt = Begin();
        Assert.Equal(ends, attempt.TryEnd(new ItemEnd(says) { ExitCode = 3 }, isOver));
        Assert.Equal(ends, attempt.IsEnded);
        Assert.Equal((expected, ends ? 3 : null), (attempt.End.Status, attempt.End.ExitCode));
    }

    [Fact]
    public void The_first_end_is_the_end()
    {
        ItemAttempt attempt = Begin();
        Assert.True(attempt.TryEnd(ItemStatus.Crashed));
        Assert.False(attempt.TryEnd(ItemStatus.Succeeded, isOver: false));
        Assert.False(attempt.TryEnd(ItemStatus.Canceled));
        Assert.False(attempt.TryExpire());
        Assert.Equal(ItemStatus.Crashed, attempt.End.Status);
    }

    [Fact]
    public void After_its_deadline_it_can_only_be_timed_out()
    {
        ItemAttempt byWorker = Begin();
        Assert.True(byWorker.TryExpire());
        Assert.False(byWorker.IsEnded);
        Assert.True(byWorker.TryEnd(new ItemEnd(ItemStatus.Succeeded) { RetryAfter = TimeSpan.FromSeconds(1), ExitCode = 143 }, isOver: true));
        Assert.Equal(new ItemEnd(ItemStatus.TimedOut) { ExitCode = 143 }, byWorker.End);

        ItemAttempt byOthers = Begin();
        Assert.True(byOthers.TryExpire());
        Assert.True(byOthers.TryExpire());
        Assert.True(byOthers.TryEnd(ItemStatus.Canceled));
        Assert.Equal(ItemStatus.TimedOut, byOthers.End.Status);
    }

    [Fact]
    public void It_is_taken_back_only_while_it_runs_and_has_time()
    {
        ItemAttempt running = Begin(collects: true);
        Assert.True(running.TryWithdraw());
        Assert.True(running.IsEnded);
        Assert.True(running.TryKeep(Record(RecordKind.Output, "too late")));
        Assert.Empty(running.Output);
        Assert.False(running.TryWithdraw());

        ItemAttempt expired = Begin();
        Assert.True(expired.TryExpire());
        Assert.False(expired.TryWithdraw());
        Assert.False(expired.IsEnded);
    }

    [Fact]
    public void Of_a_copy_all_but_its_progress_counts_and_of_a_beaten_attempt_nothing()
    {
        ItemAttempt copy = new(new BatchItem(0, "item"), 1, 0, null, collects: false, holds: false, holdsOutput: false) { IsCopy = true };
        Assert.True(copy.TryKeep(_progress));
        Assert.False(copy.TryKeep(Record(RecordKind.Warning, "careful")));

        ItemAttempt beaten = Begin();
        beaten.IsBeaten = true;
        Assert.True(beaten.IsBeaten);
        Assert.True(beaten.TryKeep(Record(RecordKind.Error, "bad")));
        Assert.Null(beaten.LastError);
    }

    [Fact]
    public void An_item_has_failed_as_often_as_it_was_not_lost_or_copied_and_a_copys_account_is_the_items()
    {
        ItemAttempt attempt = Begin();
        Assert.Same(attempt.Account, attempt.Account.Own);
        Assert.Same(attempt.Account, new ItemAccount(1) { CopyOf = attempt }.Own);
        Assert.Equal(10, new ItemAccount(0) { Attempts = 17, Crashes = 1, Losses = 2, Copies = 4 }.Failures);
    }

    [Fact]
    public void It_knows_where_and_when_it_was_begun()
    {
        ItemAccount account = new(5);
        ItemAttempt attempt = new(new BatchItem(7, "x") { Account = account }, 3, 11, TimeSpan.FromSeconds(2), false, false, false);
        Assert.Equal((7L, 3, 11L, TimeSpan.FromSeconds(2)), (attempt.Item.Index, attempt.WorkerId, attempt.StartedAt, attempt.CpuAtStart));
        Assert.Same(account, attempt.Account);
    }

    private static ItemRecord Record(RecordKind kind, object? value) => new(0, kind, value);

    private static ItemAttempt Begin(bool collects = false, bool holds = false, bool holdsOutput = false, bool hasLastWords = false) =>
        new(new BatchItem(0, "item") { Account = new ItemAccount(0) }, 1, 0, null, collects, holds, holdsOutput, hasLastWords);
}
