#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    function Get-ThisLine { $MyInvocation.ScriptLineNumber }
}

Describe 'Invoke-ThreadedBatch: errors' {
    BeforeEach {
        $footprint = Get-Footprint
        $ErrorActionPreference = 'Continue'
        $global:Error.Clear()
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context 'A body that throws' {
        It 'is one error record, and the other items go on' {
            $output = 1..5 | Invoke-ThreadedBatch { if ($_ -eq 3) { throw 'bad' }; $_ } -KeepOrder -ErrorVariable errors 2>$null
            $output | Should -Be 1, 2, 4, 5
            $errors | Should -HaveCount 1
            $global:Error.Count | Should -Be 1
        }

        It 'has the item as its target' {
            $item = [pscustomobject]@{ Name = 'the item' }
            $failure = $item | Invoke-ThreadedBatch { throw 'bad' } 2>&1
            [object]::ReferenceEquals($failure.TargetObject, $item) | Should -BeTrue
        }

        It 'has a plain item as its target, not a wrapped one' {
            $failure = 'name' | Invoke-ThreadedBatch { throw 'bad' } 2>&1
            $failure.TargetObject | Should -BeOfType ([string])
            $failure.TargetObject | Should -Be 'name'
        }

        It 'keeps the id that <Name> has without a batch' -ForEach @(
            @{ Name = 'throw "text"'; Body = { throw 'text' } }
            @{ Name = 'throw an exception'; Body = { throw [System.IO.FileNotFoundException]::new('gone') } }
            @{ Name = 'throw an error record'; Body = { throw [System.Management.Automation.ErrorRecord]::new([System.Exception]::new('m'), 'My.Id', 'OpenError', 'mine') } }
            @{ Name = 'throw without anything'; Body = { throw } }
            @{ Name = 'a failed method call'; Body = { [int]::Parse('x') } }
            @{ Name = 'a division by zero'; Body = { 1 / $null } }
            @{ Name = 'an unknown command'; Body = { Invoke-NoSuchCommand } }
            @{ Name = 'Write-Error'; Body = { Write-Error -Message 'm' -ErrorId 'My.Id' -Category OpenError }; IsPlaceless = $true }
            @{ Name = 'a cmdlet that fails'; Body = { Get-Item -LiteralPath '/no/such/file' } }
            @{ Name = '-ErrorAction Stop in the body'; Body = { Get-Item -LiteralPath '/no/such/file' -ErrorAction Stop } }
            @{ Name = 'ThrowTerminatingError'; Body = {
                    & {
                        [CmdletBinding()] param()
                        $PSCmdlet.ThrowTerminatingError([System.Management.Automation.ErrorRecord]::new([System.Exception]::new('m'), 'My.Id', 'OpenError', 'mine'))
                    }
                }
            }
        ) {
            $expected = @(try { & $Body 2>&1 } catch { $_ })
            $actual = @(1 | Invoke-ThreadedBatch $Body 2>&1)
            $actual | Should -HaveCount 1
            $actual[0].FullyQualifiedErrorId | Should -Be $expected[0].FullyQualifiedErrorId
            $actual[0].Exception.GetType().FullName | Should -Be $expected[0].Exception.GetType().FullName
            $actual[0].Exception.Message | Should -Be $expected[0].Exception.Message
            $actual[0].CategoryInfo.Category | Should -Be $expected[0].CategoryInfo.Category

            # Write-Error names the line that called the script block, which in a worker is none.
            if (-not $IsPlaceless) {
                $actual[0].InvocationInfo.ScriptLineNumber | Should -Be $expected[0].InvocationInfo.ScriptLineNumber
                $actual[0].InvocationInfo.Line | Should -Be $expected[0].InvocationInfo.Line
            }
        }

        It 'keeps the file and line of the throw' {
            $line = (Get-ThisLine) + 2
            $failure = 1 | Invoke-ThreadedBatch {
                throw 'here'
            } 2>&1
            $failure.InvocationInfo.ScriptLineNumber | Should -Be $line
            $failure.InvocationInfo.ScriptName | Should -Be $PSCommandPath
            $failure.InvocationInfo.Line.Trim() | Should -Be "throw 'here'"
            $failure.ScriptStackTrace | Should -BeLike "*line $line*"
        }

        It 'shows no code but the user''s as the place of an error in <Name>' -ForEach @(
            @{ Name = 'a plain body'; Body = { Write-Error 'e' } }
            @{ Name = 'a process block'; Body = { process { Write-Error 'e' } } }
            @{ Name = 'a body with bound parameters'; Body = { param([Parameter(ValueFromPipeline)] $Item) Write-Error "e$Item" } }
        ) {
            $failure = 1 | Invoke-ThreadedBatch $Body 2>&1
            $line = $failure.InvocationInfo.Line
            (-not $line -or (Get-Content -LiteralPath $PSCommandPath -Raw).Contains($line)) | Should -BeTrue -Because "'$line' is not the user's"
        }

        It 'keeps the output that came before the throw' {
            1 | Invoke-ThreadedBatch { 'before'; throw 'bad' } 2>$null | Should -Be 'before'
        }

        It 'does not cost the worker' {
            $output = 1..50 | Invoke-ThreadedBatch { [runspace]::DefaultRunspace.Id; throw 'bad' } -ThrottleLimit 1 2>$null
            $output | Should -HaveCount 50
            @($output | Sort-Object -Unique) | Should -HaveCount 1
        }

        It 'ends the batch with -ErrorAction Stop, with the record of the throw' {
            $failure = try { 1..3 | Invoke-ThreadedBatch { throw 'bad' } -ThrottleLimit 1 -ErrorAction Stop } catch { $_ }
            $failure.FullyQualifiedErrorId | Should -Be 'bad'
            $failure.TargetObject | Should -Be 1
        }

        It 'ends the batch under $ErrorActionPreference = Stop' {
            $ErrorActionPreference = 'Stop'
            { 1..3 | Invoke-ThreadedBatch { throw 'bad' } } | Should -Throw -ErrorId 'bad'
        }
    }

    Context 'A body that writes errors' {
        It 'goes on after <Name>' -ForEach @(
            @{ Name = '1/0'; Body = { 1 / 0; $_ } }
            @{ Name = 'a failed method call'; Body = { [int]::Parse('x'); $_ } }
            @{ Name = 'an unknown command'; Body = { Invoke-NoSuchCommand; $_ } }
            @{ Name = 'Write-Error'; Body = { Write-Error 'e'; $_ } }
            @{ Name = 'a cmdlet that fails'; Body = { Get-Item -LiteralPath '/no/such/file'; $_ } }
        ) {
            1..3 | Invoke-ThreadedBatch $Body -KeepOrder -ErrorVariable errors 2>$null | Should -Be 1, 2, 3
            $errors | Should -HaveCount 3
        }

        It 'goes on as well where the batch is in a try' {
            $output = try { 1 | Invoke-ThreadedBatch { 1 / 0; "after $_" } 2>$null } catch { 'caught' }
            $output | Should -Be 'after 1'
        }

        It 'stops at the first one when the caller wants to stop' {
            $ErrorActionPreference = 'Stop'
            $output = [System.Collections.Generic.List[object]]::new()
            { 1 | Invoke-ThreadedBatch { Write-Error 'e'; 'after' } | ForEach-Object { $output.Add($_) } } | Should -Throw 'e'
            $output | Should -BeNullOrEmpty
        }

        It 'names the item where the error names nothing' {
            $failure = 'the item' | Invoke-ThreadedBatch { Write-Error 'e' } 2>&1
            $failure.TargetObject | Should -Be 'the item'
        }

        It 'keeps the target that the error names' {
            $failure = 'the item' | Invoke-ThreadedBatch { Write-Error 'e' -TargetObject 'mine' } 2>&1
            $failure.TargetObject | Should -Be 'mine'
        }
    }

    Context 'A body that handles errors' {
        It 'can catch' {
            1 | Invoke-ThreadedBatch { try { throw 'x' } catch { "caught $_" } finally { 'finally' } } | Should -Be 'caught x', 'finally'
            $global:Error.Count | Should -Be 0
        }

        It 'can trap and continue' {
            1 | Invoke-ThreadedBatch { trap { "trapped $($_.Exception.Message)"; continue } throw 'x'; "after $_" } | Should -Be 'trapped x', 'after 1'
        }

        It 'can trap and break: one error, the other items go on' {
            $output = 1, 2 | Invoke-ThreadedBatch { trap { "trapped $_"; break } if ($_ -eq 1) { throw 'x' }; "after $_" } -KeepOrder -ErrorVariable errors 2>$null
            $output | Should -Be 'trapped x', 'after 2'
            $errors | Should -HaveCount 1
        }
    }

    Context 'What leaves the body' {
        It 'gives the code of exit: <Invoke>' -ForEach @(@{ Invoke = 'Invoke-ThreadedBatch' }, @{ Invoke = 'Invoke-ProcessBatch' }) {
            $results = 1..5 | & $Invoke { switch ($_) { 1 { exit 3 } 2 { exit } 3 { break } 4 { & { exit -7 } } } } -AsResult -KeepOrder
            $results.Status | Should -Be (@('Succeeded') * 5)
            $results.ExitCode | Should -Be 3, 0, $null, -7, $null
        }

        It '<Name> ends the item and nothing else' -ForEach @(
            @{ Name = 'break'; Body = { "$_ before"; if ($_ -eq 2) { break }; "$_ after" } }
            @{ Name = 'break to a label'; Body = { "$_ before"; if ($_ -eq 2) { break outer }; "$_ after" } }
            @{ Name = 'continue'; Body = { "$_ before"; if ($_ -eq 2) { continue }; "$_ after" } }
            @{ Name = 'return'; Body = { "$_ before"; if ($_ -eq 2) { return }; "$_ after" } }
            @{ Name = 'exit'; Body = { "$_ before"; if ($_ -eq 2) { exit }; "$_ after" } }
            @{ Name = 'exit 3'; Body = { "$_ before"; if ($_ -eq 2) { exit 3 }; "$_ after" } }
            @{ Name = 'break in a process block'; Body = { process { "$_ before"; if ($_ -eq 2) { break }; "$_ after" } } }
            @{ Name = 'exit in a process block'; Body = { process { "$_ before"; if ($_ -eq 2) { exit 3 }; "$_ after" } } }
        ) {
            $rounds = 0
            :outer foreach ($round in 1, 2) {
                1..3 | Invoke-ThreadedBatch $Body -KeepOrder -ErrorVariable errors | Should -Be '1 before', '1 after', '2 before', '3 before', '3 after'
                $errors | Should -BeNullOrEmpty
                $rounds++
            }

            $rounds | Should -Be 2
        }

        It 'ends no item but its own by <_>' -ForEach @(
            'throw [System.Management.Automation.PipelineStoppedException]::new()', '[void][int]::Parse("x"); return', 'Write-Error x -ErrorAction Stop', '$null.Nothing()'
        ) {
            $body = [scriptblock]::Create("if (`$_ % 4 -eq 0) { $_ }; `$_")
            $output = 1..40 | Invoke-ThreadedBatch $body -ThrottleLimit 2 -KeepOrder -ErrorAction SilentlyContinue
            $output | Where-Object { $_ % 4 } | Should -Be (1..40 | Where-Object { $_ % 4 })
        }

        It 'returns the value of return' {
            1..3 | Invoke-ThreadedBatch { return $_ * 2 } -KeepOrder | Should -Be 2, 4, 6
        }

        It 'breaks out of a loop of the body, not out of the item' {
            1 | Invoke-ThreadedBatch { foreach ($i in 1..9) { if ($i -eq 3) { break }; $i }; 'after' } | Should -Be 1, 2, 'after'
        }
    }

    Context 'A clean start for each item' {
        It 'has $? true' {
            1..4 | Invoke-ThreadedBatch { $?; Get-Item -LiteralPath '/no/such/file' -ErrorAction Ignore } -ThrottleLimit 1 |
                Should -Be $true, $true, $true, $true
        }

        It 'has $? true after an item that threw' {
            1..3 | Invoke-ThreadedBatch { $?; throw 'x' } -ThrottleLimit 1 2>$null | Should -Be $true, $true, $true
        }

        It 'has an empty $Error, which then fills' {
            1..3 | Invoke-ThreadedBatch { $Error.Count; 1 / 0; $Error.Count } -ThrottleLimit 1 2>$null | Should -Be 0, 1, 0, 1, 0, 1
        }

        It 'has $? of the statement before' {
            1 | Invoke-ThreadedBatch { Get-Item -LiteralPath '/no/such/file' -ErrorAction Ignore; $?; Get-Item -LiteralPath '/'; $? } |
                Select-Object -Index 0, 2 | Should -Be $false, $true
        }
    }

    Context 'Neighbours that throw' {
        It 'has written what was finished before the error of what feeds it' {
            $seen = [System.Threading.ManualResetEventSlim]::new()
            $output = [System.Collections.Generic.List[object]]::new()
            $feed = { for ($i = 1; $i -lt 1000000 -and -not $seen.IsSet; $i++) { $i }; throw 'upstream' }
            { & $feed | Invoke-ThreadedBatch { $_ } -KeepOrder | ForEach-Object { $output.Add($_); $seen.Set() } } | Should -Throw 'upstream'
            $output[0] | Should -Be 1
        }

        It 'leaves nothing behind when what feeds it throws while items block' {
            $blocked = [System.Threading.CountdownEvent]::new(2)
            $feed = { 1; 2; $null = $blocked.Wait(20000); throw 'upstream' }
            { & $feed | Invoke-ThreadedBatch { $null = ($using:blocked).Signal(); [System.Threading.Thread]::Sleep(60000) } } | Should -Throw 'upstream'
            $blocked.IsSet | Should -BeTrue
        }

        It 'hands on the error of what it feeds, and ends' {
            { 1..100000 | Invoke-ThreadedBatch { $_ } | ForEach-Object { throw 'downstream' } } | Should -Throw 'downstream'
        }
    }

    It 'can be told from a failure of the batch: $? of the caller is false after an error and true without' {
        1 | Invoke-ThreadedBatch { $_ } > $null
        $? | Should -BeTrue
        1 | Invoke-ThreadedBatch { Write-Error 'e' } 2>$null
        $? | Should -BeFalse
    }
}
