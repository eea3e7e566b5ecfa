#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# Files that something else has open: a log that is still being written, a file that a scanner looks at.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    # What writes the lines of its input.
    $copy = if ($IsWindows) { @{ FilePath = 'findstr'; ArgumentList = 'line' } } else { @{ FilePath = 'cat' } }
    $files = 1..3 | ForEach-Object {
        $path = Join-Path $TestDrive "$_.txt"
        Set-Content -LiteralPath $path -Value "line $_"
        Get-Item -LiteralPath $path
    }
}

Describe 'A file that another process has open' {
    It 'is read if it lets others read, though it is being written' {
        $log = [System.IO.FileStream]::new($files[1].FullName, 'Open', 'ReadWrite', 'Read')
        try {
            $files | Invoke-ThreadedBatch @copy -InputMode Item -KeepOrder | Should -Be 'line 1', 'line 2', 'line 3'
        }
        finally {
            $log.Dispose()
        }
    }

    It 'costs its item and not the batch if it does not' {
        $held = [System.IO.FileStream]::new($files[1].FullName, 'Open', 'ReadWrite', 'None')
        try {
            $results = $files | Invoke-ThreadedBatch @copy -InputMode Item -AsResult -KeepOrder
        }
        finally {
            $held.Dispose()
        }

        $results.Status | Should -Be 'Succeeded', 'Failed', 'Succeeded'
        $results[1].Errors[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.StreamFailed*'
        $results[1].Errors[0].TargetObject | Should -Be $files[1]
    }

    It 'costs its item if that cannot replace its output' -Skip:(-not $IsWindows) {
        # Elsewhere a file can be replaced while it is open.
        $journal = Join-Path $TestDrive 'run.jsonl'
        $folder = Join-Path $TestDrive 'out'
        $body = @{ FilePath = 'cmd'; ArgumentList = '/c', 'exit', '{}'; JournalPath = $journal; OutputDirectory = $folder }
        1, 2, 3 | Invoke-ThreadedBatch @body -ErrorAction SilentlyContinue
        $held = [System.IO.FileStream]::new((Join-Path $folder '1.exitcode'), 'Open', 'Read', 'Read')
        try {
            $results = 1, 2, 3 | Invoke-ThreadedBatch @body -Resume -AsResult -KeepOrder
        }
        finally {
            $held.Dispose()
        }

        $results.ForEach({ $_.Errors[0].FullyQualifiedErrorId -replace ',.*' }) | Should -Be 'Switchyard.NonZeroExit', 'Switchyard.StreamFailed', 'Switchyard.NonZeroExit'
        Get-ChildItem $folder -Name '.*' | Should -BeNullOrEmpty
    }

    It 'is no journal to begin or to read' {
        $journal = Join-Path $TestDrive 'held.jsonl'
        1 | Invoke-ThreadedBatch { } -JournalPath $journal
        $held = [System.IO.FileStream]::new($journal, 'Open', 'ReadWrite', 'None')
        try {
            { 1 | Invoke-ThreadedBatch { } -JournalPath $journal -Resume } | Should -Throw -ErrorId 'Switchyard.JournalNotReadable*'
            Get-BatchJournal $journal -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $failed[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.JournalNotReadable*'
        }
        finally {
            $held.Dispose()
        }

        @(Get-BatchJournal $journal).Count | Should -Be 1
    }
}
