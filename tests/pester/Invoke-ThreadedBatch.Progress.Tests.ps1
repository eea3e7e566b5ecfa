#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    # Runs a script in a hosted session until it has shown progress so many times, and that text among it, then opens the gate that its bodies wait at.
    function Invoke-Gated {
        param([Parameter(Mandatory)] [scriptblock] $Script, [int] $Count = 3, [string] $Text = '')

        $gate = [System.Threading.ManualResetEventSlim]::new()
        $shell = New-Shell
        try {
            $null = $shell.AddScript($Script.ToString()).AddArgument($gate)
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $running = $shell.BeginInvoke()
            $wasShown = Wait-Until { $shell.Streams.Progress.Count -ge $Count -and @($shell.Streams.Progress | Where-Object StatusDescription -Match $Text).Count } -Timeout '00:00:20'
            $gate.Set()
            $failure = $null
            $output = try { $shell.EndInvoke($running) } catch { $_.Exception.InnerException }
            [pscustomobject]@{ WasShown = $wasShown; Elapsed = $clock.Elapsed; Records = @($shell.Streams.Progress); Output = @($output); Failure = $failure; Errors = @($shell.Streams.Error) }
        }
        finally {
            $gate.Set()
            $shell.Dispose()
        }
    }
}

Describe 'Invoke-ThreadedBatch: progress' {
    BeforeEach {
        $footprint = Get-Footprint
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    It 'is shown at most four times a second, and taken away at the end' {
        $run = Invoke-Gated -Text '^5 done, 2 running' { param($gate) 1..10 | Write-Output | Invoke-ThreadedBatch { if ($_ -gt 5) { $null = ($using:gate).Wait(20000) }; $_ } -ThrottleLimit 2 -KeepOrder }
        $run.WasShown | Should -BeTrue
        $run.Output | Should -Be (1..10)
        $run.Records.Count | Should -BeLessOrEqual (4 * $run.Elapsed.TotalSeconds + 2)
        @($run.Records | Where-Object RecordType -eq 'Completed') | Should -HaveCount 1
        $run.Records[-1].RecordType | Should -Be 'Completed'
        @($run.Records.ActivityId | Sort-Object -Unique) | Should -HaveCount 1
        $run.Records[0].Activity | Should -Be 'Invoke-ThreadedBatch'
        @($run.Records.PercentComplete | Sort-Object -Unique) | Should -Be -1
    }

    It 'has a percentage with -TotalCount, and says what failed' {
        $run = Invoke-Gated -Text '^5 of 10 done, 1 failed, 1 running' { param($gate) 1..10 | Invoke-ThreadedBatch { if ($_ -gt 5) { $null = ($using:gate).Wait(20000) }; if ($_ -eq 1) { throw 'bad' } } -ThrottleLimit 1 -TotalCount 10 }
        $run.WasShown | Should -BeTrue
        ($run.Records | Where-Object StatusDescription -Match '^5 of 10').PercentComplete | Should -Contain 50
    }

    It 'has a percentage without it where all items are there: <Name>' -ForEach @(
        @{ Name = 'in a variable'; Text = '^5 of 10'; Script = { param($gate) $list = 1..10; $list | Invoke-ThreadedBatch { if ($_ -gt 5) { $null = ($using:gate).Wait(20000) } } -ThrottleLimit 1 } }
        @{ Name = 'but one is refused'; Text = '^4 done'; Script = { param($gate) $list = @(1..4) + { block } + 6..10; $list | Invoke-ThreadedBatch { if ($_ -gt 5) { $null = ($using:gate).Wait(20000) } } -ThrottleLimit 1 -ErrorAction SilentlyContinue } }
        @{ Name = 'but a queue is among them'; Text = '^2 done'; Script = { param($gate) $queue = New-SharedState -Kind Queue; 1..9 | ForEach-Object { $queue.Enqueue($_) }; $queue.Complete(); $list = @($queue); $list | Invoke-ThreadedBatch { if ($_ -gt 2) { $null = ($using:gate).Wait(20000) } } -ThrottleLimit 1 } }
        @{ Name = 'and some were done before'; Text = '^5 of 10'; Script = { param($gate) $path = Join-Path ([System.IO.Path]::GetTempPath()) "switchyard-test-$([guid]::NewGuid())"; 1..3 | Invoke-ThreadedBatch { } -JournalPath $path; $list = 1..10; $list | Invoke-ThreadedBatch { if ($_ -gt 5) { $null = ($using:gate).Wait(20000) } } -ThrottleLimit 1 -JournalPath $path -Resume -WarningAction SilentlyContinue; Remove-Item $path } }
    ) {
        $run = Invoke-Gated $Script -Text $Text
        $run.WasShown | Should -BeTrue
        ($run.Records | Where-Object { $_.StatusDescription -match $Text -and $_.RecordType -eq 'Processing' }).PercentComplete | Sort-Object -Unique | Should -Be $(if ($Text -match 'of') { 50 } else { -1 })
    }

    It 'has no percentage any more when -TotalCount was too low' {
        $run = Invoke-Gated -Text '^5 done' { param($gate) 1..10 | Invoke-ThreadedBatch { if ($_ -gt 5) { $null = ($using:gate).Wait(20000) } } -ThrottleLimit 1 -TotalCount 2 }
        $run.WasShown | Should -BeTrue
        ($run.Records | Where-Object StatusDescription -Match '^5 done').PercentComplete | Sort-Object -Unique | Should -Be -1
        $run.Errors | Should -BeNullOrEmpty
    }

    It 'says what waits to be tried again' {
        $run = Invoke-Gated -Text 'waiting to be retried' { param($gate) 1..3 | Invoke-ThreadedBatch { if (-not ($using:gate).IsSet) { throw 'not yet' }; $_ } -ThrottleLimit 1 -RetryCount 100000 -RetryDelaySeconds 0.05 -KeepOrder }
        $run.Output | Should -Be 1, 2, 3
        $run.WasShown | Should -BeTrue
    }

    It 'does not need the input to end, nor buffers it' {
        $run = Invoke-Gated { param($gate) & { $i = 0; while (-not $gate.IsSet) { ($i++) }; -1 } | Invoke-ThreadedBatch { if ($_ -lt 0) { 'end' } } -ThrottleLimit 2 }
        $run.WasShown | Should -BeTrue
        $run.Output | Should -Be 'end'
    }

    It 'is taken away when <Name>' -ForEach @(
        @{ Name = 'an error stops the batch'; Script = { param($gate) 1, 2 | Invoke-ThreadedBatch { $null = ($using:gate).Wait(20000); throw 'bad' } -ErrorAction Stop } }
        @{ Name = 'an error stops a batch with results'; Script = { param($gate) 1, 2 | Invoke-ThreadedBatch { $null = ($using:gate).Wait(20000); throw 'bad' } -ErrorAction Stop -AsResult } }
        @{ Name = 'the downstream wants no more'; Script = { param($gate) 1, 2 | Invoke-ThreadedBatch { $null = ($using:gate).Wait(20000); $_ } | Select-Object -First 1 } }
        @{ Name = 'time is up'; Script = { param($gate) 1, 2 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(60000) } -TimeoutSeconds 5 } }
        @{ Name = 'too much has failed'; Script = { param($gate) 1..9 | Invoke-ThreadedBatch { $null = ($using:gate).Wait(20000); throw 'bad' } -MaxFailures 1 -ThrottleLimit 1 -AsResult } }
    ) {
        $run = Invoke-Gated $Script -Count 1
        $run.WasShown | Should -BeTrue
        $run.Records[-1].RecordType | Should -Be 'Completed'
    }

    It 'is not shown where it is not wanted: <Name>' -ForEach @(
        @{ Name = 'by parameter'; Script = { 1..4 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(200); $_ } -ThrottleLimit 1 -ProgressAction SilentlyContinue } }
        @{ Name = 'by preference'; Script = { $ProgressPreference = 'SilentlyContinue'; 1..4 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(200); $_ } -ThrottleLimit 1 } }
        @{ Name = 'in a job'; Script = { $job = 1..4 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(200); $_ } -ThrottleLimit 1 -ProgressAction SilentlyContinue -AsJob; $null = Wait-Job $job; if ($job.Progress.Count) { throw 'Kept.' }; Receive-Job $job -AutoRemoveJob -Wait } }
    ) {
        $result = Invoke-Shell $Script
        $result.Output | Should -Be 1, 2, 3, 4
        @($result.Progress | Where-Object Activity -eq 'Invoke-ThreadedBatch') | Should -BeNullOrEmpty
        $result.Errors | Should -BeNullOrEmpty
    }

    It 'has a line of its own for each of two batches' {
        $run = Invoke-Gated -Count 4 {
            param($gate)
            1 | Invoke-ThreadedBatch { $outer = $using:gate; 1 | Invoke-ThreadedBatch { $null = ($using:outer).Wait(20000) } }
        }
        @($run.Records | Where-Object Activity -eq 'Invoke-ThreadedBatch' | ForEach-Object ActivityId | Sort-Object -Unique) | Should -HaveCount 2
    }

    It 'is received from a job' {
        $gate = [System.Threading.ManualResetEventSlim]::new()
        $job = 1..4 | Invoke-ThreadedBatch { if ($_ -gt 2) { $null = ($using:gate).Wait(20000) } } -AsJob -TotalCount 4 -ThrottleLimit 1 -ProgressAction Continue
        try {
            Wait-Until { @($job.Progress)[-1].PercentComplete -eq 50 } -Timeout '00:00:20' | Should -BeTrue
            $gate.Set()
            $null = Wait-Job $job -Timeout 20

            # The latest only: it may not be received for days.
            $job.Progress | Should -HaveCount 1
            $job.Progress[-1].RecordType | Should -Be 'Completed'
            $job.HasMoreData | Should -BeTrue
            $null = Receive-Job $job
            $job.HasMoreData | Should -BeFalse
        }
        finally {
            $gate.Set()
            Remove-Job $job -Force
        }
    }
}
