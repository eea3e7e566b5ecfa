#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

Describe 'Get-BatchError' {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
    }

    It 'puts errors of results together that differ only in what is of their items, the largest group first' {
        $results = 1..20 | Invoke-ThreadedBatch -AsResult -KeepOrder {
            if ($_ -in 5, 9) { [IO.File]::ReadAllText("/not/there $_") }
            elseif ($_ -gt 15) { throw "Row $_ of 'table $_' is bad" }
        }
        $groups = $results | Get-BatchError
        $groups | Should -HaveCount 2
        $groups[0] | Should -BeOfType Switchyard.BatchErrorGroup
        $groups[0].Count | Should -Be 5
        $groups[0].Message | Should -Be 'Row * of * is bad'
        $groups[0].Items | Should -Be 16, 17, 18
        $groups[0].FirstIndex, $groups[0].LastIndex | Should -Be 15, 19
        $groups[0].Status | Should -Be 'Failed'
        $groups[0].FirstError.Exception.Message | Should -Be "Row 16 of 'table 16' is bad"
        $groups[1].Count | Should -Be 2
        $groups[1].Status | Should -Be 'Succeeded'
        $groups[1].Message | Should -BeLike '*"ReadAllText"*Could not find*path*'
        $groups[1].Items | Should -Be 5, 9
        $groups[1].ErrorId | Should -Be $results[4].Errors[0].FullyQualifiedErrorId
    }

    It 'takes error records, with their item' {
        1..4 | Invoke-ThreadedBatch { Write-Error "item $_ is odd" -ErrorId Odd } -ErrorVariable failed -ErrorAction SilentlyContinue
        $groups = Get-BatchError $failed -ExampleCount 2
        $groups | Should -HaveCount 1
        $groups.Count | Should -Be 4
        $groups.ErrorId | Should -BeLike 'Odd*'
        $groups.Message | Should -Be 'item * is odd'
        $groups.Items | Should -HaveCount 2
        $groups.FirstIndex | Should -BeNullOrEmpty
        $failed | Get-BatchError -ExampleCount 0 | ForEach-Object Items | Should -BeNullOrEmpty
    }

    It 'takes entries of a journal, in which only messages and items are left' {
        $journal = Join-Path $TestDrive 'run.jsonl'
        1..4 | Invoke-ThreadedBatch -JournalPath $journal { if ($_ -gt 1) { throw "no $_" } } -ErrorAction SilentlyContinue
        1..4 | Invoke-ThreadedBatch -JournalPath $journal -Resume { if ($_ -gt 2) { throw "no $_" } } -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $groups = Get-BatchJournal $journal -Status Failed | Get-BatchError
        $groups.Count | Should -Be 2
        $groups.Message | Should -Be 'no *'
        $groups.Items | Sort-Object | Should -Be 3, 4
        $groups.FirstIndex, $groups.LastIndex | Should -Be 2, 3
        $groups.FirstError | Should -BeNullOrEmpty
    }

    It 'tells programs apart by exit code and last words' {
        $program = $IsWindows ? @{ FilePath = 'cmd'; ArgumentList = '/c', 'echo no file {} here>&2 & exit {}' } : @{ FilePath = 'sh'; ArgumentList = '-c', 'echo progress >&2; echo no file $0 here >&2; exit $(($0 % 2 + 3))', '{}' }
        $results = 1..4 | Invoke-ThreadedBatch @program -AsResult
        $groups = $results | Get-BatchError
        if (-not $IsWindows) {
            $groups | Should -HaveCount 2
            $groups | ForEach-Object { $_.Count } | Should -Be 2, 2
            $groups.ExitCode | Sort-Object | Should -Be 3, 4
        }

        $groups.Message | ForEach-Object { $_ | Should -BeLike '*It wrote last: no file * here' }
    }

    It 'does not mix messages that say something else: <Other>' -ForEach @(
        @{ Message = 'not found'; Other = 'not allowed' }
        @{ Message = '404 (Not Found)'; Other = '500 (Internal Server Error)' }
        @{ Message = "Cannot find 'a'"; Other = "Cannot find 'a' or 'b'" }
    ) {
        $Message, $Other | ForEach-Object { [System.Management.Automation.ErrorRecord]::new([Exception]::new($_), 'Id', 'NotSpecified', $null) } |
            Get-BatchError | Should -HaveCount 2
    }

    It 'takes for one: <One> and <Other>' -ForEach @(
        @{ One = 'line 5'; Other = 'line 17'; Text = 'line *' }
        @{ One = 'no /a/b.txt there'; Other = 'no ~/c there'; Text = 'no * there' }
        @{ One = 'no C:\a\b.txt there'; Other = 'no \\server\share there'; Text = 'no * there' }
        @{ One = 'GET https://a.example/x?y=1 failed'; Other = 'GET http://b.example failed'; Text = 'GET * failed' }
        @{ One = 'host web-01 is down'; Other = 'host 10.0.0.2 is down'; Text = 'host * is down' }
        @{ One = 'user "ann" at 2024-01-02T03:04:05Z'; Other = 'user "bob" at 2025-01-02T03:04:05Z'; Text = 'user * at *' }
        @{ One = "don't use 'a'"; Other = "don't use 'b'"; Text = "don't use *" }
        @{ One = 'same 1'; Other = 'same 1'; Text = 'same 1' }
    ) {
        $group = $One, $Other | ForEach-Object { [System.Management.Automation.ErrorRecord]::new([Exception]::new($_), 'Id', 'NotSpecified', $null) } | Get-BatchError
        $group | Should -HaveCount 1
        $group.Message | Should -Be $Text
    }

    It 'knows an item in a message whatever it looks like' {
        $group = 'the first one', 'another' | Invoke-ThreadedBatch -AsResult { throw "cannot read $_ today" } | Get-BatchError
        $group.Message | Should -Be 'cannot read * today'
    }

    It 'is shown within 80 columns, with count, places, items and message' {
        $groups = 1..12 | Invoke-ThreadedBatch -AsResult -KeepOrder { throw "item $_ of a long list of things went wrong in a way that takes many words" } | Get-BatchError
        $lines = ($groups | Out-String -Width 80).TrimEnd() -split '\r?\n'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines -join "`n" | Should -Match '(?s)Count Index\s+Items\s+Message.*12 0\.\.11\s+1\s+item \* of a'
    }

    It 'says what it takes: <_>' -ForEach 'text', $null {
        $_ | Get-BatchError -ErrorVariable failed -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failed[0].FullyQualifiedErrorId | Should -Be 'Switchyard.NoErrorIn,Switchyard.Commands.GetBatchErrorCommand'
    }

    It 'has nothing to say of what has no errors' {
        1..3 | Invoke-ThreadedBatch -AsResult { $_ } | Get-BatchError | Should -BeNullOrEmpty
        Get-BatchError @() | Should -BeNullOrEmpty
    }
}
