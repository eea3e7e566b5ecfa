#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
}

AfterAll {
    [Switchyard.Core.RemoteWorkers.Client.RemoteWorkerPool]::Shared.Clear()
}

Describe 'Measure-Bottleneck: a report' {
    BeforeAll {
        $wait = 1..400 | Measure-Bottleneck { [Threading.Thread]::Sleep(10) } -SampleCount 40
    }

    It 'is one object of its type' {
        @($wait).Count | Should -Be 1
        $wait | Should -BeOfType Switchyard.BottleneckReport
    }

    It 'says what waits from what computes' {
        $wait.Bottleneck | Should -Be 'Wait'
        $wait.Recommendation | Should -Be 'Threads'
        $wait.ThrottleLimit | Should -BeGreaterThan ([Environment]::ProcessorCount)
        $wait.MeanTime | Should -BeGreaterOrEqual ([timespan]'0:0:0.0095')
        (Measure-Computing { 1..2000 | Measure-Bottleneck { for ($i = 0; $i -lt 20000; $i++) { $x = $i % 7 } } }).Bottleneck | Should -BeIn 'Cpu', 'GarbageCollection'
    }

    It 'recommends ForEach-Object for what is hardly anything' {
        # For one item nothing can pay for its start, and one that waits is no slower in ForEach-Object, however busy the machine is.
        $report = 1..50 | Measure-Bottleneck { [Threading.Thread]::Sleep(2); $_ } -TotalCount 1
        "$($report.Recommendation) $($report.CommandName)" | Should -Be 'Sequential ForEach-Object'
        [Math]::Round(($report.Split | Measure-Object Percent -Sum).Sum) | Should -Be 100
        ($report.Split.Bar -join '').Length | Should -Be 50
    }

    It 'has kinds of time that make 100 percent' {
        $sum = $wait.CpuPercent + $wait.RunQueuePercent + $wait.LockPercent + $wait.GarbageCollectionPercent + $wait.DiskPercent +
            $wait.ChildProcessPercent + $wait.WaitPercent
        $sum | Should -BeGreaterThan 99.5
        $sum | Should -BeLessThan 100.5
        ($wait.Split.Bar -join '').Length | Should -Be 50
    }

    It 'has times in order, a confidence, and figures in each sentence' {
        $wait.MedianTime | Should -BeLessOrEqual $wait.P95Time
        $wait.Confidence | Should -BeGreaterThan 0
        $wait.Confidence | Should -BeLessOrEqual 1
        $wait.Evidence.Count | Should -BeGreaterThan 3
        $wait.Evidence | Should -Match '\d'
    }

    It 'has a command that runs, as text and to splat' {
        $text = $wait.Command -replace '1\.\.400', '1..3' -replace 'Sleep\(10\)', 'Sleep(1); $$_'
        Invoke-Expression $text | Sort-Object | Should -Be 1, 2, 3
        $parameters = $wait.Parameters
        $name = $wait.CommandName
        $parameters.ThrottleLimit | Should -Be $wait.ThrottleLimit
        1..3 | & $name @parameters | Should -BeNullOrEmpty
    }

    It 'is shown as a list with a bar, and as a table' {
        $list = $wait | Out-String -Width 120
        $list | Should -Match 'Recommendation\s+: .*Threads'
        $list | Should -Match '░{20}'
        $list | Should -Match 'Evidence'
        $wait | Format-Table | Out-String -Width 120 | Should -Match 'Wait\s+Threads'

        # On a slow machine nothing else is tried in the time that a user waits.
        (1..400 | Measure-Bottleneck { [Threading.Thread]::Sleep(2) } -SampleCount 20 -Validate).Trials | Out-String -Width 120 | Should -Match 'Measured/s'
    }

    It 'keeps what the work was given in the command: <Line>' -ForEach @(
        @{ Line = '1..40 | Measure-Bottleneck -ScriptBlock { param($a) [Threading.Thread]::Sleep(5) } -Args 7 -SampleCount 5 -MaxDurationSeconds 4'
            Expect = '^1\.\.40 \| Invoke-ThreadedBatch -ScriptBlock \{ param\(\$a\) .* \} -Args 7 -ThrottleLimit \d+$' }
        @{ Line = '1..40 | ForEach-Object { $_ } | Measure-Bottleneck { [Threading.Thread]::Sleep(5) } -Variable @{ a = 1 } -Sample 5'
            Expect = '^1\.\.40 \| ForEach-Object \{ \$_ \} \| Invoke-ThreadedBatch \{ .* \} -Variable @\{ a = 1 \} -ThrottleLimit \d+$' }
        # For so little work one thread and ForEach-Object do about as well: either may be told.
        @{ Line = '$values = 1..500; $values | Measure-Bottleneck { $null = $_ }'
            Expect = '^\$values \| (ForEach-Object \{ \$null = \$_ \}|Invoke-\w+Batch \{ \$null = \$_ \} -ThrottleLimit \d+)$' }
    ) {
        (Invoke-Expression $Line).Command | Should -Match $Expect
    }
}

Describe 'Measure-Bottleneck: the items' {
    It 'runs each of the sampled items once, says how many, and passes their output on' {
        $ran = [Collections.Concurrent.ConcurrentBag[int]]::new()
        $out = @(1..300 | Measure-Bottleneck { ($using:ran).Add($_); [Threading.Thread]::Sleep(2); "out $_" } -SampleCount 10 -PassThru)
        $report = $out[-1]
        $report | Should -BeOfType Switchyard.BottleneckReport
        $ran.Count | Should -Be $report.SampledCount
        @($ran | Sort-Object -Unique).Count | Should -Be $ran.Count
        ($ran | Measure-Object -Maximum).Maximum | Should -Be $report.SampledCount
        $out[0..($out.Count - 2)] | Sort-Object | Should -Be (1..$report.SampledCount | ForEach-Object { "out $_" } | Sort-Object)
    }

    It 'ends what feeds it, however endless' {
        $fed = @{ Count = 0 }
        $report = & { while ($true) { (++$fed.Count) } } | Measure-Bottleneck { [Threading.Thread]::Sleep(1) } -SampleCount 5
        $report.SampledCount | Should -Be 5
    }

    It 'uses up no more items than it may, and tells what it then only computes' {
        $report = 1..500 | Measure-Bottleneck { [Threading.Thread]::Sleep(5) } -SampleCount 30
        $report.SampledCount | Should -BeLessOrEqual 30
        $report.Evidence -join ' ' | Should -Match 'computed, not tried'
        $report.ThrottleLimit | Should -BeGreaterThan 4
    }

    It 'does with one item, and says how little that is' {
        # Long beside a collection of all that the tests before have left.
        $report = 1 | Measure-Bottleneck { [Threading.Thread]::Sleep(200) }
        $report.SampledCount | Should -Be 1
        $report.Bottleneck | Should -Be 'Wait'
        $report.Confidence | Should -BeLessThan 0.5
    }

    It 'does with fewer than the sample' {
        (1..3 | Measure-Bottleneck { [Threading.Thread]::Sleep(5) } -SampleCount 50).SampledCount | Should -Be 3
    }

    It 'leaves failed items out of the times, and tells of them' {
        $report = 1..40 | Measure-Bottleneck { if ($_ % 4 -eq 0) { throw "no $_" }; [Threading.Thread]::Sleep(10) } -SampleCount 24 -ErrorVariable failures -ErrorAction SilentlyContinue
        $report.FailedCount | Should -BeGreaterOrEqual 2
        $report.MeanTime | Should -BeGreaterThan ([timespan]'0:0:0.009')
        $failures.Count | Should -Be $report.FailedCount
        $failures[0].TargetObject | Should -Be 4
        $report.Evidence -join ' ' | Should -Match 'failed'
    }

    It 'hands on what the items say' {
        $null = 1..20 | Measure-Bottleneck { Write-Warning "w $_"; Write-Verbose "v $_"; [Threading.Thread]::Sleep(1) } -SampleCount 3 -WarningVariable warnings -WarningAction SilentlyContinue -Verbose 4>&1 |
            Tee-Object -Variable written
        $warnings.Message | Should -Be 'w 1', 'w 2', 'w 3'
        @($written | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] -and $_.Message -like 'v *' }) | Should -HaveCount 3
    }

    It 'hands on the errors of items that go on after them' {
        $report = 1..20 | Measure-Bottleneck { Write-Error "no $_"; [Threading.Thread]::Sleep(5) } -SampleCount 10 -ErrorVariable written -ErrorAction SilentlyContinue
        $report.FailedCount | Should -Be 0
        $written.Count | Should -Be $report.SampledCount
    }

    It 'says Sequential when too few items are left' {
        $enough = 1..100 | Measure-Bottleneck { [Threading.Thread]::Sleep(5) } -SampleCount 10 -TotalCount 100000
        $enough.Recommendation | Should -Be 'Threads'
        $few = 1..5 | Measure-Bottleneck { [Threading.Thread]::Sleep(5) } -SampleCount 5 -TotalCount 6
        $few.Recommendation | Should -Be 'Sequential'
    }

    It 'only says what it would run with -WhatIf' {
        $ran = [Collections.Concurrent.ConcurrentBag[int]]::new()
        1..10 | Measure-Bottleneck { ($using:ran).Add($_) } -WhatIf | Should -BeNullOrEmpty
        $ran.Count | Should -Be 0
    }

    It 'knows what only threads can share' {
        $lock = [object]::new()
        $report = 1..2000 | Measure-Bottleneck {
            $lock = $using:lock
            [Threading.Monitor]::Enter($lock)
            try { [Threading.Thread]::Sleep(2) } finally { [Threading.Monitor]::Exit($lock) }
        }
        $report.Bottleneck | Should -Be 'Lock'
        $report.Recommendation | Should -Be 'Sequential'
        $report.Evidence -join ' ' | Should -Match '\$using:lock'
    }

    It 'measures executables by what their processes use' {
        $pwsh = Get-Pwsh
        $arguments = $pwsh.Before + @('-NoProfile', '-Command', 'for ($i = 0; $i -lt 1e5; $i++) { }', '{}')
        $report = 1..3 | Measure-Bottleneck -FilePath $pwsh.Program -ArgumentList $arguments -SampleCount 2 -MaxDurationSeconds 60
        $report.Bottleneck | Should -BeIn 'ChildProcess', 'Mixed', 'Wait'
        if (Test-Wine) {
            Set-ItResult -Skipped -Because 'Wine counts no processor time of a job'
            return
        }

        $report.ChildProcessPercent | Should -BeGreaterThan 10
        $report.Parameters.FilePath | Should -Be $pwsh.Program
    }
}

Describe 'Measure-Bottleneck: what cannot be measured' {
    It 'is one clear error: <Name>' -ForEach @(
        @{ Name = 'no items'; Id = 'Switchyard.NoItemsToMeasure'; Run = { @() | Measure-Bottleneck { 1 } } }
        @{ Name = 'a body that never returns'; Id = 'Switchyard.NoItemFinished'; Run = { 1..5 | Measure-Bottleneck { [Threading.Thread]::Sleep(-1) } -MaxDurationSeconds 0.5 } }
        @{ Name = 'no such process'; Id = 'Switchyard.ProcessNotFound'; Run = { Measure-Bottleneck -Id 2147483647 } }
        @{ Name = 'no number of a process'; Id = 'Switchyard.ProcessNotFound'; Run = { Measure-Bottleneck -Id -1 } }
        @{ Name = 'what runs when nothing does'; Id = 'Switchyard.ProcessNot'; Run = { Measure-Bottleneck -Id 0 } }
        @{ Name = 'a folder that is not there'; Id = 'Switchyard.ReportNotWritten'; Run = { 1 | Measure-Bottleneck { 1 } -ReportPath (Join-Path $TestDrive 'none' 'x.html') } }
        @{ Name = 'no such executable'; Id = 'Switchyard.ExecutableNotFound'; Run = { 1 | Measure-Bottleneck -FilePath no-such-program } }
    ) {
        $seen = $null
        try { & $Run -ErrorAction SilentlyContinue 2>&1 | Set-Variable seen } catch { $seen = $_ }
        @($seen).Count | Should -Be 1
        $seen.FullyQualifiedErrorId | Should -BeLike "$Id*"
    }

    It 'is told with the items'' own errors when all of them fail' {
        1..6 | Measure-Bottleneck { throw "no $_" } -ErrorVariable failures -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $failures[-1].FullyQualifiedErrorId | Should -BeLike 'Switchyard.AllItemsFailed*'
        $failures[-1].ToString() | Should -Match 'no 1'
        $failures.Count | Should -Be 7
    }

    It 'is a script block as an item' {
        { 1 } | Measure-Bottleneck { 1 } -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.ScriptBlockNotAllowed*'
    }

    It 'is stopped at once, though a body does not listen' {
        $marker = Join-Path $TestDrive 'running'
        $shell = [powershell]::Create().AddScript({
            param($manifest, $marker)
            Import-Module $manifest
            1..1000 | Measure-Bottleneck { [IO.File]::WriteAllText($using:marker, ''); [Threading.Thread]::Sleep(-1) } -MaxDurationSeconds 600
        }).AddArgument((Get-BuiltManifest)).AddArgument($marker)
        $running = $shell.BeginInvoke()
        Wait-Until { Test-Path -LiteralPath $marker } -Timeout '00:02:00' | Should -BeTrue
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 20 -Because 'it would take ten minutes'
        $running.IsCompleted | Should -BeTrue
        $shell.Dispose()
    }
}

Describe 'Measure-Bottleneck -Validate' {
    It 'tells what was measured beside what was predicted, of both kinds' {
        $report = 1..3000 | Measure-Bottleneck { [Threading.Thread]::Sleep(5) } -Validate -ThrottleLimit 8
        $report.Trials.Kind | Should -Contain 'Threads'
        $report.Trials.Kind | Should -Contain 'Processes'
        $measured = $report.Trials | Where-Object { $_.Kind -eq 'Threads' -and $_.ThrottleLimit -eq 8 }
        $measured.MeasuredPerSecond | Should -BeGreaterThan 0
        $measured.PredictedPerSecond | Should -BeGreaterThan 0
        $report.ThrottleLimit | Should -BeLessOrEqual 8
    }
}

Describe 'Measure-Bottleneck -ReportPath' {
    It 'is a page that needs nothing else' {
        $file = Join-Path $TestDrive 'a report.html'
        $null = 1..200 | Measure-Bottleneck { [Threading.Thread]::Sleep(3); '<&>' } -SampleCount 10 -ReportPath $file
        $page = Get-Content -Raw -LiteralPath $file
        $page | Should -Match '<!DOCTYPE html>'
        ([regex]::Matches($page, '<svg')).Count | Should -Be 3
        $page | Should -Not -Match '(src|href)="?(https?:)?//'
        $page | Should -Not -Match 'exception'
        $page | Should -Match '&lt;&amp;&gt;'
    }
}

Describe 'Measure-Bottleneck -Id' {
    It 'tells a process that computes from one that waits, also .NET ones' {
        $busy = Start-Pwsh '-NoProfile', '-NonInteractive', '-Command', '"while(1){}"'
        $marker = Join-Path $TestDrive 'waits'
        $idle = Start-Pwsh '-NoProfile', '-NonInteractive', '-Command', "`"[IO.File]::WriteAllText('$marker', ''); [Threading.Thread]::Sleep(-1)`""
        try {
            # Started, and at what they do.
            Wait-Until { Test-Path -LiteralPath $marker } -Timeout '00:02:00' | Should -BeTrue
            Wait-Until { $busy.Refresh(); $busy.TotalProcessorTime.TotalSeconds -gt 1.5 } -Timeout '00:02:00' | Should -BeTrue
            $computes = Measure-Computing { Measure-Bottleneck -Id $busy.Id -DurationSeconds 1.5 }
            $computes.Bottleneck | Should -BeIn 'Cpu', 'GarbageCollection'
            $computes.ProcessId | Should -Be $busy.Id
            $computes.Evidence -join ' ' | Should -Match '\.NET process'

            # Its runtime compiles what a first look takes, and for a while what its start made hot.
            $null = $idle | Measure-Bottleneck -DurationSeconds 0.5
            Wait-Until { $idle.Refresh(); $used = $idle.TotalProcessorTime; [Threading.Thread]::Sleep(500); $idle.Refresh(); $idle.TotalProcessorTime - $used -lt '00:00:00.02' } -Timeout '00:02:00' | Should -BeTrue
            $waits = $idle | Measure-Bottleneck -DurationSeconds 1
            $waits.Bottleneck | Should -Be 'Wait'
            $waits.CpuPercent | Should -BeLessThan 50
            $waits | Out-String | Should -Match "\($($idle.Id)\)"
            $busy.HasExited -or $idle.HasExited | Should -BeFalse
        }
        finally {
            $busy, $idle | Stop-Process -Force
        }
    }
}
