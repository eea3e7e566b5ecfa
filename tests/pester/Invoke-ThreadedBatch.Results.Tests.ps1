#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
}

Describe 'Invoke-ThreadedBatch: -AsResult' {
    BeforeEach {
        $footprint = Get-Footprint
        $ErrorActionPreference = 'Continue'
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context 'An item''s result' {
        It 'says how an item ended that <Name>: <Status>' -ForEach @(
            @{ Name = 'writes'; Status = 'Succeeded'; Output = 'a', 'b'; Errors = @(); Body = { 'a'; 'b' } }
            @{ Name = 'writes nothing'; Status = 'Succeeded'; Output = @(); Errors = @(); Body = { } }
            @{ Name = 'throws'; Status = 'Failed'; Output = 'a'; Errors = 'bad'; Body = { 'a'; throw 'bad'; 'b' } }
            @{ Name = 'writes an error'; Status = 'Succeeded'; Output = 'a', 'b'; Errors = 'bad'; Body = { 'a'; Write-Error 'bad'; 'b' } }
            @{ Name = 'divides by zero'; Status = 'Succeeded'; Output = 'b'; Errors = 'Attempted to divide by zero.'; Body = { 1 / 0; 'b' } }
            @{ Name = 'writes an error under Stop'; Status = 'Failed'; Output = 'a'; Errors = 'bad'; Body = { $ErrorActionPreference = 'Stop'; 'a'; Write-Error 'bad'; 'b' } }
            @{ Name = 'catches'; Status = 'Succeeded'; Output = 'caught'; Errors = @(); Body = { try { throw 'bad' } catch { 'caught' } } }
            @{ Name = 'exits'; Status = 'Succeeded'; Output = 'a'; Errors = @(); Body = { 'a'; exit 3; 'b' } }
            @{ Name = 'breaks'; Status = 'Succeeded'; Output = 'a'; Errors = @(); Body = { 'a'; break; 'b' } }
            @{ Name = 'continues'; Status = 'Succeeded'; Output = 'a'; Errors = @(); Body = { 'a'; continue; 'b' } }
            @{ Name = 'returns'; Status = 'Succeeded'; Output = 'a'; Errors = @(); Body = { 'a'; return; 'b' } }
        ) {
            $before, $result, $after = 1, 2, 3 | Invoke-ThreadedBatch $Body -AsResult -KeepOrder -ThrottleLimit 2 -ErrorVariable written
            "$($result.Status)" | Should -Be $Status
            @($result.Output) | Should -Be @($Output)
            @($result.Errors | ForEach-Object { "$_" }) | Should -Be @($Errors)
            $before.Index, $result.Index, $after.Index | Should -Be 0, 1, 2
            $written | Should -BeNullOrEmpty
        }

        It 'is a Switchyard.BatchResult with all there is to know' {
            $result = 'item' | Invoke-ThreadedBatch { 'out' } -AsResult
            $result | Should -BeOfType ([Switchyard.BatchResult])
            $result.InputObject | Should -Be 'item'
            $result.Attempts | Should -Be 1
            $result.Duration | Should -BeGreaterThan ([timespan]::Zero)
            $result.QueueTime | Should -BeGreaterOrEqual ([timespan]::Zero)
            $result.WorkerId | Should -Be 1
            $result.ExitCode | Should -BeNullOrEmpty
        }

        It 'keeps its item as it is: <Name>' -ForEach @(
            @{ Name = '$null'; Item = $null }
            @{ Name = 'nothing but white space'; Item = " `t" }
            @{ Name = 'quotes and line ends'; Item = "a'b`"c`r`nd{0}`u{1F980}" }
            @{ Name = 'an array'; Item = @(1, 2) }
            @{ Name = 'a hashtable'; Item = @{ a = 1 } }
        ) {
            $result = , $Item | Invoke-ThreadedBatch { , $_ } -AsResult
            @($result).Count | Should -Be 1
            $result.Output.Count | Should -Be 1
            if ($null -eq $Item) {
                $result.InputObject | Should -BeNullOrEmpty
            }
            else {
                [object]::ReferenceEquals($result.InputObject, $Item) | Should -BeTrue
            }
        }

        It 'has errors with the script''s own id and position, and the item as target' {
            $result = 'item' | Invoke-ThreadedBatch { Write-Error 'one' -ErrorId 'MyId' -Category DeviceError; throw 'two' } -AsResult
            $result.Errors[0].CategoryInfo.Category | Should -Be 'DeviceError'
            $result.Errors.TargetObject | Should -Be 'item', 'item'
            $result.Errors[1].FullyQualifiedErrorId | Should -Be 'two'
            $result.Errors[1].InvocationInfo.Line | Should -BeLike "*throw 'two'*"
        }

        It 'leaves the other streams to flow as ever' {
            $DebugPreference = 'Continue'
            $records = 1 | Invoke-ThreadedBatch { Write-Warning 'w'; Write-Host 'h'; Write-Verbose 'v'; Write-Debug 'd'; Write-Information 'i' } -AsResult -Verbose *>&1
            @($records | ForEach-Object { $_.GetType().Name } | Sort-Object) |
                Should -Be 'BatchResult', 'DebugRecord', 'InformationRecord', 'InformationRecord', 'VerboseRecord', 'WarningRecord'
        }

        It 'is shown as a table' {
            $text = 'first', 'second' | Invoke-ThreadedBatch { if ($_ -eq 'second') { throw "bad`nnews" }; 'fine' } -AsResult -KeepOrder | Out-String -Width 120
            $text | Should -Match 'Index\s+Status\s+Duration\s+CPU\s+Try\s+Item\s+Result'
            $text | Should -Match '0\s+Succeeded.*first\s+fine'
            $text | Should -Match '1\s+.*Failed.*second\s+bad news'
        }

        It 'shares the width of the console between item and result: <Width>' -ForEach @(
            @{ Width = 60; Item = '*/path/1'; Result = 'the res' }
            @{ Width = 120; Item = 'http://server.example/a/path/1'; Result = 'the result of a request, ' }
            @{ Width = 200; Item = 'http://server.example/a/path/1'; Result = 'the result of a request, at some length, to be seen' }
        ) {
            $text = 'http://server.example/a/path/1' | Invoke-ThreadedBatch { 'the result of a request, at some length, to be seen' } -AsResult | Out-String -Width $Width
            $text | Should -BeLike "* $Item *$Result*"
        }

        It 'shows at 80 columns what tells items and results apart' {
            $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'a folder with a rather long name' 'and another one in it') -Force
            $files = 1..3 | ForEach-Object { New-Item (Join-Path $folder "file number $_.txt") -Force }
            $results = $files | Invoke-ThreadedBatch -AsResult -KeepOrder {
                switch -Wildcard ($_.Name) { '*1.txt' { throw "'$_' is empty" } '*2.txt' { [ordered]@{ Rows = 7; Name = 'seven' } } '*3.txt' { 1..1000000 } }
            }
            $lines = ($results | Out-String -Width 80).TrimEnd() -split '\r?\n'
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
            $text = ($lines -join "`n") -replace '\e\[[0-9;]*m'
            $text | Should -Match '0 Failed .* … it/file number 1\.txt ''file number 1\.txt'
            $text | Should -Match '1 Succeeded .*file number 2\.txt @\{Rows=7; Name=seven\}'
            $text | Should -Match '2 Succeeded .*file number 3\.txt 1 2 3 4'
        }

        It 'is shown without the item that its error begins with' {
            $program = $IsWindows ? @{ FilePath = 'cmd'; ArgumentList = '/c', 'exit 3 & rem {}' } : @{ FilePath = 'sh'; ArgumentList = '-c', 'exit 3', '{}' }
            $text = 'some item' | Invoke-ThreadedBatch @program -AsResult | Out-String -Width 100
            $text -replace '\e\[[0-9;]*m' | Should -Match "0 Failed .* some item '[^']+' ended with"
        }

        It 'is shown the same after it went through a file or came from another process' {
            $results = 1, 2 | Invoke-ThreadedBatch { if ($_ -eq 2) { throw 'bad' }; 'fine' } -AsResult -KeepOrder
            $copies = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($results, 3))
            $copies | Out-String -Width 120 | Should -Be ($results | Out-String -Width 120)
        }

        It 'is shown with its last error if it wrote nothing else, also where that did not fail it' {
            $text = 1, 2 | Invoke-ThreadedBatch { Write-Error 'first'; Write-Error "bad`nnews"; if ($_ -eq 2) { 'fine' } } -AsResult -KeepOrder | Out-String -Width 120
            $text | Should -Match '0\s+Succeeded.*1\s+bad news'
            $text | Should -Match '1\s+Succeeded.*2\s+fine'
        }

        It 'is shown with a duration of <Duration> as <Shown>' -ForEach @(
            @{ Duration = '00:00:00.0123'; Shown = '12.3 ms' }
            @{ Duration = '00:01:39.5'; Shown = '99.50 s' }
            @{ Duration = '00:02:03'; Shown = '0:02:03' }
            @{ Duration = '10:00:05'; Shown = '10:00:05' }
            @{ Duration = '1.02:03:04'; Shown = '1d 02:03' }
        ) {
            $result = [pscustomobject]@{ PSTypeName = 'Switchyard.BatchResult'; Index = 7; Status = 'Skipped'; Attempts = 1; Duration = [timespan]$Duration }
            $result | Out-String -Width 120 | Should -Match "7 Skipped +$([regex]::Escape($Shown)) +1"
        }
    }

    Context 'The account' {
        It 'has every item exactly once, whatever became of it: <Name>' -ForEach @(
            @{ Name = 'as they end'; Parameters = @{} }
            @{ Name = 'in order'; Parameters = @{ KeepOrder = $true } }
            @{ Name = 'with retries and deadlines'; Parameters = @{ RetryCount = 1; RetryDelaySeconds = 0; ItemTimeoutSeconds = 1000 } }
            @{ Name = 'in order, with retries'; Parameters = @{ KeepOrder = $true; RetryCount = 2; RetryDelaySeconds = 0.001 } }
            @{ Name = 'under AutoThrottle'; Parameters = @{ AutoThrottle = $true; KeepOrder = $true } }
        ) {
            $seen = [int[]]::new(5000)
            $failed = 0
            $last = -1
            $ordered = $true
            0..4999 | Invoke-ThreadedBatch { if ($_ % 100 -eq 7) { throw 'bad' }; $_ } -AsResult @Parameters -ThrottleLimit 4 | ForEach-Object {
                $seen[$_.Index]++
                $ordered = $ordered -and $_.Index -gt $last
                $last = $_.Index
                if ($_.InputObject -ne $_.Index) { throw 'The wrong item.' }
                if ($_.Status -eq 'Failed') { $failed++ } elseif ($_.Output[0] -ne $_.Index) { throw 'The wrong output.' }
            }
            @($seen | Where-Object { $_ -ne 1 }) | Should -BeNullOrEmpty
            $failed | Should -Be 50
            if ($Parameters.KeepOrder) { $ordered | Should -BeTrue }
        }

        It 'has an item that cannot be run at its place, which is not tried again and counts as failed: <Name>' -ForEach @(
            @{ Name = 'a script block'; Batch = @{ ScriptBlock = { $_ } } }
            @{ Name = 'an executable'; Batch = @{ FilePath = 'whoami'; ArgumentList = { throw 'not this one' } } }
        ) {
            $results = 1, { 2 }, 3 | Invoke-ThreadedBatch @Batch -AsResult -KeepOrder
            $results | Should -HaveCount 3
            $results[1].Status | Should -Be 'Failed'
            $results[1].InputObject | Should -BeOfType scriptblock
            $results[1].Errors.FullyQualifiedErrorId | Should -BeLike 'Switchyard.ScriptBlockNotAllowed*'
            ({ 1 } | Invoke-ThreadedBatch @Batch -AsResult -RetryCount 2 -RetryDelaySeconds 60).Attempts | Should -Be 1
            { 1 }, { 2 }, { 3 } | Invoke-ThreadedBatch @Batch -MaxFailures 1 -ThrottleLimit 1 -ErrorAction SilentlyContinue -ErrorVariable failures
            @($failures.FullyQualifiedErrorId -like 'Switchyard.TooManyFailures*') | Should -HaveCount 1
        }

        It 'is empty for no items' {
            @() | Invoke-ThreadedBatch { 1 } -AsResult -RetryCount 2 -RateLimit 5 -MaxFailures 1 -ItemTimeoutSeconds 3 -TotalCount 5 -AutoThrottle -MinFreeMemoryMB 1 -KeepOrder |
                Should -BeNullOrEmpty
        }

        It 'adds up after -TimeoutSeconds: finished, timed out and never started' {
            $results = 1..6 | Invoke-ThreadedBatch { if ($_ -ne 1) { [System.Threading.Thread]::Sleep(60000) }; $_ } -ThrottleLimit 2 -KeepOrder -TimeoutSeconds 5 -AsResult -ErrorVariable errors 2>$null

            # The second worker takes what the first has not begun, from whichever end.
            $results.InputObject | Should -Be (1..6)
            $results[0].Status | Should -Be 'Succeeded'
            $interrupted = @($results | Where-Object Status -EQ TimedOut)
            $interrupted.Count | Should -Be 2
            @($results | Where-Object Status -EQ Skipped).Count | Should -Be 3
            $results | ForEach-Object { $_.Attempts | Should -Be ([int]($_.Status -ne 'Skipped')) }
            $interrupted[0].Errors[0].FullyQualifiedErrorId | Should -Be 'Switchyard.ItemTimedOut'
            $interrupted[0].Errors[0].Exception | Should -BeOfType ([System.TimeoutException])
            $errors.FullyQualifiedErrorId | Should -BeLike 'Switchyard.RunTimedOut*'
            $errors[0].TargetObject | Should -Be $interrupted.InputObject
        }

        It 'is the same for a nested batch' {
            $results = 1, 2 | Invoke-ThreadedBatch { 1..3 | Invoke-ThreadedBatch { if ($_ -eq 2) { throw 'in' }; $_ } -AsResult -KeepOrder } -AsResult -KeepOrder
            $results.Status | Should -Be 'Succeeded', 'Succeeded'
            "$($results[1].Output.Status)" | Should -Be 'Succeeded Failed Succeeded'
        }
    }

    Context 'Neighbours' {
        It 'ends an input that never ends with Select-Object -First' {
            $results = & { $i = 0; while ($true) { ($i++) } } |
                Invoke-ThreadedBatch { if ($_ % 3 -eq 0) { throw 'x' }; $_ } -AsResult -KeepOrder -RetryCount 1 -RetryDelaySeconds 0 -ItemTimeoutSeconds 1000 |
                Select-Object -First 5
            $results.Index | Should -Be 0, 1, 2, 3, 4
            "$($results.Status)" | Should -Be 'Failed Succeeded Succeeded Failed Succeeded'
        }

        It 'waits for a downstream that is slow' {
            $count = 0
            1..2000 | Invoke-ThreadedBatch { $_ } -AsResult -ThrottleLimit 2 | ForEach-Object { if ($count++ % 500 -eq 0) { [System.Threading.Thread]::Sleep(20) } }
            $count | Should -Be 2000
        }
    }

    Context '-ErrorAction Stop' {
        It 'writes the results and ends with the body''s own error: <Name>' -ForEach @(
            @{ Name = 'a throw'; Id = 'bad'; Body = { if ($_ -eq 2) { throw 'bad' }; $_ } }
            @{ Name = 'Write-Error'; Id = 'MyId'; Body = { if ($_ -eq 2) { Write-Error -Message 'bad' -ErrorId 'MyId' }; $_ } }
        ) {
            $results = [System.Collections.Generic.List[object]]::new()
            $failure = try { 1..9 | Invoke-ThreadedBatch $Body -AsResult -KeepOrder -ThrottleLimit 1 -ErrorAction Stop -ErrorVariable errors | ForEach-Object { $results.Add($_) } } catch { $_ }
            $failure.FullyQualifiedErrorId | Should -Be $Id
            $failure.TargetObject | Should -Be 2
            $failure.InvocationInfo.Line | Should -BeLike "*Body = { if*"
            $errors | Should -HaveCount 1
            "$($results[0].Status) $($results[1].Status)" | Should -Be 'Succeeded Failed'
            $results.Index | Should -Be (0..($results.Count - 1))
        }

        It 'ends with the deadline''s error' {
            { 1 | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(60000) } -AsResult -ItemTimeoutSeconds 0.2 -ErrorAction Stop } |
                Should -Throw -ErrorId 'Switchyard.ItemTimedOut*' -ExceptionType ([System.TimeoutException])
        }
    }
}
