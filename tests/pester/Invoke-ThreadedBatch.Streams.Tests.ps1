#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeDiscovery {
    $letsThrough = @(
        @{ Name = 'Write-Verbose -Verbose'; Body = { Write-Verbose 'said' -Verbose } }
        @{ Name = 'a command that is verbose by its parameter'; Body = { & { [CmdletBinding()] param() Write-Verbose 'said' } -Verbose } }
        @{ Name = '$VerbosePreference'; Body = { $VerbosePreference = 'Continue'; Write-Verbose 'said' } }
        @{ Name = 'Write-Debug -Debug'; Body = { Write-Debug 'said' -Debug } }
        @{ Name = '$DebugPreference'; Body = { $DebugPreference = 'Continue'; Write-Debug 'said' } }
        @{ Name = 'Write-Warning -WarningAction'; Body = { Write-Warning 'said' -WarningAction Continue } }
        @{ Name = '$WarningPreference'; Body = { $WarningPreference = 'Continue'; Write-Warning 'said' } }
    )
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
}

Describe 'Invoke-ThreadedBatch: streams' {
    BeforeEach {
        $footprint = Get-Footprint
        $VerbosePreference = 'SilentlyContinue'
        $DebugPreference = 'SilentlyContinue'
        $WarningPreference = 'Continue'
        $InformationPreference = 'SilentlyContinue'
        $ErrorActionPreference = 'Continue'
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context 'Redirection' {
        It 'sends <Name> where <Operator> says' -ForEach @(
            @{ Name = 'errors'; Operator = '2>&1'; Type = 'ErrorRecord'; Run = { 7 | Invoke-ThreadedBatch { Write-Error "said $_" } 2>&1 } }
            @{ Name = 'warnings'; Operator = '3>&1'; Type = 'WarningRecord'; Run = { 7 | Invoke-ThreadedBatch { Write-Warning "said $_" } 3>&1 } }
            @{ Name = 'verbose messages'; Operator = '4>&1'; Type = 'VerboseRecord'; Run = { 7 | Invoke-ThreadedBatch { Write-Verbose "said $_" } -Verbose 4>&1 } }
            @{ Name = 'debug messages'; Operator = '5>&1'; Type = 'DebugRecord'; Run = { 7 | Invoke-ThreadedBatch { Write-Debug "said $_" } -Debug 5>&1 } }
            @{ Name = 'information'; Operator = '6>&1'; Type = 'InformationRecord'; Run = { 7 | Invoke-ThreadedBatch { Write-Information "said $_" } 6>&1 } }
            @{ Name = 'Write-Host'; Operator = '6>&1'; Type = 'InformationRecord'; Run = { 7 | Invoke-ThreadedBatch { Write-Host "said $_" } 6>&1 } }
        ) {
            $records = @(& $Run)
            $records | Should -HaveCount 1
            $records[0].GetType().Name | Should -Be $Type
            "$($records[0])" | Should -Be 'said 7'
        }

        It 'keeps what an item writes to different streams in the order of writing' {
            $records = 1 | Invoke-ThreadedBatch {
                'one'
                Write-Warning 'two'
                'three'
                Write-Error 'four'
                Write-Host 'five'
                'six'
            } *>&1
            "$records" | Should -Be 'one two three four five six'
        }

        It 'leaves output alone when other streams are discarded' {
            $output = 1..3 | Invoke-ThreadedBatch { Write-Warning 'no'; Write-Error 'no'; Write-Host 'no'; $_ } -KeepOrder 2>$null 3>$null 6>$null
            $output | Should -Be 1, 2, 3
        }

        It 'writes a stream to a file' {
            $file = Join-Path $TestDrive 'warnings.txt'
            1..3 | Invoke-ThreadedBatch { Write-Warning "number $_" } -KeepOrder 3> $file
            Get-Content -LiteralPath $file | Should -Be 'number 1', 'number 2', 'number 3'
        }

        It 'keeps tags, source and colours of information' {
            $tagged, $coloured = 1 | Invoke-ThreadedBatch {
                Write-Information 'a' -Tags 'x', 'y'
                Write-Host 'b' -ForegroundColor Red
            } 6>&1
            $tagged.Tags | Should -Be 'x', 'y'
            $coloured.MessageData.ForegroundColor | Should -Be 'Red'
        }
    }

    Context 'Preferences' {
        It 'says nothing verbose unless asked' {
            1 | Invoke-ThreadedBatch { Write-Verbose 'v'; Write-Debug 'd' } 4>&1 5>&1 | Should -BeNullOrEmpty
        }

        It 'follows $VerbosePreference' {
            $VerbosePreference = 'Continue'
            1 | Invoke-ThreadedBatch { Write-Verbose 'v' } 4>&1 | Should -HaveCount 1
        }

        It 'follows $DebugPreference' {
            $DebugPreference = 'Continue'
            1 | Invoke-ThreadedBatch { Write-Debug 'd' } 5>&1 | Should -HaveCount 1
        }

        It 'lets -Verbose:$false outrank $VerbosePreference' {
            $VerbosePreference = 'Continue'
            1 | Invoke-ThreadedBatch { Write-Verbose 'v' } -Verbose:$false 4>&1 | Should -BeNullOrEmpty
        }

        It 'lets a command in the body be verbose by its own parameter when the batch is' {
            $records = 1 | Invoke-ThreadedBatch { & { [CmdletBinding()] param() Write-Verbose 'inner' } -Verbose } -Verbose 4>&1
            $records.Message | Should -Contain 'inner'
        }

        It 'follows $WarningPreference' {
            $WarningPreference = 'SilentlyContinue'
            1 | Invoke-ThreadedBatch { Write-Warning 'w' } 3>&1 | Should -BeNullOrEmpty
        }

        It 'is silent but remembers with -WarningAction SilentlyContinue -WarningVariable' {
            $shown = 1..3 | Invoke-ThreadedBatch { Write-Warning "w$_" } -KeepOrder -WarningAction SilentlyContinue -WarningVariable heard 3>&1
            $shown | Should -BeNullOrEmpty
            $heard.Message | Should -Be 'w1', 'w2', 'w3'
        }

        It 'shows what the body itself lets through: <Name>' -ForEach $letsThrough {
            $WarningPreference = 'SilentlyContinue'
            "$(1 | ForEach-Object $Body *>&1)" | Should -Be 'said'
            "$(1 | Invoke-ThreadedBatch $Body *>&1)" | Should -Be 'said'
            (1 | Invoke-ThreadedBatch $Body -Verbose:$false -Debug:$false *>&1) | Should -HaveCount 1
            $results = 1, 2 | Invoke-ThreadedBatch $Body -AsResult *>&1
            @($results | Where-Object { $_ -is [Switchyard.BatchResult] }) | Should -HaveCount 2
            @($results | Where-Object { "$_" -eq 'said' }) | Should -HaveCount 2
        }

        It 'shows what the body itself lets through from another process' -ForEach @{ All = $letsThrough } {
            # One process for all of them.
            $WarningPreference = 'SilentlyContinue'
            foreach ($case in $All) {
                "$(1 | Invoke-ProcessBatch $case.Body -ThrottleLimit 1 *>&1)" | Should -Be 'said' -Because $case.Name
            }
        }

        It 'shows at the host what the body informs of by its own preference' {
            $script = {
                param($module)
                Import-Module $module
                $bodies = { $InformationPreference = 'SilentlyContinue'; Write-Information 'said' -InformationAction Continue; Write-Host 'host' },
                    { $InformationPreference = 'Continue'; Write-Information 'said'; Write-Host 'host' }
                foreach ($command in 'ForEach-Object', 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch') {
                    foreach ($body in $bodies) {
                        [Console]::WriteLine($command)
                        1 | & $command $body
                        [Console]::WriteLine('redirected')
                        1 | & $command $body 6>$null
                    }
                }
            }
            $shown = Invoke-Pwsh -NoProfile -Command "& { $script } '$(Get-BuiltManifest)'"
            $shown | Should -Be @('ForEach-Object', 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch' | ForEach-Object { (@($_, 'said', 'host', 'redirected') * 2) })
        }

        It 'shows a warning with -WarningVariable only if the body asks for that' {
            $shown = 1 | Invoke-ThreadedBatch { Write-Warning 'a'; Write-Warning 'b' -WarningAction Continue } -WarningAction SilentlyContinue -WarningVariable heard 3>&1
            "$shown" | Should -Be 'b'
            "$heard" | Should -Be 'a b'
        }

        It 'asks nothing with -Debug' {
            foreach ($command in 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch') {
                $records = 1 | & $command { Write-Warning 'w'; Write-Debug 'd'; Write-Verbose 'v'; $_ } -Debug *>&1
                "$records" | Should -Be 'w d 1'
            }

            $WarningPreference = 'SilentlyContinue'
            "$(1 | Invoke-ThreadedBatch { Write-Warning 'w'; Write-Debug 'd' } -Debug *>&1)" | Should -Be 'd'
            "$(1 | Invoke-ThreadedBatch { Write-Warning 'w'; Write-Debug 'd' } -Debug -WarningAction Continue *>&1)" | Should -Be 'w d'
        }

        It 'ends at the first warning with -WarningAction Stop' {
            { 1..3 | Invoke-ThreadedBatch { Write-Warning 'stop here' } -WarningAction Stop 3>$null } | Should -Throw '*stop here*'
        }

        It 'keeps information with -InformationVariable' {
            1..2 | Invoke-ThreadedBatch { Write-Information "i$_" } -KeepOrder -InformationVariable heard
            "$($heard.MessageData)" | Should -Be 'i1 i2'
        }

        It 'has no information to redirect with -InformationAction Ignore' {
            1 | Invoke-ThreadedBatch { Write-Information 'i' } -InformationAction Ignore 6>&1 | Should -BeNullOrEmpty
        }

        It 'ends at information with -InformationAction Stop' {
            { 1..3 | Invoke-ThreadedBatch { Write-Information 'stop here' } -InformationAction Stop 6>$null } | Should -Throw '*stop here*'
        }

        It 'is silent but remembers with -ErrorAction SilentlyContinue -ErrorVariable' {
            $shown = 1..3 | Invoke-ThreadedBatch { Write-Error "e$_" } -KeepOrder -ErrorAction SilentlyContinue -ErrorVariable heard 2>&1
            $shown | Should -BeNullOrEmpty
            "$heard" | Should -Be 'e1 e2 e3'
        }

        It 'adds to what -ErrorVariable held with a plus' {
            1 | Invoke-ThreadedBatch { Write-Error 'first' } -ErrorAction SilentlyContinue -ErrorVariable heard
            1 | Invoke-ThreadedBatch { Write-Error 'second' } -ErrorAction SilentlyContinue -ErrorVariable +heard
            "$heard" | Should -Be 'first second'
        }

        It 'leaves nothing in $Error with -ErrorAction Ignore' {
            $global:Error.Clear()
            1 | Invoke-ThreadedBatch { Write-Error 'e' } -ErrorAction Ignore
            $global:Error.Count | Should -Be 0
        }

        It 'enters each error in $Error once' {
            $global:Error.Clear()
            1, 2 | Invoke-ThreadedBatch { Write-Error "e$_" } -KeepOrder 2>$null
            "$($global:Error)" | Should -Be 'e2 e1'
        }
    }

    Context 'Output' {
        It 'keeps output with -OutVariable' {
            $null = 1..3 | Invoke-ThreadedBatch { $_ * 2 } -KeepOrder -OutVariable kept
            $kept | Should -Be 2, 4, 6
        }

        It 'gives each output to -PipelineVariable' {
            1..3 | Invoke-ThreadedBatch { $_ * 10 } -KeepOrder -PipelineVariable ten | ForEach-Object { "$ten=$_" } |
                Should -Be '10=10', '20=20', '30=30'
        }

        It 'shows output while the item that wrote it goes on' {
            $seen = [System.Threading.ManualResetEventSlim]::new()
            $output = 1 | Invoke-ThreadedBatch { 'early'; "waited: $(($using:seen).Wait(20000))" } | ForEach-Object { $seen.Set(); $_ }
            $output | Should -Be 'early', 'waited: True'
        }

        It 'shows output while the input goes on' {
            $seen = [System.Threading.ManualResetEventSlim]::new()
            $output = & { for ($i = 0; $i -lt 1000000 -and -not $seen.IsSet; $i++) { 'x' }; "stopped by output: $($seen.IsSet)" } |
                Invoke-ThreadedBatch { $_ } -KeepOrder | ForEach-Object { $seen.Set(); $_ }
            $output[-1] | Should -Be 'stopped by output: True'
        }

        It 'sends progress of a body to the progress stream' {
            $result = Invoke-Shell { 1 | Invoke-ThreadedBatch { Write-Progress -Activity 'Sorting' -Status "item $_" -PercentComplete 50; 'out' } }
            $result.Output | Should -Be 'out'
            $result.Progress.Activity | Should -Contain 'Sorting'
            $result.Progress.StatusDescription | Should -Contain 'item 1'
        }

        It 'has output of a native command, and its exit code' {
            $pwsh = Get-Pwsh
            1 | Invoke-ThreadedBatch { & $using:pwsh.Program $using:pwsh.Before -NoProfile -Command "'line'; exit 3"; $LASTEXITCODE } | Should -Be 'line', 3
        }

        It 'is what was written, wrapped or not' {
            1 | Invoke-ThreadedBatch {
                1; 'text'; $null; , (1, 2); [pscustomobject]@{ A = 1 }
                'noted' | Add-Member -NotePropertyName Note -NotePropertyValue 7 -PassThru
                Get-Item / | Add-Member -NotePropertyName Note -NotePropertyValue 8 -PassThru
                $named = [psobject]'named'; $named.PSTypeNames.Insert(0, 'My.Name'); $named
            } | ForEach-Object { if ($null -eq $_) { 'null' } else { '{0} {1} {2}' -f $_.PSTypeNames[0], $_.Count, $_.Note } } | Should -Be @(
                'System.Int32 1 ', 'System.String 1 ', 'null', 'System.Object[] 2 ', 'System.Management.Automation.PSCustomObject 1 ', 'System.String 1 7'
                'System.IO.DirectoryInfo 1 8', 'My.Name 1 '
            )
        }

        It 'formats nothing itself: objects stay objects' {
            $object = [pscustomobject]@{ Name = 'n' }
            $output = $object | Invoke-ThreadedBatch { $_ }
            [object]::ReferenceEquals($output, $object) | Should -BeTrue
        }
    }
}
