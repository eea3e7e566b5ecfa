using Switchyard.Core.Items;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests;

/// <summary>Journals of batches, by the cmdlets.</summary>
public sealed class JournalTests : CmdletTest
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchyard-journal-");

    private string Journal => Path.Combine(_folder.FullName, "a [b] 'c'.jsonl");

    [Fact]
    public void A_batch_goes_on_with_what_has_not_succeeded()
    {
        HostedResult first = Journaled("1..6 | Invoke-ThreadedBatch -JournalPath $journal { if ($_ % 2) { throw 'odd' }; $_ }");
        Assert.Equal(3, first.Errors.Count);
        Assert.Equal(["2", "4", "6"], first.Sorted);
        HostedResult second = Journaled("7, 6, 1, 2, 3, 4 | Invoke-ThreadedBatch -JournalPath $journal -Resume -Verbose { if ($_ % 2) { throw 'odd' }; $_ }");
        Assert.Empty(second.Sorted);
        Assert.Equal(3, second.Errors.Count);
        Assert.Empty(second.Streams.Warning);
        Assert.Contains(second.Streams.Verbose, record => record.Message.StartsWith("3 of 6", StringComparison.Ordinal));
        Assert.False(File.Exists(Journal + ".lock"));
    }

    [Fact]
    public void Another_body_is_warned_of_and_an_existing_journal_is_not_begun_anew()
    {
        Journaled("1 | Invoke-ThreadedBatch -JournalPath $journal -ThrottleLimit 1 { 1 }");
        HostedResult other = Journaled("2 | Invoke-ThreadedBatch -JournalPath $journal -Resume -ThrottleLimit 2 { 2 }");
        Assert.Contains("-ScriptBlock, -ThrottleLimit", Assert.Single(other.Streams.Warning).Message, StringComparison.Ordinal);
        HostedResult refused = Journaled("3 | Invoke-ThreadedBatch -JournalPath $journal { 3 }");
        Assert.StartsWith("Switchyard.JournalExists,", refused.Terminating!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(Journal, refused.Terminating.TargetObject);
        Assert.StartsWith("Switchyard.ParameterNeedsAnother,", Run("1 | Invoke-ThreadedBatch -Resume { 1 }").Terminating!.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-Variable @{ f = 2; at = [datetime]'2020-01-01' }", "-Variable @{ f = 5; at = [datetime]'2020-01-01' }", "-Variable")]
    [InlineData("-Variable @{ o = [pscustomobject]@{ a = 1, 2 } }", "-Variable @{ o = [pscustomobject]@{ a = 1, 3 } }", "-Variable")]
    [InlineData("-Variable @{ o = [pscustomobject]@{ a = @{ b = 1 } } }", "-Variable @{ o = [pscustomobject]@{ a = @{ b = 1 } } }", null)]
    [InlineData("-Variable @{ now = Get-Process -Id $PID }", "-Variable @{ now = Get-Process -Id $PID }", null)]
    [InlineData("", "-FunctionName Get-One", "-FunctionName")]
    [InlineData("-ThrottleLimit 2", "-ThrottleLimit 3", "-ThrottleLimit")]
    [InlineData("-AutoThrottle:$false", "", null)]
    [InlineData("-Variable @{ n = 1..200000 }", "-Variable @{ n = 1..200001 }", "-Variable")]
    [InlineData("-Variable @{ n = [byte[]]::new(5000000) }", "-Variable @{ n = [byte[]]::new(5000000) }", null)]
    [InlineData("-FunctionName Get-One", "-FunctionName Get-Other", "-FunctionName")]
    [InlineData("-Variable @{ d = $shared }; $shared['a'] = 1", "-Variable @{ d = $shared }", null)]
    public void What_else_an_item_depends_on_is_warned_of(string before, string after, string? expected)
    {
        const string Start = "function Get-One { 1 }; function Get-Other { 2 }; $shared = [System.Collections.Concurrent.ConcurrentDictionary[string, int]]::new(); ";
        HostedResult other = Journaled($"{Start} 1 | Invoke-ThreadedBatch -JournalPath $journal {{ $_ }} {before}; 1 | Invoke-ThreadedBatch -JournalPath $journal -Resume {{ $_ }} {after}");
        string? warning = other.Streams.Warning.SingleOrDefault()?.Message;
        Assert.Equal(expected is null, warning is null);
        Assert.Contains(expected ?? string.Empty, warning ?? string.Empty, StringComparison.Ordinal);
        Assert.Equal(expected is not null and not "-ThrottleLimit", warning?.Contains("begin a new journal", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void A_function_or_a_folder_that_is_another_is_warned_of()
    {
        HostedResult other = Journaled("""
            function Get-One { 1 }
            1 | Invoke-ThreadedBatch -JournalPath $journal { Get-One } -FunctionName Get-One
            function Get-One { 2 }
            1 | Invoke-ThreadedBatch -JournalPath $journal -Resume { Get-One } -FunctionName Get-One
            Remove-Item -LiteralPath $journal
            Set-Location $folder
            1 | Invoke-ThreadedBatch -JournalPath $journal -FilePath dotnet -ArgumentList --version -WorkingDirectory .
            Set-Location ..
            1 | Invoke-ThreadedBatch -JournalPath $journal -Resume -FilePath dotnet -ArgumentList --version -WorkingDirectory .
            """);
        Assert.Equal(2, other.Streams.Warning.Count);
        Assert.Contains("-FunctionName", other.Streams.Warning[0].Message, StringComparison.Ordinal);
        Assert.Contains("-WorkingDirectory", other.Streams.Warning[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_refused_is_in_the_journal_and_does_not_come_back_as_something_else()
    {
        HostedResult refused = Journaled("1, { 2 }, 3 | Invoke-ThreadedBatch -JournalPath $journal { $_ }");
        Assert.Equal(["1", "3"], refused.Sorted);
        HostedResult entries = Journaled("Get-BatchJournal -Path $journal | ForEach-Object { \"$($_.Status)\" }");
        Assert.Equal(["Failed", "Succeeded", "Succeeded"], entries.Sorted);
        HostedResult again = Journaled("Get-BatchJournal -Path $journal -Status Failed | Invoke-ThreadedBatch { 'ran' }");
        Assert.Empty(again.Values);
        Assert.StartsWith("Switchyard.ItemNotInJournal,", Assert.Single(again.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void Items_that_wrote_errors_and_succeeded_are_warned_of_when_they_are_not_run_again()
    {
        Journaled("1..3 | Invoke-ThreadedBatch -JournalPath $journal { if ($_ -ne 2) { Write-Error -ErrorId Mine \"no $_\" } }");
        HostedResult entries = Journaled("Get-BatchJournal -Path $journal | ForEach-Object { \"$($_.Status) $($_.ErrorId -like 'Mine*') $($_.ErrorMessage)\" }");
        Assert.Equal(["Succeeded False ", "Succeeded True no 1", "Succeeded True no 3"], entries.Sorted);
        HostedResult again = Journaled("1..3 | Invoke-ThreadedBatch -JournalPath $journal -Resume { if ($_ -ne 2) { Write-Error -ErrorId Mine \"no $_\" } }");
        Assert.Contains("(2 of them)", Assert.Single(again.Streams.Warning).Message, StringComparison.Ordinal);
        Assert.Empty(again.Errors);
    }

    [Fact]
    public void The_items_that_failed_can_be_piped_into_another_batch()
    {
        Journaled("@{ a = 1 }, [pscustomobject]@{ b = 2 }, 'text', 3, (Get-Item -LiteralPath $folder), $null | Invoke-ThreadedBatch -JournalPath $journal { throw 'no' }");
        HostedResult again = Journaled("Get-BatchJournal -Path $journal -AsInput | Invoke-ThreadedBatch { if ($null -eq $_) { 'null' } else { $_.GetType().Name } }");
        string[] expected = ["DirectoryInfo", "Hashtable", "Int32", "PSCustomObject", "String", "null"];
        Assert.Equal(expected, again.Sorted);

        // An entry stands for its item, so that need not even be said.
        again = Journaled("Get-BatchJournal -Path $journal -Status Failed | Invoke-ThreadedBatch -JournalPath $journal -Resume -WarningAction Ignore { if ($null -eq $_) { 'null' } else { $_.GetType().Name } }");
        Assert.Equal(expected, again.Sorted);
        Assert.Empty(Journaled("Get-BatchJournal -Path $journal -Status Failed").Values);
        HostedResult cut = Journaled("Get-BatchJournal -Path $journal -Status Succeeded | Invoke-ThreadedBatch { $_ }");
        Assert.Equal(2, cut.Errors.Count);
        Assert.All(cut.Errors, error => Assert.StartsWith("Switchyard.ItemNotInJournal,", error.FullyQualifiedErrorId, StringComparison.Ordinal));
    }

    [Fact]
    public void A_journal_is_read_as_objects_and_in_short()
    {
        Journaled("1..4 | Invoke-ThreadedBatch -JournalPath $journal { if ($_ -eq 4) { throw [IO.FileNotFoundException]::new('gone') } }");
        HostedResult entries = Journaled("Get-BatchJournal $journal -Status Failed");
        BatchJournalEntry failed = Assert.IsType<BatchJournalEntry>(Assert.Single(entries.Values));
        Assert.Equal((4, ItemStatus.Failed, "gone"), ((int)failed.InputObject!, failed.Status, failed.ErrorMessage));
        BatchJournalSummary summary = Assert.IsType<BatchJournalSummary>(Assert.Single(Journaled("Get-BatchJournal $journal -Summary").Values));
        Assert.Equal((3L, 1L, JournalState.Completed, 1), (summary.Succeeded, summary.Failed, summary.State, summary.Runs));
        Assert.Equal(4, Assert.Single(Journaled("(Get-BatchJournal $journal -Follow).Count").Values));
        Assert.StartsWith("Switchyard.JournalNotReadable,", Assert.Single(Journaled("Get-BatchJournal ($journal + 'x')").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_line_is_named_with_what_to_do()
    {
        Journaled("1..3 | Invoke-ThreadedBatch -JournalPath $journal { $_ }");
        string[] lines = File.ReadAllLines(Journal);
        lines[1] = lines[1][..20];
        File.WriteAllLines(Journal, lines);
        HostedResult result = Journaled("1..3 | Invoke-ThreadedBatch -JournalPath $journal -Resume { $_ }");
        Assert.StartsWith("Switchyard.JournalDamaged,", result.Terminating!.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("Line 2 ", result.Terminating.Exception.Message, StringComparison.Ordinal);
        Assert.StartsWith("Switchyard.JournalDamaged,", Assert.Single(Journaled("Get-BatchJournal $journal").Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_be_done_is_said_without_a_trace()
    {
        Journaled("1..2 | Invoke-ThreadedBatch -JournalPath $journal -WhatIf { 1 }");
        Assert.False(File.Exists(Journal));
    }

    [Fact]
    public void A_job_keeps_a_journal_too()
    {
        Journaled("1..3 | Invoke-ThreadedBatch -AsJob -JournalPath $journal { $_ } | Wait-Job | Remove-Job");
        HostedResult second = Journaled("$job = 1..5 | Invoke-ThreadedBatch -AsJob -JournalPath $journal -Resume { $_ } | Wait-Job; $job | Receive-Job; $job | Remove-Job");
        Assert.Equal(["4", "5"], second.Sorted);
    }

    protected override void CleanUp() => _folder.Delete(recursive: true);

    private HostedResult Journaled(string script) => Run(script, ("journal", Journal), ("folder", _folder.FullName));
}
