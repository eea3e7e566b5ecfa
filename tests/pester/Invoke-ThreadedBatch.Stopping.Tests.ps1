#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    # The promise is two seconds; the rest is for a busy machine.
    $longestStop = [timespan]::FromSeconds(5)
}

Describe 'Invoke-ThreadedBatch: stopping' {
    BeforeEach {
        $footprint = Get-Footprint
        $ErrorActionPreference = 'Continue'
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context 'Ctrl+C' {
        It 'stops within seconds while <Name>' -ForEach @(
            @{ Name = 'bodies block in a .NET call'; Script = { param($started) 1..4 | Invoke-ThreadedBatch { $null = ($using:started).Signal(); [System.Threading.Thread]::Sleep(60000) } -ThrottleLimit 2 } }
            @{ Name = 'bodies sleep'; Script = { param($started) 1..4 | Invoke-ThreadedBatch { $null = ($using:started).Signal(); Start-Sleep -Seconds 60 } -ThrottleLimit 2 } }
            @{ Name = 'bodies compute'; Script = { param($started) 1..4 | Invoke-ThreadedBatch { $null = ($using:started).Signal(); while ($true) { $x++ } } -ThrottleLimit 2 } }
            @{ Name = 'bodies catch everything'; Script = { param($started) 1..4 | Invoke-ThreadedBatch { $null = ($using:started).Signal(); while ($true) { try { [System.Threading.Thread]::Sleep(60000) } catch { $null = $_ } } } -ThrottleLimit 2 } }
            @{ Name = 'bodies wait for a lock'; Script = { param($started) $lock = [object]::new(); 1..4 | Invoke-ThreadedBatch { [System.Threading.Monitor]::Enter($using:lock); $null = ($using:started).Signal(2); [System.Threading.Thread]::Sleep(60000) } -ThrottleLimit 2 } }
            @{ Name = 'order is kept'; Script = { param($started) 1..4 | Invoke-ThreadedBatch { $null = ($using:started).Signal(); [System.Threading.Thread]::Sleep(60000) } -ThrottleLimit 2 -KeepOrder } }
            @{ Name = 'each item has a runspace of its own'; Script = { param($started) 1..4 | Invoke-ThreadedBatch { $null = ($using:started).Signal(); [System.Threading.Thread]::Sleep(60000) } -ThrottleLimit 2 -FreshRunspace } }
            @{ Name = 'workers are being set up'; Script = { param($started) 1..4 | Invoke-ThreadedBatch { $_ } -InitializationScript { $null = ($using:started).Signal(); [System.Threading.Thread]::Sleep(60000) } -ThrottleLimit 2 } }
            @{ Name = 'batches are nested'; Script = { param($started) 1, 2 | Invoke-ThreadedBatch { $inner = $using:started; 1 | Invoke-ThreadedBatch { $null = ($using:inner).Signal(); [System.Threading.Thread]::Sleep(60000) } } -ThrottleLimit 2 } }
            @{ Name = 'the input never ends'; Script = { param($started) & { while ($true) { 1 } } | Invoke-ThreadedBatch { if (-not ($using:started).IsSet) { $null = ($using:started).Signal() }; $_ } -ThrottleLimit 2 } }
        ) {
            $started = [System.Threading.CountdownEvent]::new(2)
            $shell = New-Shell
            try {
                $null = $shell.AddScript($Script.ToString()).AddArgument($started)
                $null = $shell.BeginInvoke()
                $started.Wait(20000) | Should -BeTrue
                $clock = [System.Diagnostics.Stopwatch]::StartNew()
                $shell.Stop()
                $clock.Elapsed | Should -BeLessThan $longestStop
                $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            }
            finally {
                $shell.Dispose()
            }
        }

        It 'leaves bodies behind that cannot be interrupted, with one warning' {
            # In one call from before it is known to have started: between two statements of a body it could still be stopped.
            Add-Type -TypeDefinition @'
using System.Threading;
public static class SyDeaf
{
    public static void WaitFor(CountdownEvent started, ManualResetEventSlim end)
    {
        started.Signal();
        while (true)
        {
            try { end.Wait(); return; } catch (ThreadInterruptedException) { }
        }
    }
}
'@
            $end = [System.Threading.ManualResetEventSlim]::new()
            $started = [System.Threading.CountdownEvent]::new(2)
            $shell = New-Shell
            try {
                $null = $shell.AddScript({ param($started, $end) 1..100 | Invoke-ThreadedBatch { [SyDeaf]::WaitFor($using:started, $using:end) } -ThrottleLimit 2 }).AddArgument($started).AddArgument($end)
                $null = $shell.BeginInvoke()
                $started.Wait(20000) | Should -BeTrue

                # What is written last, the end of the progress among it, a stopped pipeline refuses.
                Wait-Until { $shell.Streams.Progress.Count -gt 0 } -Timeout '00:00:20' | Should -BeTrue
                $shell.Stop()
                $shell.InvocationStateInfo.State | Should -Be 'Stopped'
                (Wait-Until { $shell.Streams.Warning.Count -gt 0 }) | Should -BeTrue
                $shell.Streams.Warning | Should -HaveCount 1
                $shell.Streams.Warning[0].Message | Should -BeLike "*2 of the batch's workers*"
            }
            finally {
                $end.Set()
                $shell.Dispose()
            }

            Assert-NoLeak $footprint
            $end.Dispose()
        }

        It 'leaves a session that can run the next batch' {
            $started = [System.Threading.CountdownEvent]::new(1)
            $shell = New-Shell
            try {
                $null = $shell.AddScript({ param($started) 1 | Invoke-ThreadedBatch { $null = ($using:started).Signal(); Start-Sleep -Seconds 60 } }).AddArgument($started)
                $null = $shell.BeginInvoke()
                $started.Wait(20000) | Should -BeTrue
                $shell.Stop()
                $shell.Commands.Clear()
                $shell.AddScript('1..3 | Invoke-ThreadedBatch { $_ * 2 } -KeepOrder').Invoke() | Should -Be 2, 4, 6
            }
            finally {
                $shell.Dispose()
            }
        }

        It 'leaves nothing behind at whatever moment it comes' {
            $random = [System.Random]::new(20)
            foreach ($round in 1..12) {
                $shell = New-Shell
                try {
                    $null = $shell.AddScript('1..1000000 | Invoke-ThreadedBatch { $_ } -ThrottleLimit 4')
                    $null = $shell.BeginInvoke()
                    [System.Threading.Thread]::Sleep($random.Next(0, 60))
                    $shell.Stop()
                }
                finally {
                    $shell.Dispose()
                }
            }
        }
    }

    Context 'A neighbour that wants no more' {
        It 'ends an input that never ends with Select-Object -First' {
            $endless = { $i = 0; while ($true) { ($i++) } }
            & $endless | Invoke-ThreadedBatch { $_ } -KeepOrder | Select-Object -First 5 | Should -Be 0, 1, 2, 3, 4
            & $endless | Invoke-ThreadedBatch { $_ } | Select-Object -First 5 | Should -HaveCount 5
        }

        It 'ends items that still run with Select-Object -First' {
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            1..4 | Invoke-ThreadedBatch { if ($_ -gt 1) { [System.Threading.Thread]::Sleep(60000) }; $_ } -ThrottleLimit 4 | Select-Object -First 1 | Should -Be 1
            $clock.Elapsed | Should -BeLessThan $longestStop
        }

        It 'starts nothing new after Select-Object -First' {
            $started = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
            $null = 1..100000 | Invoke-ThreadedBatch { ($using:started).Add($_); $_ } | Select-Object -First 1
            $count = $started.Count
            $count | Should -BeLessThan 100000
            1 | Invoke-ThreadedBatch { $_ } | Should -Be 1
            $started.Count | Should -Be $count
        }

        It 'ends items that still run when an error ends the batch' {
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            { 1..4 | Invoke-ThreadedBatch { if ($_ -eq 1) { throw 'bad' }; [System.Threading.Thread]::Sleep(60000) } -ThrottleLimit 4 -ErrorAction Stop } | Should -Throw 'bad'
            $clock.Elapsed | Should -BeLessThan $longestStop
        }

        It 'ends within a loop that the downstream breaks' {
            $output = foreach ($round in 1) { 1..100000 | Invoke-ThreadedBatch { $_ } -KeepOrder | ForEach-Object { $_; break } }
            $output | Should -Be 1
        }
    }

    Context '-TimeoutSeconds' {
        It 'ends the run with one TimeoutException that names the item, and keeps what was finished' {
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            $output = 1, 2 | Invoke-ThreadedBatch { if ($_ -eq 2) { [System.Threading.Thread]::Sleep(60000) }; $_ } -ThrottleLimit 1 -TimeoutSeconds 4 -ErrorVariable errors 2>$null
            $clock.Elapsed | Should -BeLessThan ([timespan]::FromSeconds(13))
            $output | Should -Be 1
            $errors | Should -HaveCount 1
            $errors[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.RunTimedOut*'
            $errors[0].Exception | Should -BeOfType ([System.TimeoutException])
            $errors[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
            $errors[0].TargetObject | Should -Be 2
            $errors[0].Exception.Message | Should -BeLike "*'2'*"
        }

        It 'keeps what was finished with -KeepOrder' {
            $output = 1, 2, 3 | Invoke-ThreadedBatch { if ($_ -eq 3) { [System.Threading.Thread]::Sleep(60000) }; $_ } -ThrottleLimit 1 -KeepOrder -TimeoutSeconds 4 2>$null
            $output | Should -Be 1, 2
        }

        It 'ends an input that never ends' {
            $count = 0
            & { while ($true) { 1 } } | Invoke-ThreadedBatch { $_ } -TimeoutSeconds 3 -ErrorVariable errors 2>$null | ForEach-Object { $count++ }
            $count | Should -BeGreaterThan 0
            $errors.FullyQualifiedErrorId | Should -BeLike 'Switchyard.RunTimedOut*'
        }

        It 'ends the script with -ErrorAction Stop' {
            { 1 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(60000) } -TimeoutSeconds 0.3 -ErrorAction Stop } |
                Should -Throw -ErrorId 'Switchyard.RunTimedOut*'
        }

        It 'says nothing when the batch was in time' {
            1..3 | Invoke-ThreadedBatch { $_ } -TimeoutSeconds 100 -KeepOrder -ErrorVariable errors | Should -Be 1, 2, 3
            $errors | Should -BeNullOrEmpty
        }

        It 'is no limit when it is 0' {
            1..3 | Invoke-ThreadedBatch { $_ } -TimeoutSeconds 0 -KeepOrder | Should -Be 1, 2, 3
        }

        It 'holds for a body that cannot be interrupted: one warning, and the thread ends with its call' {
            # A read of a pipe is in the kernel, where neither a stop nor an interrupt gets at it.
            $pipe = [System.IO.Pipes.AnonymousPipeServerStream]::new('In')
            $writer = [System.IO.Pipes.AnonymousPipeClientStream]::new('Out', $pipe.ClientSafePipeHandle)
            try {
                $clock = [System.Diagnostics.Stopwatch]::StartNew()
                $null = 1 | Invoke-ThreadedBatch { ($using:pipe).ReadByte() } -TimeoutSeconds 3 -ErrorVariable errors -WarningVariable warnings 2>$null 3>$null
                $clock.Elapsed | Should -BeLessThan ([timespan]::FromSeconds(12))
                $errors.FullyQualifiedErrorId | Should -BeLike 'Switchyard.RunTimedOut*'
                $warnings | Should -HaveCount 1
            }
            finally {
                $writer.WriteByte(1)
                $writer.Dispose()
            }

            # Here and not in AfterEach alone: the pipe must live until the thread has left it.
            Assert-NoLeak $footprint
            $pipe.Dispose()
        }
    }
}
