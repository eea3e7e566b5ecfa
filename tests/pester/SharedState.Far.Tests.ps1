#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# A worker behind a launch command on this machine: 'env' carries standard input and output, as ssh does.
Describe 'Shared state on other machines' -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $far = @{ LaunchCommand = 'env'; WorkersPerHost = 2; PowerShellPath = (Get-Pwsh).Path }
    }

    It 'is the same there' {
        $counter, $queue, $words, $lock = 'Counter', 'Queue', 'Dictionary', 'Lock' | ForEach-Object { New-SharedState $_ }
        1..200 | Invoke-ProcessBatch @far {
            $null = ($using:counter).Increment()
            ($using:queue).Enqueue($_)
            ($using:lock).Invoke({ $w = $using:words; $w['sum'] = [int]$w['sum'] + 1 })
        }
        $counter.Value, $queue.Count, $words['sum'] | Should -Be 200, 200, 200
        $queue.Complete()
        $queue | Invoke-ProcessBatch @far { $_ } | Sort-Object | Should -Be (1..200)

        # A lock as a value of a shared dictionary, and an object that comes back.
        $words['lock'] = $lock
        (1 | Invoke-ProcessBatch @far { $l = ($using:words)['lock']; $l.Enter(); $l.Exit(); , $using:counter }).Value | Should -Be 200
    }

    It 'gives a lock up with the worker that held it' {
        $lock = New-SharedState Lock
        (1 | Invoke-ProcessBatch @far -AsResult { ($using:lock).Enter(); [Environment]::FailFast('gone') }).Status | Should -Be 'Crashed'
        $lock.TryEnter([timespan]::FromSeconds(30)) | Should -BeTrue
        $lock.Exit()
    }

    It 'lets a wait be stopped, which takes nothing with it' {
        $queue = New-SharedState Queue
        (1 | Invoke-ProcessBatch @far -AsResult -ItemTimeoutSeconds 1 { ($using:queue).Dequeue() }).Status | Should -Be 'TimedOut'
        $queue.Enqueue('kept')
        1 | Invoke-ProcessBatch @far { ($using:queue).Dequeue() } | Should -Be 'kept'
    }

    It 'is reached by workers that a worker there starts elsewhere, and by others of its machine not' {
        $counter = New-SharedState Counter -Name hits
        $shell = $far.PowerShellPath
        1 | Invoke-ProcessBatch @far { $c = $using:counter; 1 | Invoke-ProcessBatch { ($using:c).Increment() } -LaunchCommand env -PowerShellPath $using:shell } | Should -Be 1
        $counter.Value | Should -Be 1
        (1 | Invoke-ProcessBatch @far -AsResult { $c = $using:counter; 1 | Invoke-ProcessBatch { ($using:c).Increment() } -PowerShellPath $using:shell }).Errors.Exception.Message |
            Should -BeLike "*counter 'hits' is held on another machine*"
    }
}
