#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# Whether other machines would help, on two servers of the tests' own.

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
    $obstacle = Get-SshObstacle
    if ($obstacle) {
        Write-Warning $obstacle
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
    $burn = { for ($i = 0; $i -lt 20000; $i++) { $x = $i % 7 }; $x }
}

Describe 'Measure-Bottleneck: what other machines would add' {
    It 'says what an item that computes carries, and by what link' {
        $report = Measure-Computing { 1..3000 | Measure-Bottleneck $burn }
        $report.OtherMachinesPay | Should -BeTrue
        $report.OtherMachines | Should -Match '^yes, a link of [\d.]+ MB/s or more .* 2 bytes there and brings 2 bytes back'
        $report.BytesPerItemIn, $report.BytesPerItemOut | Should -Be 2, 2
        $report.Hosts | Should -BeNullOrEmpty
        $report | Out-String | Should -Match 'Other machines\s+: yes, a link of'
        $report.CommandName | Should -Match 'Batch$|^ForEach'
    }

    It 'counts an item by what it is sent as' {
        $report = 1..300 | ForEach-Object { , [byte[]]::new(100000) } | Measure-Bottleneck { for ($i = 0; $i -lt 20000; $i++) { }; 'x' * 5000 }
        $report.BytesPerItemIn | Should -BeGreaterOrEqual 100000
        $report.BytesPerItemIn | Should -BeLessThan 100100
        $report.BytesPerItemOut | Should -BeGreaterOrEqual 5000
        $report.BytesPerItemOut | Should -BeLessThan 5100
    }

    It 'counts what a file holds if it <What>' -Skip:(-not $IsLinux) -ForEach @(
        @{ What = 'is read'; Body = { $x = [IO.File]::ReadAllBytes($_.FullName)[0]; for ($i = 0; $i -lt 20000; $i++) { } }; Bytes = 500000 }
        @{ What = 'is read by a program'; Body = { $null = sha256sum $_.FullName }; Bytes = 500000 }
        @{ What = 'is only named'; Body = { $x = $_.Name; for ($i = 0; $i -lt 20000; $i++) { } }; Bytes = 0 }
    ) {
        $folder = New-Item -ItemType Directory "$TestDrive/$(New-Guid) it's [1] ü"
        foreach ($i in 1..12) { [IO.File]::WriteAllBytes("$folder/$i.bin", [byte[]]::new(500000)) }
        $report = Get-ChildItem -LiteralPath $folder | Measure-Bottleneck $Body
        $report.BytesPerItemIn | Should -BeGreaterThan $Bytes
        $report.BytesPerItemIn | Should -BeLessThan ($Bytes + 1000)
    }

    It 'says no of <What>, and why' -ForEach @(
        @{ What = 'what waits'; Items = 1..500; Body = { [Threading.Thread]::Sleep(20) }; Reason = 'no, its items wait' }
        @{ What = 'what is hardly anything'; Items = 1..5000; Body = { $null = $_ }; Reason = '^no, ' }
        @{ What = 'a lock'; Items = 1..2000; Body = { $null = $using:lock; for ($i = 0; $i -lt 20000; $i++) { } }; Reason = 'tied to this machine: .*\$using:lock' }
        @{ What = 'a table that threads share'; Items = 1..2000; Body = { ($using:table)[$_] = 1; for ($i = 0; $i -lt 20000; $i++) { } }; Reason = 'tied to this machine: .*\$using:table' }
        @{ What = 'a live object'; Items = 1..2000; Body = { ($using:process).Refresh(); for ($i = 0; $i -lt 20000; $i++) { } }; Reason = 'tied to this machine: .*\$using:process' }
    ) {
        $lock, $table, $process = [object]::new(), [hashtable]::Synchronized(@{}), (Get-Process -Id $PID)
        $report = $Items | Measure-Bottleneck $Body -ErrorAction SilentlyContinue
        $report.OtherMachinesPay | Should -BeFalse
        $report.OtherMachines | Should -Match $Reason
    }

    It 'says no of items whose methods are called and that arrive without' {
        $report = 1..300 | ForEach-Object { Get-Process -Id $PID } | Measure-Bottleneck -ErrorAction SilentlyContinue { $_.Refresh(); for ($i = 0; $i -lt 20000; $i++) { } }
        $report.OtherMachines | Should -Match 'no, the work is tied to this machine: it calls a method of \$_, a Process'
    }

    It 'says no of a type that was made here' {
        $name = "Made$([guid]::NewGuid().ToString('N'))"
        Add-Type "public static class $name { public static int Get() { return 1; } }"
        $report = 1..2000 | Measure-Bottleneck -ErrorAction Stop ([scriptblock]::Create("for (`$i = 0; `$i -lt 20000; `$i++) { }; [$name]::Get()"))
        $report.OtherMachines | Should -Match "tied to this machine: it names the type \[$name\]"
        $report.Recommendation | Should -Not -Be 'Processes'
    }

    It 'says no where all is done before a worker elsewhere has started' {
        (Measure-Computing { 1..101 | Measure-Bottleneck $burn -TotalCount 101 -SampleCount 100 }).OtherMachines | Should -Match '^no, this machine runs the \d+ items that are left in'
    }

    It 'says nothing of a process that is watched' {
        $report = Measure-Bottleneck -Id $PID -DurationSeconds 1
        $report.OtherMachinesPay, $report.OtherMachines, $report.Hosts.Count | Should -Be $null, $null, 0
        $report | Out-String | Should -Not -Match 'Other machines'
    }

    It 'refuses <What>' -ForEach @(
        @{ What = 'what tells of no machine'; Given = @{ UserName = 'x' }; Id = 'Switchyard.ParameterNeedsAnother' }
        @{ What = 'a name that is none'; Given = @{ HostName = '-oProxyCommand=x' }; Id = 'Switchyard.HostNameNotAllowed' }
        @{ What = 'an object without a name'; Given = @{ HostName = @{ Name = 'x' } }; Id = 'Switchyard.HostNameNotAllowed' }
    ) {
        { 1 | Measure-Bottleneck $burn @Given } | Should -Throw -ErrorId "$Id,Switchyard.Commands.MeasureBottleneckCommand"
    }

    It 'keeps no files of items that would run elsewhere' {
        { 1 | Measure-Bottleneck -FilePath (Get-Pwsh).Path -OutputDirectory "$TestDrive/out" -HostName localhost } |
            Should -Throw -ErrorId 'Switchyard.ParametersExcludeEachOther,*'
    }
}

Describe 'Measure-Bottleneck on other machines' -Skip:([bool]$obstacle) {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'SshHosts.psm1') -Force
        $pathBefore, $cacheBefore = $env:PATH, $env:XDG_CACHE_HOME
        $node1, $node2 = $nodes = @(Start-SshHost -Count 2)
        $env:PATH = "$($node1.ClientPath):$env:PATH"
        $env:XDG_CACHE_HOME = "$TestDrive/cache"
    }

    AfterAll {
        $env:PATH, $env:XDG_CACHE_HOME = $pathBefore, $cacheBefore
        [Switchyard.Core.RemoteWorkers.Client.RemoteWorkerPool]::Shared.Clear()
        Wait-Until { -not ($nodes | ForEach-Object { Get-SshHostProcess $_ }) } | Should -BeTrue -Because 'nothing is left on any host'
        Stop-SshHost $nodes
    }

    It 'finds those that pay and names once what is none' {
        $report = Measure-Computing { 1..5000 | Measure-Bottleneck $burn -HostName node1, no-such-host.invalid, node2 -WarningVariable warned -WarningAction SilentlyContinue; $script:warned = $warned }
        @($script:warned).Count | Should -Be 1
        "$script:warned" | Should -Match '^No worker can be had on no-such-host\.invalid'
        $report.Hosts.HostName | Sort-Object | Should -Be 'node1', 'node2'
        $report.OtherMachines | Should -Match '^yes: node\d, node\d\. With this machine'
        $report.CommandName | Should -Be 'Invoke-ProcessBatch'
        $report.Parameters.HostName | Should -Be @($report.Hosts.HostName; 'localhost')
        $report.Command | Should -Match "^1\.\.5000 \| Invoke-ProcessBatch \`$burn -HostName $($report.Hosts.HostName -join ', '), localhost$"
        $report.ThrottleLimit | Should -Be (3 * [Environment]::ProcessorCount)
        foreach ($there in $report.Hosts) {
            $there | Should -BeOfType Switchyard.BottleneckHost
            $there.Pays | Should -BeTrue
            $there.Cores | Should -Be ([Environment]::ProcessorCount)
            $there.RoundTrip | Should -BeGreaterThan ([timespan]::Zero)
            $there.SendMBPerSecond, $there.ReceiveMBPerSecond | Should -Not -Contain $null
            $there.ExpectedPerSecond | Should -BeGreaterThan 0
            $there.FailedCount | Should -Be 0
        }

        $report | Out-String | Should -Match 'Hosts\s+: node\d: [\d.]+ items/s'
        $report.Hosts | Out-String | Should -Match 'node1\s+True'
        $report.Evidence -match '^node\d has \d+ cores' | Should -HaveCount 2
        $name, $parameters = $report.CommandName, $report.Parameters
        1..3 | & $name @parameters | Should -Be 0, 0, 0
    }

    It 'runs each item once, wherever it does' {
        $folder = (New-Item -ItemType Directory "$TestDrive/$(New-Guid)").FullName
        $report = 1..2000 | Measure-Bottleneck { [IO.File]::AppendAllText("$using:folder/$_", "$env:SWITCHYARD_TEST_HOST`n"); for ($i = 0; $i -lt 20000; $i++) { } } -HostName node1, node2
        $ran = Get-ChildItem $folder | ForEach-Object { , @(Get-Content $_) }
        $ran.Count | Should -Be $report.SampledCount
        $ran | ForEach-Object { $_.Count } | Select-Object -Unique | Should -Be 1
        foreach ($there in $report.Hosts) { @($ran -like "*-$($there.HostName)").Count | Should -Be $there.SampledCount }
    }

    It 'chooses none for <What>' -ForEach @(
        @{ What = 'large items and little to do'; Items = { 1..200 | ForEach-Object { , [byte[]]::new(1MB) } }; Body = { $null = $_ } }
        @{ What = 'what waits'; Items = { 1..500 }; Body = { [Threading.Thread]::Sleep(20) } }
    ) {
        $report = & $Items | Measure-Bottleneck $Body -HostName node1, node2
        $report.OtherMachinesPay | Should -BeFalse
        $report.Hosts.Pays | Should -Be $false, $false
        $report.Command | Should -Not -Match 'HostName'
        $report.Parameters.Keys | Should -Not -Contain 'HostName'
    }

    It 'takes objects of an inventory as they are' {
        $inventory = @{ HostName = 'node1'; Workers = 3 }, [pscustomobject]@{ HostName = $node2.HostName; Port = $node2.Port; UserName = $node2.UserName; KeyFilePath = $node2.KeyFilePath }
        $report = Measure-Computing { 1..5000 | Measure-Bottleneck $burn -HostName $inventory -Options $node2.Options }
        ($report.Hosts | Where-Object HostName -EQ node1).Workers | Should -Be 3
        $report.Parameters.HostName | Should -Contain $inventory[0]
        $report.Parameters.HostName | Should -Contain $inventory[1]
        $report.Parameters.Options | Should -Be $node2.Options
        $report.Command | Should -Match '-HostName \$report\.Parameters\.HostName'
        $name, $parameters = $report.CommandName, $report.Parameters
        1..3 | & $name @parameters | Should -Be 0, 0, 0
    }

    It 'sends the files that are read, and has them in the command' {
        $folder = New-Item -ItemType Directory "$TestDrive/$(New-Guid) it's [1] ü"
        foreach ($i in 1..400) { [IO.File]::WriteAllText("$folder/$i [x].txt", 'text' * 5000) }
        $body = { $text = [IO.File]::ReadAllText($_.FullName); for ($i = 0; $i -lt 100000; $i++) { }; $text.Length }
        $report = Get-ChildItem -LiteralPath $folder | Measure-Bottleneck $body -HostName node1, node2 -PassThru
        $written, $report = $report[0..($report.Count - 2)], $report[-1]
        $written | Select-Object -Unique | Should -Be 20000
        $report.FailedCount | Should -Be 0
        ($report.Hosts | Measure-Object SampledCount -Sum).Sum | Should -BeGreaterThan 0
        $report.Command | Should -Match "-SendFile '\{\}'"
    }

    It 'leaves out one on which the body fails' {
        $report = Measure-Computing { 1..5000 | Measure-Bottleneck { for ($i = 0; $i -lt 20000; $i++) { }; if ($env:SWITCHYARD_TEST_HOST -like '*-node2') { throw 'not here' } } -HostName node1, node2 -ErrorAction SilentlyContinue }
        ($report.Hosts | Where-Object Pays).HostName | Should -Be 'node1' -Because $report.OtherMachines
        $report.Command | Should -Match '-HostName node1, localhost'
    }

    It 'measures this machine as one of them, and no others where it is the only one' {
        $report = 1..5000 | Measure-Bottleneck $burn -HostName localhost
        $report.Hosts.HostName | Should -Be 'localhost'
        $report.OtherMachinesPay | Should -BeFalse
        $report.Command | Should -Not -Match 'HostName'
    }

    It 'measures a program there' {
        $report = 1..2000 | Measure-Bottleneck -FilePath sh -ArgumentList '-c', 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done', '{}' -HostName node1, node2
        $report.FailedCount | Should -Be 0
        $report.Hosts.HostName | Sort-Object | Should -Be 'node1', 'node2'
        $report.Hosts.SampledCount | Should -Not -Contain 0

        # What a child waits for on a busy machine is not known, and counts as waiting.
        if ($report.OtherMachinesPay) {
            $report.Command | Should -Match '^1\.\.2000 \| Invoke-ProcessBatch -FilePath sh .* -HostName node\d, node\d, localhost$'
        }
    }

    It 'is not held up by one that does not answer' {
        Suspend-SshHost $node2
        try {
            $report = 1..3000 | Measure-Bottleneck $burn -HostName node1, node2 -WarningVariable warned -WarningAction SilentlyContinue
        }
        finally {
            Resume-SshHost $node2
        }

        $report.Hosts.HostName | Should -Be 'node1'
        @($warned) -match 'node2' | Should -HaveCount 1
    }
}
