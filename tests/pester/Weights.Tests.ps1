#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    # Runs items one after the other, of which the first is at work while all others are read: those are free to be ordered.
    function Get-StartOrder {
        param([object[]] $Item, [hashtable] $With = @{ WeightProperty = 'Size' })

        $started, $allRead = [System.Threading.ManualResetEventSlim]::new(), [System.Threading.ManualResetEventSlim]::new()
        & { $Item[0]; $null = $started.Wait(20000); $Item | Select-Object -Skip 1; $allRead.Set() } |
            Invoke-ThreadedBatch { ($using:started).Set(); $null = ($using:allRead).Wait(20000); $_.Name } -ThrottleLimit 1 @With
    }
}

Describe 'Items whose size is known' {
    BeforeEach {
        $footprint = Get-Footprint
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context 'By -WeightProperty' {
        It 'starts the heaviest of what was read first: <Name>' -ForEach @(
            @{ Name = 'custom objects'; Items = { foreach ($size in 99, 1, 30, 2.5, 7) { [pscustomobject]@{ Name = $size; Size = $size } } } }
            @{ Name = 'hashtables'; Items = { foreach ($size in 99, 1, 30, 2.5, 7) { @{ Name = $size; Size = $size } } } }
            @{ Name = 'texts of a table'; Items = { "Name,Size`n99,99`n1,1`n30,30`n2.5,2.5`n7,7" | ConvertFrom-Csv } }
            @{ Name = 'a property that is a script'; Items = { foreach ($size in 99, 1, 30, 2.5, 7) { [pscustomobject]@{ Name = $size } | Add-Member ScriptProperty Size { $this.Name } -PassThru } } }
            @{ Name = 'times'; Items = { foreach ($size in 99, 1, 30, 2.5, 7) { [pscustomobject]@{ Name = $size; Size = [timespan]::FromSeconds($size) } } } }
            @{ Name = 'wrapped numbers'; Items = { foreach ($size in 99, 1, 30, 2.5, 7) { [pscustomobject]@{ Name = $size; Size = [psobject]::AsPSObject($size) } } } }
        ) {
            Get-StartOrder (& $Items) 3>&1 | Should -Be 99, 30, 7, 2.5, 1
        }

        It 'keeps the order of the input among equals, and takes any finite number' {
            $items = foreach ($size in 0, -5, 3, -5, 1e300, 3) { [pscustomobject]@{ Name = "$size-$(($n++))"; Size = $size } }
            Get-StartOrder $items | Should -Be '0-0', '1E+300-4', '3-2', '3-5', '-5-1', '-5-3'
        }

        It 'starts what holds no number before what does, and says so once' {
            $items = @(
                [pscustomobject]@{ Name = 'a'; Size = 1 }
                [pscustomobject]@{ Name = 'b'; Size = 2 }
                [pscustomobject]@{ Name = 'c' }
                [pscustomobject]@{ Name = 'd'; Size = $null }
                [pscustomobject]@{ Name = 'e'; Size = 'large' }
                [pscustomobject]@{ Name = 'f'; Size = [double]::NaN }
                [pscustomobject]@{ Name = 'g' } | Add-Member ScriptProperty Size { throw 'no' } -PassThru
                [pscustomobject]@{ Name = 'h'; Size = '' }
            )
            Get-StartOrder $items 3>$null | Should -Be a, c, d, e, f, g, h, b
            $warnings = @(Get-StartOrder $items 3>&1 | Where-Object { $_ -is [System.Management.Automation.WarningRecord] })
            $warnings | Should -HaveCount 1
            $warnings[0].Message | Should -BeLike '*-WeightProperty Size*c*'
        }

        It 'runs all in the order of the input where no item has the property' {
            $items = foreach ($name in 'a', 'b', 'c') { [pscustomobject]@{ Name = $name } }
            Get-StartOrder $items 3>$null | Should -Be a, b, c
            @(1, $null, 'x' | Invoke-ThreadedBatch { "$_" } -WeightProperty Size -ThrottleLimit 1 3>$null) | Should -Be '1', '', 'x'
        }

        It 'gives results the index of the input' {
            $items = foreach ($size in 9, 1, 3, 2) { [pscustomobject]@{ Name = $size; Size = $size } }
            $results = Get-StartOrder $items -With @{ WeightProperty = 'Size'; AsResult = $true }
            $results.Output | Should -Be 9, 3, 2, 1
            $results.Index | Should -Be 0, 2, 3, 1
        }

        It 'skips what comes after too many failures, each in its place' {
            $items = foreach ($size in 9, 1, 3, 2) { [pscustomobject]@{ Name = $size; Size = $size } }
            $allRead = [System.Threading.ManualResetEventSlim]::new()
            $results = & { $items; $allRead.Set() } | Invoke-ThreadedBatch { $null = ($using:allRead).Wait(20000); if ($_.Size -eq 3) { throw 'bad' } } -ThrottleLimit 1 -WeightProperty Size -AsResult -MaxFailures 1 -ErrorAction SilentlyContinue
            ($results | Sort-Object Index).Status | Should -Be Succeeded, Skipped, Failed, Skipped
        }

        It 'goes on after a stop with what was not done' {
            $journal = Join-Path $TestDrive 'weights.jsonl'
            $items = foreach ($size in 9, 1, 3, 2) { [pscustomobject]@{ Name = $size; Size = $size } }
            Get-StartOrder $items -With @{ WeightProperty = 'Size'; JournalPath = $journal } | Should -Be 9, 3, 2, 1
            $more = @($items) + @([pscustomobject]@{ Name = 5; Size = 5 }, [pscustomobject]@{ Name = 8; Size = 8 })
            $results = $more | Invoke-ThreadedBatch { $_.Size } -WeightProperty Size -JournalPath $journal -Resume -AsResult
            ($results | Where-Object Status -eq Succeeded | Sort-Object Index).Output | Should -Be 5, 8
            ($results | Sort-Object Index).Status | Should -Be Skipped, Skipped, Skipped, Skipped, Succeeded, Succeeded
        }

        It 'orders a job' {
            $items = foreach ($size in 9, 1, 3, 2) { [pscustomobject]@{ Name = $size; Size = $size } }
            $job = Get-StartOrder $items -With @{ WeightProperty = 'Size'; AsJob = $true }
            Wait-Job $job | Receive-Job -Wait -AutoRemoveJob | Should -Be 9, 3, 2, 1
        }

        It 'orders processes' {
            $items = foreach ($size in @(9) + @(1) * 40 + @(3, 2)) { [pscustomobject]@{ Size = $size } }
            $gate = Join-Path $TestDrive 'all-read'
            & { $items; $null = New-Item $gate } | Invoke-ProcessBatch { while (-not (Test-Path -LiteralPath $using:gate)) { [System.Threading.Thread]::Sleep(5) }; $_.Size } -ThrottleLimit 1 -WeightProperty Size |
                Should -Be (@(9, 3, 2) + @(1) * 40)
        }

        It 'orders programs' {
            $items = foreach ($size in 9, 1, 3, 2) { [pscustomobject]@{ Size = $size } }
            $allRead = [System.Threading.ManualResetEventSlim]::new()
            $pwsh = Get-Pwsh
            $results = & { $items; $allRead.Set() } |
                Invoke-ThreadedBatch -FilePath $pwsh.Program -ArgumentList (@($pwsh.Before) + @('-NoProfile', '-Command', { "$($_.Size)" })) -ThrottleLimit 1 -WeightProperty Size -AsResult
            # The first may have been started before the others were read.
            $results.Index | Select-Object -Skip 1 | Should -Be 2, 3, 1
        }

        It 'reads an endless input no further than it must' {
            $read = [int[]]::new(1)
            $first = & { for ($i = 0; ; $i++) { $read[0] = $i; [pscustomobject]@{ Size = $i } } } | Invoke-ThreadedBatch { $_.Size } -WeightProperty Size -ThrottleLimit 2 | Select-Object -First 3
            $first | Should -HaveCount 3
            $read[0] | Should -BeLessOrEqual 20000
        }

        It 'does not go with -KeepOrder' {
            { 1 | Invoke-ThreadedBatch { $_ } -KeepOrder -WeightProperty Size } | Should -Throw -ErrorId 'Switchyard.ParametersExcludeEachOther*'
            1 | Invoke-ThreadedBatch { $_ } -KeepOrder:$false -WeightProperty Size 3>$null | Should -Be 1
        }

        It 'runs nothing with -WhatIf' {
            [pscustomobject]@{ Size = 1 } | Invoke-ThreadedBatch { 'ran' } -WeightProperty Size -WhatIf 6>$null | Should -BeNullOrEmpty
        }
    }

    Context 'Files' {
        BeforeAll {
            $folder = New-Item (Join-Path $TestDrive 'files') -ItemType Directory
            foreach ($length in 1000, 5, 300, 0, 70, 200) {
                [System.IO.File]::WriteAllBytes((Join-Path $folder "$length"), [byte[]]::new($length))
            }

            # The largest holds one of two workers to the end, so the other takes the rest; what it took before all were read is left out.
            function Get-FileOrder {
                param([object[]] $File, [hashtable] $With = @{})

                $allRead = [System.Threading.ManualResetEventSlim]::new()
                $othersDone = [System.Threading.CountdownEvent]::new($File.Count - 1)
                $order = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
                & { $File; $allRead.Set() } | Invoke-ThreadedBatch {
                    $order = $using:order
                    $order.Enqueue($_.Name)
                    $null = ($using:allRead).Wait(20000)
                    if ($_.Name -eq '1000') { $null = ($using:othersDone).Wait(20000) } else { $null = ($using:othersDone).Signal() }
                } -ThrottleLimit 2 @With

                # The largest is the first of all to be taken, but its worker may be long in coming to it.
                $order.ToArray() -ne '1000' | Select-Object -Skip 1
            }
        }

        It 'starts the largest of what was read first: <Name>' -ForEach @(
            @{ Name = 'Get-ChildItem'; Files = { param($folder) Get-ChildItem $folder | Sort-Object { $_.Name -ne '1000' } } }
            @{ Name = 'of their own'; Files = { param($folder) 1000, 5, 300, 0, 70, 200 | ForEach-Object { [System.IO.FileInfo]::new((Join-Path $folder $_)) } } }
        ) {
            $order = [int[]](Get-FileOrder @(& $Files $folder))
            $order | Should -HaveCount 4
            $order | Should -Be ($order | Sort-Object -Descending)
        }

        It 'keeps their order with <Name>' -ForEach @(
            @{ Name = '-KeepOrder'; With = @{ KeepOrder = $true } }
            @{ Name = 'a worker only'; With = @{ ThrottleLimit = 1 } }
        ) {
            $allRead = [System.Threading.ManualResetEventSlim]::new()
            & { Get-ChildItem $folder | Sort-Object Length; $allRead.Set() } | Invoke-ThreadedBatch { $null = ($using:allRead).Wait(20000); $_.Name } @With | Should -Be 0, 5, 70, 200, 300, 1000
        }

        It 'leaves what a file says of itself to its body' {
            $path = Join-Path $TestDrive 'made-later'
            [System.IO.FileInfo]::new($path) | Invoke-ThreadedBatch { [System.IO.File]::WriteAllText($_.FullName, 'xyz'); $_.Length } | Should -Be 3
        }

        It 'runs what is gone, and what is no file' {
            $gone = New-Item (Join-Path $TestDrive 'gone')
            Remove-Item $gone
            @($gone, [System.IO.FileInfo]::new($gone.FullName), (Get-Item $folder), 1 | Invoke-ThreadedBatch { "$_" } -ErrorAction Stop) | Should -HaveCount 4
        }
    }
}
