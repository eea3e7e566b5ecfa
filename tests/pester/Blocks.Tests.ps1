#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    $commands = 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch', 'Invoke-Batch'
}

# The programs are those of Unix; what is cut where is tested without them.
Describe 'One stream in blocks' -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $lines = 1..5000 | ForEach-Object { "line $_ äöü €" }
        $log = "$TestDrive/big log"
        [System.IO.File]::WriteAllLines($log, [string[]] $lines)
        $length = (Get-Item $log).Length

        function Get-Joined {
            # What programs wrote as bytes, one after the other.
            param($Blocks)

            , [byte[]] @($Blocks | ForEach-Object { $_ })
        }
    }

    BeforeEach {
        $footprint = Get-Footprint
        $ErrorActionPreference = 'Continue'
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context 'What is piped in' {
        It 'reaches the programs in blocks that are together the stream: <_>' -ForEach $commands {
            $got = $lines | & $_ -FilePath cat -InputMode Block -BlockSize 10kb -KeepOrder
            $got | Should -Be $lines
        }

        It 'is cut at the first line end from that size on' {
            $results = $lines | Invoke-ThreadedBatch -FilePath wc -ArgumentList '-c' -InputMode Block -BlockSize 10kb -AsResult -KeepOrder
            $results.InputObject | ForEach-Object { $_ -is [Switchyard.InputBlock] } | Should -Not -Contain $false
            $results | Select-Object -SkipLast 1 | ForEach-Object { $_.InputObject.Length -ge 10kb -and $_.InputObject.Length -lt 10kb + 30 } | Should -Not -Contain $false
            $results | ForEach-Object { [long]$_.Output[0].Trim() } | Should -Be ($results | ForEach-Object { $_.InputObject.Length })
            ($results.InputObject | Measure-Object Length -Sum).Sum | Should -Be $length
            $offset = 0
            foreach ($block in $results.InputObject) {
                $block.Offset | Should -Be $offset
                $block.Path | Should -BeNullOrEmpty
                $offset += $block.Length
            }
        }

        It 'is a megabyte a block where no size is given' {
            $many = 1..3 | ForEach-Object { 'x' * 700000 }
            ($many | Invoke-ThreadedBatch -FilePath wc -ArgumentList '-c' -InputMode Block -KeepOrder).Trim() | Should -Be 1400002, 700001
        }

        It 'may be lines, texts of several, arrays of lines, or bytes' {
            'a', "b`nc`n", '', @(, [object[]]('d', 'e')), [byte[]][char[]]"f`ng" | Invoke-ThreadedBatch -FilePath cat -InputMode Block -ThrottleLimit 1 |
                Should -Be 'a', 'b', 'c', '', 'd', 'e', 'f', 'g'
            $bytes = [byte[]](0..255) * 40
            $got = Get-Content $log -AsByteStream -ReadCount 1000 | Invoke-ThreadedBatch -FilePath cat -InputMode Block -BlockSize 7kb -KeepOrder -AsByteStream
            (Get-Joined $got).Count | Should -Be $length
            $got = , $bytes | Invoke-ThreadedBatch -FilePath cat -InputMode Block -BlockSize 1000 -KeepOrder -AsByteStream
            [Convert]::ToHexString((Get-Joined $got)) | Should -Be ([Convert]::ToHexString($bytes))
        }

        It 'is read no further than blocks are wanted' {
            $read = [System.Runtime.CompilerServices.StrongBox[int]]::new(0)
            & { while ($true) { $read.Value++; 'x' * 1000 } } | Invoke-ThreadedBatch -FilePath wc -ArgumentList '-l' -InputMode Block -BlockSize 100kb -ThrottleLimit 2 | Select-Object -First 2 | Should -HaveCount 2
            $read.Value | Should -BeLessThan 3000
        }

        It 'runs no program where it is empty' {
            @() | Invoke-ThreadedBatch -FilePath wc -InputMode Block | Should -BeNullOrEmpty
        }

        It 'is one block where it is from a queue' {
            $queue = New-SharedState -Kind Queue
            $queue.Enqueue('a'); $queue.Enqueue('b'); $queue.Complete()
            $queue | Invoke-ThreadedBatch -FilePath wc -ArgumentList '-c' -InputMode Block -AsResult | Should -HaveCount 2
        }
    }

    Context 'Files' {
        It 'are cut without a line or byte lost or changed: <_>' -ForEach $commands {
            $got = Get-Item $log | & $_ -FilePath cat -InputMode Block -BlockSize 10kb -KeepOrder -AsByteStream
            [Convert]::ToHexString((Get-Joined $got)) | Should -Be ([Convert]::ToHexString([System.IO.File]::ReadAllBytes($log)))
        }

        It 'are one block for each worker where no size is given' {
            $results = Get-Item $log | Invoke-ThreadedBatch -FilePath wc -ArgumentList '-l' -InputMode Block -ThrottleLimit 4 -AsResult
            $results | Should -HaveCount 4
            ($results.Output | Measure-Object -Sum).Sum | Should -Be 5000
            ($results.InputObject | Measure-Object Length -Maximum).Maximum | Should -BeLessThan ($length / 4 + 30)
        }

        It 'say where each block is' {
            $failed = Get-Item $log | Invoke-ThreadedBatch -FilePath grep -ArgumentList 'line 5000 ' -InputMode Block -ThrottleLimit 2 -AsResult -KeepOrder
            $failed.Status | Should -Be 'Failed', 'Succeeded'
            $block = $failed[0].InputObject
            $block.Path | Should -Be (Get-Item $log).FullName
            $block.Offset | Should -Be 0
            "$block" | Should -Be "big log[0..$($block.Length - 1)]"
            $failed[0].Errors[0].TargetObject | Should -Be $block
            $failed[0].Errors[0].Exception.Message | Should -BeLike 'big log`[0..*'
            $failed[1].InputObject.Offset | Should -Be $block.Length
        }

        It 'give arguments what is known of the block' {
            Get-Item $log | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', 'cat > /dev/null; echo $1 $2', 'sh', '{#}', { $_.Offset } -InputMode Block -BlockSize 70kb -KeepOrder |
                Select-Object -First 1 | Should -Be '1 0'
        }

        It 'are each cut by itself, after what came before' {
            $small = "$TestDrive/small"
            [System.IO.File]::WriteAllText($small, "s`r`nt")
            [System.IO.File]::WriteAllText("$TestDrive/empty", '')
            'before', (Get-Item $small), (Get-Item "$TestDrive/empty"), 'after' | Invoke-ThreadedBatch -FilePath od -ArgumentList '-An', '-c' -InputMode Block -BlockSize 100 -KeepOrder |
                ForEach-Object { $_ -replace '\s' } | Should -Be 'before\n', 's\r\nt', 'after\n'
        }

        It 'feed a program that stops reading no further' {
            Get-Item $log | Invoke-ThreadedBatch -FilePath head -ArgumentList '-n1' -InputMode Block -ThrottleLimit 2 -KeepOrder | Should -HaveCount 2
        }

        It 'come to other machines' {
            $far = @{ LaunchCommand = 'env'; WorkersPerHost = 2; PowerShellPath = (Get-Pwsh).Path }
            $counts = Get-Item $log | Invoke-ProcessBatch @far -FilePath wc -ArgumentList '-l' -InputMode Block -BlockSize 20kb
            ($counts | Measure-Object -Sum).Sum | Should -Be 5000
            ($lines | Invoke-ProcessBatch @far -FilePath wc -ArgumentList '-l' -InputMode Block -BlockSize 20kb | Measure-Object -Sum).Sum | Should -Be 5000
        }
    }

    Context 'When something goes wrong' {
        It 'feeds a block that failed again' {
            $flag = "$TestDrive/flag"
            $got = $lines | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', "test -e '$flag' || { : > '$flag'; head -n1 > /dev/null; exit 3; }; cat" -InputMode Block -BlockSize 40kb -RetryCount 1 -RetryDelaySeconds 0 -KeepOrder
            $got | Should -Be $lines
            Remove-Item $flag
            $results = Get-Item $log | Invoke-ThreadedBatch -FilePath sh -ArgumentList '-c', "test -e '$flag' || { : > '$flag'; exit 3; }; wc -l" -InputMode Block -ThrottleLimit 1 -BlockSize 40kb -AsResult -RetryCount 1 -RetryDelaySeconds 0
            ($results.Output | Measure-Object -Sum).Sum | Should -Be 5000
            ($results.Attempts | Measure-Object -Maximum).Maximum | Should -Be 2
        }

        It 'takes blocks again that are piped in' {
            $failed = Get-Item $log | Invoke-ThreadedBatch -FilePath false -InputMode Block -BlockSize 40kb -AsResult -KeepOrder
            ($failed.InputObject | Invoke-ThreadedBatch -FilePath wc -ArgumentList '-l' -InputMode Block | Measure-Object -Sum).Sum | Should -Be 5000
            ($failed[0].InputObject | Invoke-ThreadedBatch -FilePath wc -ArgumentList '-c' -InputMode Item).Trim() | Should -Be $failed[0].InputObject.Length
        }

        It 'goes on by a journal, which knows the blocks' {
            $journal = "$TestDrive/journal"
            $first = Get-Item $log | Invoke-ThreadedBatch -FilePath grep -ArgumentList 'line 4999 ' -InputMode Block -BlockSize 20kb -JournalPath $journal -AsResult -ErrorAction SilentlyContinue
            @($first | Where-Object Status -EQ Succeeded).Count | Should -Be 1
            $rest = Get-Item $log | Invoke-ThreadedBatch -FilePath wc -ArgumentList '-l' -InputMode Block -BlockSize 20kb -JournalPath $journal -Resume -WarningAction SilentlyContinue
            $rest | Should -HaveCount ($first.Count - 1)
            Get-BatchJournal $journal | Where-Object { $_.Run -eq 1 -and $_.Status -ne 'Succeeded' } | Invoke-ThreadedBatch -FilePath cat -InputMode Block | Should -HaveCount ($rest | Measure-Object -Sum).Sum
            $lines | Invoke-ThreadedBatch -FilePath wc -InputMode Block -BlockSize 20kb -JournalPath "$journal 2" | Should -Not -BeNullOrEmpty
            $lines | Invoke-ThreadedBatch -FilePath wc -InputMode Block -BlockSize 20kb -JournalPath "$journal 2" -Resume | Should -BeNullOrEmpty
        }

        It 'refuses <Name>, and goes on' -ForEach @(
            @{ Name = 'a folder'; Make = { New-Item -ItemType Directory "$TestDrive/folder" -Force }; Why = '*folder*' }
            @{ Name = 'a file of UTF-16'; Make = { [System.IO.File]::WriteAllText("$TestDrive/wide", "a`nb`n", [System.Text.Encoding]::Unicode); Get-Item "$TestDrive/wide" }; Why = '*UTF-16*' }
            @{ Name = 'a file that is gone'; Make = { [System.IO.FileInfo]"$TestDrive/gone" }; Why = '*gone*' }
        ) {
            (& $Make), 'x' | Invoke-ThreadedBatch -FilePath cat -InputMode Block -ErrorVariable failures -ErrorAction SilentlyContinue | Should -Be 'x'
            $failures | Should -HaveCount 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.FileNotCut*'
            $failures[0].Exception.Message | Should -BeLike $Why
            (& $Make), 'x' | Invoke-ThreadedBatch -FilePath cat -InputMode Block -AsResult -KeepOrder | ForEach-Object Status | Should -Be 'Failed', 'Succeeded'
        }

        It 'refuses a file whose length is not told' -Skip:(-not $IsLinux) {
            { Get-Item /proc/self/status | Invoke-ThreadedBatch -FilePath cat -InputMode Block -ErrorAction Stop } | Should -Throw -ErrorId 'Switchyard.FileNotCut*'
        }

        It 'fails a block of a file that has become shorter' {
            $shrinking = "$TestDrive/shrinking"
            [System.IO.File]::WriteAllLines($shrinking, [string[]] $lines)

            # Evaluated when the block has been cut and was not fed yet.
            $empty = { $null = [System.IO.File]::WriteAllText((Get-Variable shrinking -ValueOnly), ''); '-' }
            $result = Get-Item $shrinking | Invoke-ThreadedBatch -FilePath cat -ArgumentList $empty -InputMode Block -BlockSize 1mb -AsResult
            $result.Status | Should -Be 'Failed'
            $result.Errors[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.StreamFailed*'
            $result.Errors[0].Exception.Message | Should -BeLike '*shorter*'
        }

        It 'refuses an encoding in which a line end is not one byte' {
            { 'a' | Invoke-ThreadedBatch -FilePath cat -InputMode Block -Encoding unicode } | Should -Throw -ErrorId 'Switchyard.BlockEncodingNotAllowed,*'
            'ä' | Invoke-ThreadedBatch -FilePath od -ArgumentList '-An', '-tx1' -InputMode Block -Encoding latin1 | ForEach-Object Trim | Should -Be 'e4 0a'
        }

        It 'is not measured' {
            { 'a' | Measure-Bottleneck -FilePath cat -InputMode Block } | Should -Throw -ErrorId 'Switchyard.BlocksNotMeasured,*'
        }
    }

    It 'says what would run for each block' {
        $said = Invoke-Shell -ArgumentList $log { param($log) Get-Item $log | Invoke-ThreadedBatch -FilePath false -InputMode Block -BlockSize 60kb -WhatIf -AsResult }
        $said.Output | Should -BeNullOrEmpty
    }

    It 'is the input of a job' {
        $job = $lines | Invoke-ThreadedBatch -FilePath wc -ArgumentList '-l' -InputMode Block -BlockSize 20kb -AsJob
        ($job | Wait-Job | Receive-Job -Wait -AutoRemoveJob | Measure-Object -Sum).Sum | Should -Be 5000
    }
}
