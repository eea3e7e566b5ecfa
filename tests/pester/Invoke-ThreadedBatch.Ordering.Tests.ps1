#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
}

Describe 'Invoke-ThreadedBatch: items, order and width' {
    BeforeEach {
        $footprint = Get-Footprint
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context 'Items' {
        It 'keeps an array that is one item' {
            , (1, 2) | Invoke-ThreadedBatch { $_.GetType().Name; $_.Count } | Should -Be 'Object[]', 2
        }

        It 'keeps several arrays apart' {
            (1, 2), (3, 4, 5) | Invoke-ThreadedBatch { $_.Count } -KeepOrder | Should -Be 2, 3
        }

        It 'keeps an array that is one output' {
            $output = @(1 | Invoke-ThreadedBatch { , (1, 2, 3) })
            $output | Should -HaveCount 1
            $output[0] | Should -Be 1, 2, 3
        }

        It 'takes arrays that a body writes apart, as a pipeline does' {
            @(1 | Invoke-ThreadedBatch { 1, 2, 3 }) | Should -HaveCount 3
        }

        It 'keeps $null as an item' {
            1, $null, 3 | Invoke-ThreadedBatch { $null -eq $_ } -KeepOrder | Should -Be $false, $true, $false
            @($null | Invoke-ThreadedBatch { $null -eq $_ }) | Should -Be $true
        }

        It 'keeps $null as output' {
            $output = @(1 | Invoke-ThreadedBatch { $null; 'x' })
            $output | Should -HaveCount 2
            $null -eq $output[0] | Should -BeTrue
        }

        It 'has nothing for a body that writes nothing' {
            @(1..3 | Invoke-ThreadedBatch { $null = $_ }) | Should -HaveCount 0
        }

        It 'knows the item as $PSItem too' {
            1 | Invoke-ThreadedBatch { $PSItem } | Should -Be 1
        }

        It 'gives the very object, whatever it is' -ForEach @(
            @{ Item = [pscustomobject]@{ A = 1 } }
            @{ Item = @{ A = 1 } }
            @{ Item = [System.IO.FileInfo]::new('/x') }
            @{ Item = [System.Collections.Generic.List[int]]::new() }
        ) {
            $output = , $Item | Invoke-ThreadedBatch { , $_ }
            [object]::ReferenceEquals($output, $Item) | Should -BeTrue
        }

        It 'keeps members that were added to an item' {
            $item = 'text' | Add-Member -NotePropertyName Extra -NotePropertyValue 5 -PassThru
            $item | Invoke-ThreadedBatch { $_.Extra } | Should -Be 5
        }

        It 'takes one item from -InputObject, an array too' {
            Invoke-ThreadedBatch { $_.Count } -InputObject 1, 2, 3 | Should -Be 3
        }

        It 'refuses a script block as an item and goes on with the others' {
            $output = 1, { 2 }, 3 | Invoke-ThreadedBatch { $_ } -KeepOrder -ErrorVariable errors 2>$null
            $output | Should -Be 1, 3
            $errors | Should -HaveCount 1
            $errors[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.ScriptBlockNotAllowed*'
            $errors[0].TargetObject | Should -BeOfType ([scriptblock])
        }

        It 'runs nothing for an empty pipeline' {
            $started = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
            $output = @() | Invoke-ThreadedBatch { 'ran' } -InitializationScript { ($using:started).Add(1) }
            $output | Should -BeNullOrEmpty
            $started | Should -BeNullOrEmpty
        }

        It 'reads files whose names hold "<_>"' -ForEach @(
            ' ', "'", '$x', '`', '[a]', ';', 'ü', '&'
            if (-not $IsWindows) { '"' }
        ) {
            $folder = Join-Path $TestDrive ([guid]::NewGuid())
            $null = New-Item -ItemType Directory -Path $folder
            [System.IO.File]::WriteAllText((Join-Path $folder "a$($_)b.txt"), 'inside')
            Get-ChildItem -LiteralPath $folder | Invoke-ThreadedBatch { $_.Name; Get-Content -LiteralPath $_.FullName } |
                Should -Be "a$($_)b.txt", 'inside'
        }
    }

    Context 'Order' {
        It 'writes what is done first, first' {
            $second = [System.Threading.ManualResetEventSlim]::new()
            $output = 1, 2 | Invoke-ThreadedBatch { if ($_ -eq 1) { $null = ($using:second).Wait(20000) }; $_ } -ThrottleLimit 2 |
                ForEach-Object { if ($_ -eq 2) { $second.Set() }; $_ }
            $output | Should -Be 2, 1
        }

        It 'writes in the order of the input with -KeepOrder, however late the first is' {
            $others = [System.Threading.CountdownEvent]::new(7)
            $output = 1..8 | Invoke-ThreadedBatch {
                if ($_ -eq 1) { $null = ($using:others).Wait(20000) } else { $null = ($using:others).Signal() }
                "$_ a"
                "$_ b"
            } -ThrottleLimit 4 -KeepOrder
            $others.IsSet | Should -BeTrue
            $output | Should -Be (1..8 | ForEach-Object { "$_ a"; "$_ b" })
        }

        It 'keeps all streams in the order of the input with -KeepOrder' {
            $records = 1..20 | Invoke-ThreadedBatch { "o$_"; Write-Warning "w$_"; if ($_ % 3 -eq 0) { throw "t$_" } } -KeepOrder -ThrottleLimit 4 *>&1
            $expected = 1..20 | ForEach-Object { "o$_"; "w$_"; if ($_ % 3 -eq 0) { "t$_" } }
            "$records" | Should -Be "$expected"
        }

        It 'keeps order where some items have no output and some have much' {
            $output = 0..30 | Invoke-ThreadedBatch { for ($i = 0; $i -lt ($_ % 4) * 400; $i++) { $_ } } -KeepOrder -ThrottleLimit 3
            $expected = 0..30 | ForEach-Object { for ($i = 0; $i -lt ($_ % 4) * 400; $i++) { $_ } }
            "$output" | Should -Be "$expected"
        }

        It 'loses and repeats none of 100,000 items' {
            $sum = 1..100000 | Invoke-ThreadedBatch { $_ } | Measure-Object -Sum -Minimum -Maximum
            $sum.Count, $sum.Sum, $sum.Minimum, $sum.Maximum | Should -Be 100000, 5000050000, 1, 100000
        }

        It 'keeps the order of 100,000 items' {
            $output = 1..100000 | Invoke-ThreadedBatch { $_ } -KeepOrder -ThrottleLimit 3
            [System.Linq.Enumerable]::SequenceEqual([int[]]$output, [int[]](1..100000)) | Should -BeTrue
        }
    }

    Context 'Width' {
        It 'runs exactly <_> items at a time with -ThrottleLimit <_>' -ForEach 1, 3, 65 {
            $limit = $_
            $together = [System.Threading.Barrier]::new($limit)
            $room = [System.Threading.SemaphoreSlim]::new($limit)
            $output = 1..(3 * $limit) | Invoke-ThreadedBatch {
                # Each needs all others of its round: fewer at a time never pass. More at a time find no room.
                if (($using:room).Wait(0)) {
                    ($using:together).SignalAndWait(120000) ? 'together' : 'alone'
                    $null = ($using:room).Release()
                }
                else {
                    'too many'
                }
            } -ThrottleLimit $limit
            @($output | Group-Object -NoElement).ForEach({ "$($_.Count) $($_.Name)" }) | Should -Be "$(3 * $limit) together"
        }

        It 'starts no more than -ThrottleLimit items while none has ended' {
            $running = [System.Threading.CountdownEvent]::new(2)
            $release = [System.Threading.ManualResetEventSlim]::new()
            $started = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
            $feed = { 1..6; $null = $running.Wait(20000); "started $($started.Count)"; $release.Set() }
            $output = & $feed | Invoke-ThreadedBatch {
                ($using:started).Add(1)
                $running = $using:running
                if (-not $running.IsSet) { $null = $running.Signal() }
                $null = ($using:release).Wait(20000)
                $_
            } -ThrottleLimit 2
            $output | Should -Contain 'started 2'
            $output | Should -HaveCount 7
        }

        It 'does not read its input far ahead of items that take their time' {
            $fed = @{ Count = 0 }
            $feed = { while ($true) { (++$fed.Count) } }
            $null = & $feed | Invoke-ThreadedBatch { [System.Threading.Thread]::Sleep(50); $_ } -ThrottleLimit 2 | Select-Object -First 3
            $fed.Count | Should -BeGreaterOrEqual 3
            $fed.Count | Should -BeLessOrEqual 200
        }

        It 'has more than one worker for items that wait, without a -ThrottleLimit' {
            $together = [System.Threading.Barrier]::new([Math]::Min(32, [Environment]::ProcessorCount + 4))
            $output = 1..$together.ParticipantCount | Invoke-ThreadedBatch { ($using:together).SignalAndWait(120000) }
            @($output | Where-Object { $_ }) | Should -HaveCount $together.ParticipantCount
        }

        It 'has a limit of its own for each of two batches' {
            $together = [System.Threading.Barrier]::new(4)
            $output = 1, 2 | Invoke-ThreadedBatch {
                $barrier = $using:together
                1, 2 | Invoke-ThreadedBatch { ($using:barrier).SignalAndWait(120000) } -ThrottleLimit 2
            } -ThrottleLimit 2
            $output | Should -Be $true, $true, $true, $true
        }
    }

    Context 'Nesting' {
        It 'nests three deep with one worker each and does not lock up' {
            $output = 1..3 | Invoke-ThreadedBatch {
                $a = $_
                1..3 | Invoke-ThreadedBatch {
                    $b = "$using:a$_"
                    1..3 | Invoke-ThreadedBatch { "$using:b$_" } -ThrottleLimit 1
                } -ThrottleLimit 1
            } -ThrottleLimit 1
            $expected = foreach ($a in 1..3) { foreach ($b in 1..3) { foreach ($c in 1..3) { "$a$b$c" } } }
            $output | Should -Be $expected
        }

        It 'nests wide' {
            $sum = 1..8 | Invoke-ThreadedBatch { 1..200 | Invoke-ThreadedBatch { $_ } -ThrottleLimit 4 } -ThrottleLimit 8 | Measure-Object -Sum
            $sum.Count, $sum.Sum | Should -Be 1600, (8 * 20100)
        }

        It 'can feed another batch' {
            $output = 1..500 | Invoke-ThreadedBatch { $_ * 2 } -KeepOrder | Invoke-ThreadedBatch { $_ + 1 } -KeepOrder
            "$output" | Should -Be "$(1..500 | ForEach-Object { $_ * 2 + 1 })"
        }

        It 'runs in a ForEach-Object -Parallel of the caller' {
            $module = Get-BuiltManifest
            $output = 1..3 | ForEach-Object -Parallel {
                # Not $using: in the inner block: ForEach-Object -Parallel takes all of them for its own.
                Import-Module $using:module
                1..3 | Invoke-ThreadedBatch { param($outer) "$outer$_" } -KeepOrder -ArgumentList $_
            }
            $output | Sort-Object | Should -Be '11', '12', '13', '21', '22', '23', '31', '32', '33'
        }
    }
}
