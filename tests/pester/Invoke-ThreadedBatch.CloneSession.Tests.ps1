#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
    $testModule = Join-Path $PSScriptRoot 'TestModule'
}

# Each in a session of its own: that of the tests holds Pester's script blocks and modules, which would be cloned with it.
Describe 'Invoke-ThreadedBatch: -CloneSession' {
    BeforeEach {
        $footprint = Get-Footprint
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context 'Functions, aliases and variables' {
        It 'gives them all, and says nothing' {
            $result = Invoke-Shell {
                function Get-Outer { Get-Inner $args[0] }
                function Get-Inner { "$($args[0]) $prefix" }
                filter Get-Double { $_ * 2 }
                Set-Alias outer Get-Outer
                $prefix = 'p'
                1..3 | Invoke-ThreadedBatch { outer $_; $_ | Get-Double } -CloneSession -KeepOrder
            }
            $result.Output | Should -Be '1 p', 2, '2 p', 4, '3 p', 6
            $result.Warnings + $result.Errors | Should -BeNullOrEmpty
        }

        It 'gives the innermost of two variables, and what a function''s scope sees' {
            $result = Invoke-Shell {
                $a = 'outer'; $b = 'b'
                function Invoke-It { param($P) $a = 'inner'; 1 | Invoke-ThreadedBatch { "$a $b $P" } -CloneSession }
                Invoke-It 'p'
            }
            $result.Output | Should -Be 'inner b p'
        }

        It 'gives <Script>' -ForEach @(
            @{ Script = '$global:a = "global"; & { 1 | Invoke-ThreadedBatch { $a } -CloneSession }'; Expected = 'global' }
            @{ Script = '$private:a = "seen"; 1 | Invoke-ThreadedBatch { $a } -CloneSession'; Expected = 'seen' }
            @{ Script = '$private:a = "hidden"; & { 1 | Invoke-ThreadedBatch { "[$a]" } -CloneSession }'; Expected = '[]' }
            @{ Script = '$v = "clone"; 1 | Invoke-ThreadedBatch { $v } -CloneSession -Variable @{ v = "named" }'; Expected = 'named' }
            @{ Script = '[int]$v = 1; 1 | Invoke-ThreadedBatch { $v } -CloneSession -Variable @{ v = "named" }'; Expected = 'named' }
            @{ Script = 'function Get-It { "it" }; Set-Alias Get-It Get-Date; 1 | Invoke-ThreadedBatch { Get-It } -CloneSession -FunctionName Get-It'; Expected = 'it' }
            @{ Script = '$FormatEnumerationLimit = 9; 1 | Invoke-ThreadedBatch { $FormatEnumerationLimit } -CloneSession'; Expected = 9 }
            @{ Script = '$n = 1; 1 | Invoke-ThreadedBatch { $m = 2; 1 | Invoke-ThreadedBatch { $n + $m } -CloneSession } -CloneSession'; Expected = 3 }
            @{ Script = 'function Get-It { "it" }; 1 | Invoke-ThreadedBatch { 1 | Invoke-ThreadedBatch { Get-It } -CloneSession } -CloneSession'; Expected = 'it' }
            @{ Script = '$n = 1; 1, 2 | Invoke-ThreadedBatch { "$n$_" } -CloneSession -FreshRunspace -KeepOrder'; Expected = '11', '12' }
        ) {
            $result = Invoke-Shell ([scriptblock]::Create($Script))
            $result.Output | Should -Be $Expected
            $result.Failure | Should -BeNullOrEmpty
            $result.Warnings + $result.Errors | Should -BeNullOrEmpty
        }

        It 'puts no name of its own in front of the caller''s: <_>' -ForEach @(
            '{ process { $a; $b; $i; $Loop; $body; $item } }', '{ [CmdletBinding()] param() $a; $b; $i; $Loop; $body; $item }', '{ $a; $b; $i; $Loop; $body; $item }'
        ) {
            $names = '$a = "a"; $b = "b"; $i = "i"; $Loop = "loop"; $body = "body"; $item = "item"'
            (Invoke-Shell ([scriptblock]::Create("$names; 1 | Invoke-ThreadedBatch $_ -CloneSession"))).Output | Should -Be 'a', 'b', 'i', 'loop', 'body', 'item'
        }

        It 'gives the very object' {
            $result = Invoke-Shell {
                $list = [System.Collections.ArrayList]::Synchronized([System.Collections.ArrayList]::new())
                1..20 | Invoke-ThreadedBatch { $null = $list.Add($_) } -CloneSession
                $list.Count
            }
            $result.Output | Should -Be 20
        }

        It 'gives a variable with its constraint, but for a value that no longer meets it' {
            $result = Invoke-Shell { [int]$global:n = 5; 1 | Invoke-ThreadedBatch { $global:n = '7'; $n.GetType().Name; $global:n = 'x' } -CloneSession }
            $result.Output | Should -Be 'Int32'
            $result.Errors.FullyQualifiedErrorId | Should -Be 'RuntimeException'
            $result = Invoke-Shell { [ValidateCount(0, 1)][System.Collections.ArrayList]$list = @(1); $null = $list.Add(2); 1 | Invoke-ThreadedBatch { $list.Count } -CloneSession }
            $result.Output | Should -Be 2
        }

        It 'copies default values of parameters, whose blocks run anywhere' {
            $result = Invoke-Shell {
                function Get-It { [CmdletBinding()] param($A, $B) "$A$B" }
                $global:PSDefaultParameterValues = @{ 'Get-It:A' = 'a'; 'Get-It:B' = { 'b' }; '*:ErrorAction' = 'Stop' }
                1 | Invoke-ThreadedBatch { Get-It; $PSDefaultParameterValues.Clear() } -CloneSession
                $PSDefaultParameterValues.Count
                & { $PSDefaultParameterValues = @{ 'Get-It:A' = 'c'; 1 = 2; bad = 3 }; 1 | Invoke-ThreadedBatch { Get-It } -CloneSession }
            }
            $result.Output | Should -Be 'ab', 3, 'c'
        }

        It 'gives read-only and constant variables, that stay so: <Invoke>' -ForEach @(@{ Invoke = 'Invoke-ThreadedBatch' }, @{ Invoke = 'Invoke-ProcessBatch' }) {
            $result = Invoke-Shell {
                param($Invoke)
                Set-Variable fixed 1 -Option ReadOnly
                Set-Variable eternal 2 -Option Constant
                Set-Variable everywhere 3 -Option AllScope
                1, 2 | & $Invoke { "$fixed$eternal$everywhere"; try { Set-Variable fixed 4 -Scope Global -ErrorAction Stop } catch { 'kept' } } -CloneSession -KeepOrder
                1 | & $Invoke { "$PID" -eq '$true'; $true; $null -eq $Error[0] } -CloneSession
            } -ArgumentList $Invoke
            $result.Output | Should -Be '123', 'kept', '123', 'kept', $false, $true, $true
            $result.Warnings + $result.Errors | Should -BeNullOrEmpty
        }

        It 'gives type data: <Invoke>' -ForEach @(@{ Invoke = 'Invoke-ThreadedBatch' }, @{ Invoke = 'Invoke-ProcessBatch' }) {
            $file = Join-Path $TestDrive 'data.types.ps1xml'
            Set-Content -LiteralPath $file '<Types><Type><Name>System.Version</Name><Members><ScriptProperty><Name>InFile</Name><GetScriptBlock>"file $this"</GetScriptBlock></ScriptProperty></Members></Type></Types>'
            $result = Invoke-Shell {
                param($Invoke, $File)
                Update-TypeData -TypeName System.Int32 -MemberName Twice -MemberType ScriptProperty -Value { $this * 2 } -SecondValue { }
                Update-TypeData -TypeName System.Int32 -MemberName Twice -MemberType ScriptProperty -Value { $this * 2 + 0.5 } -Force
                Update-TypeData -TypeName System.String -MemberName Size -MemberType AliasProperty -Value Length
                Update-TypeData -TypeName System.String -MemberName Shout -MemberType ScriptMethod -Value { "$this$($args[0])" }
                Update-TypeData -TypeName My.Thing -MemberName Note -MemberType NoteProperty -Value 9
                Update-TypeData -TypeName My.Thing -DefaultDisplayPropertySet B
                Update-TypeData -TypeName System.Guid -MemberName Gone -MemberType NoteProperty -Value 1
                Remove-TypeData -TypeName System.Guid
                Update-TypeData -AppendPath $File
                $null = 1 | & $Invoke -CloneSession { } # The worker's second batch has them once, too.
                1 | & $Invoke -CloneSession {
                    (5).Twice; 'abc'.Size; 'a'.Shout('!'); ([pscustomobject]@{ PSTypeName = 'My.Thing' }).Note; ([version]'1.2').InFile; "$([guid]::Empty.Gone)"
                    ([pscustomobject]@{ PSTypeName = 'My.Thing'; A = 1; B = 2 } | Format-List | Out-String).Trim()
                }
            } -ArgumentList $Invoke, $file
            $result.Output | Should -Be 10.5, 3, 'a!', 9, 'file 1.2', '', 'B : 2'
            $result.Warnings + $result.Errors | Should -BeNullOrEmpty
        }

        It 'says which type data cannot be sent to a process' {
            $result = Invoke-Shell {
                Update-TypeData -TypeName System.Int32 -MemberName Coded -MemberType CodeProperty -Value ([Microsoft.PowerShell.ToStringCodeMethods].GetMethod('Type'))
                Update-TypeData -TypeName System.Int32 -MemberName Twice -MemberType ScriptProperty -Value { $this * 2 }
                1 | Invoke-ProcessBatch { (5).Twice } -CloneSession
            }
            $result.Output | Should -Be 10
            "$($result.Warnings)" | Should -BeLike '*System.Int32*-ModuleName*'
        }

        It 'does not show what is hidden from the caller' {
            $result = Invoke-Shell {
                function Get-Hidden { 'hidden' }
                (Get-Command Get-Hidden).Visibility = 'Private'
                $secret = 1
                (Get-Variable secret).Visibility = 'Private'
                1 | Invoke-ThreadedBatch { "$secret/$(Get-Command Get-Hidden -ErrorAction Ignore)" } -CloneSession
            }
            $result.Output | Should -Be '/'
        }

        It 'leaves a redefined built-in function and alias redefined' {
            $result = Invoke-Shell {
                function Clear-Host { 'mine' }
                Set-Alias gi Get-Date -Force
                1 | Invoke-ThreadedBatch { Clear-Host; (Get-Alias gi).Definition; (Get-Alias gci).Definition } -CloneSession
            }
            $result.Output | Should -Be 'mine', 'Get-Date', 'Get-ChildItem'
        }

        It 'leaves a function of a name that a command of ours uses alone: <_>' -ForEach 'Import-Module', 'Get-Module' {
            $result = Invoke-Shell {
                param($Name, $TestModule)
                Microsoft.PowerShell.Core\Import-Module $TestModule
                Set-Item function:global:$Name { throw 'not meant to be called' }
                'you' | Invoke-ThreadedBatch { Get-TestGreeting $_ } -CloneSession
                'you' | Invoke-ThreadedBatch { Get-TestGreeting $_ } -CloneSession -ModuleName (Join-Path $TestModule 'TestModule.psd1')
            } -ArgumentList $_, $testModule
            $result.Output | Should -Be 'Hello, you!', 'Hello, you!'
            $result.Failure | Should -BeNullOrEmpty
        }

        It 'takes preferences along, but not -WhatIf' {
            $result = Invoke-Shell {
                $OFS = '+'
                $MaximumHistoryCount = 77
                $PSNativeCommandUseErrorActionPreference = $true
                $WhatIfPreference = $true
                $PSModuleAutoLoadingPreference = 'None'
                1 | Invoke-ThreadedBatch { "$(1, 2)"; $MaximumHistoryCount; $PSNativeCommandUseErrorActionPreference; [bool]$WhatIfPreference; (Get-Random -Maximum 1) } -CloneSession -WhatIf:$false
            }
            $result.Output | Should -Be '1+2', 77, $true, $false, 0
        }

        It 'is one warning for a script block, which a function can stand in for' {
            $result = Invoke-Shell {
                $block = { 1 }
                function Invoke-It { 'function' }
                1..6 | Invoke-ThreadedBatch { Invoke-It } -CloneSession -ThrottleLimit 3
            }
            $result.Output | Should -HaveCount 6
            $result.Warnings | Should -HaveCount 1
            $result.Warnings[0].Message | Should -BeLike '*$block*-FunctionName*'
        }

        It 'keeps the file and line of a function' {
            $file = Join-Path $TestDrive 'functions.ps1'
            Set-Content -LiteralPath $file -Value '', 'function Get-Failure { throw "inside" }'
            $result = Invoke-Shell { param($File) . $File; 1 | Invoke-ThreadedBatch { Get-Failure } -CloneSession } -ArgumentList $file
            $result.Errors[0].InvocationInfo.ScriptName | Should -Be $file
            $result.Errors[0].InvocationInfo.ScriptLineNumber | Should -Be 2
        }
    }

    Context 'Modules' {
        It 'imports what was imported by <Name>' -ForEach @(
            @{ Name = 'path'; Version = '1.0.0'; Import = { param($M) Import-Module $M } }
            @{ Name = 'name'; Version = '1.0.0'; Import = { param($M) $env:PSModulePath = (Split-Path $M) + [System.IO.Path]::PathSeparator + $env:PSModulePath; Import-Module TestModule } }
            @{ Name = 'script'; Version = '0.0'; Import = { param($M) Import-Module (Join-Path $M 'TestModule.psm1') } }
        ) {
            $before = $env:PSModulePath
            try {
                $result = Invoke-Shell {
                    param($Import, $TestModule)
                    . ([scriptblock]::Create($Import)) $TestModule
                    Remove-Variable Import
                    (Get-Module TestModule).Version.ToString()
                    'you' | Invoke-ThreadedBatch { Get-TestGreeting $_; (Get-Module TestModule).Version.ToString() } -CloneSession
                } -ArgumentList "$Import", $testModule
                $result.Output | Should -Be $Version, 'Hello, you!', $Version
                $result.Warnings | Should -BeNullOrEmpty
            }
            finally {
                $env:PSModulePath = $before
            }
        }

        It 'keeps the prefix that a module was imported with' {
            $result = Invoke-Shell { param($M) Import-Module $M -Prefix My; 'you' | Invoke-ThreadedBatch { Get-MyTestGreeting $_ } -CloneSession } -ArgumentList $testModule
            $result.Output | Should -Be 'Hello, you!'
        }

        It 'puts the caller''s function above a module''s, and -ModuleName above that' {
            $script = {
                param($TestModule, $Named)
                Import-Module $TestModule
                function Get-TestGreeting { 'mine' }
                'you' | Invoke-ThreadedBatch { Get-TestGreeting $_ } -CloneSession @Named
            }
            (Invoke-Shell $script -ArgumentList $testModule, @{}).Output | Should -Be 'mine'
            (Invoke-Shell $script -ArgumentList $testModule, @{ ModuleName = $testModule }).Output | Should -Be 'Hello, you!'
        }

        It 'does not take the value of a module''s variable, which the module has itself' {
            $file = Join-Path $TestDrive 'State.psm1'
            Set-Content -LiteralPath $file -Value '$State = "new"; Export-ModuleMember -Variable State'
            $result = Invoke-Shell { param($File) Import-Module $File; $State = 'changed'; 1 | Invoke-ThreadedBatch { $State } -CloneSession } -ArgumentList $file
            $result.Output | Should -Be 'new'
        }

        It 'is one warning for a module that is in no file' {
            $result = Invoke-Shell {
                $null = New-Module -Name InMemory { function Get-InMemory { } } | Import-Module
                1..6 | Invoke-ThreadedBatch { $null -eq (Get-Command Get-InMemory -ErrorAction Ignore) } -CloneSession -ThrottleLimit 3
            }
            $result.Output | Should -Be @(, $true * 6)
            $result.Warnings | Should -HaveCount 1
            $result.Warnings[0].Message | Should -BeLike '*InMemory*'
        }

        It 'is one warning for a module that does not import again, and the items run' {
            $file = Join-Path $TestDrive 'Once.psm1'
            Set-Content -LiteralPath $file -Value 'if ([runspace]::DefaultRunspace.Id -ne $global:owner) { throw "only there" }'
            $result = Invoke-Shell {
                param($File)
                $global:owner = [runspace]::DefaultRunspace.Id
                Import-Module $File
                1..4 | Invoke-ThreadedBatch { $_ } -CloneSession -FreshRunspace -KeepOrder
            } -ArgumentList $file
            $result.Output | Should -Be 1, 2, 3, 4
            $result.Warnings | Should -HaveCount 1
            $result.Warnings[0].Message | Should -BeLike '*Once.psm1*only there*'
        }

        It 'gives a module''s own function what only the module knows' {
            $file = Join-Path $TestDrive 'Own.psm1'
            Set-Content -LiteralPath $file -Value @'
$state = 'state'
function Get-Private { "private $state" }
function Invoke-Own { 1 | Invoke-ThreadedBatch { Get-Private } -CloneSession }
Export-ModuleMember -Function Invoke-Own
'@
            (Invoke-Shell { param($File) Import-Module $File; Invoke-Own } -ArgumentList $file).Output | Should -Be 'private state'
        }
    }

    Context 'Drives' {
        It 'makes the caller''s drives, where it stands too' {
            $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'drive' 'inner')).FullName
            $result = Invoke-Shell {
                param($Folder)
                $null = New-PSDrive ZZ FileSystem (Split-Path $Folder)
                Set-Location ZZ:/inner
                1..2 | Invoke-ThreadedBatch { (Get-Location).Drive.Name; (Get-Item ZZ:).Name } -CloneSession -KeepOrder
            } -ArgumentList $folder
            $result.Output | Should -Be 'ZZ', 'inner', 'ZZ', 'inner'
            $result.Warnings | Should -BeNullOrEmpty
        }

        It 'does without a warning for drives that come with their provider' -Skip:(-not $IsWindows) {
            # Skipped where no such drives are: Cert: and WSMan: are of Windows.
            $warned = Invoke-Shell {
                $null = Get-PSDrive
                $null = Get-Item Cert:\CurrentUser
                foreach ($command in 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch') {
                    1..2 | & $command { (Get-PSDrive Cert).Provider.Name } -CloneSession -ThrottleLimit 2
                }

                Set-Location Cert:\CurrentUser
                Set-Location $HOME
                1 | Invoke-ThreadedBatch { (Get-PSDrive Cert).CurrentLocation } -CloneSession
            }
            $warned.Warnings | Should -BeNullOrEmpty
            $warned.Errors | Should -BeNullOrEmpty
            $warned.Output | Should -Be @(@('Certificate') * 4 + 'CurrentUser')
        }

        It 'takes each drive along that the caller has made anew under a known name' {
            $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'other temp')).FullName
            $old = Get-PSDrive Temp
            try {
                Remove-PSDrive Temp -Scope Global -Force
                $null = New-PSDrive Temp FileSystem $folder -Scope Global
                1..2 | Invoke-ThreadedBatch { (Get-PSDrive Temp).Root } -CloneSession -WarningVariable warned |
                    ForEach-Object TrimEnd ([IO.Path]::DirectorySeparatorChar) | Should -Be $folder, $folder
                $warned -match 'Temp:' | Should -BeNullOrEmpty
            } finally {
                Remove-PSDrive Temp -Scope Global -Force
                $null = New-PSDrive Temp FileSystem $old.Root -Scope Global
            }
        }

        It 'is one warning for a drive that cannot be made' {
            $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'gone')).FullName
            $result = Invoke-Shell {
                param($Folder)
                $null = New-PSDrive ZZ FileSystem $Folder
                [System.IO.Directory]::Delete($Folder)
                1..8 | Invoke-ThreadedBatch { $_ } -CloneSession -FreshRunspace
            } -ArgumentList $folder
            $result.Output | Should -HaveCount 8
            $result.Warnings | Should -HaveCount 1
            $result.Warnings[0].Message | Should -BeLike '*ZZ:*'
        }
    }

    Context 'Language mode' {
        It 'works in constrained language' {
            $result = Invoke-Shell {
                $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
                [int]$n = 1
                function Get-It { $n }
                Set-Alias it Get-It
                1 | Invoke-ThreadedBatch { it; "$($ExecutionContext.SessionState.LanguageMode)" } -CloneSession
            }
            $result.Errors | Should -BeNullOrEmpty
            $result.Output | Should -Be 1, 'ConstrainedLanguage'
        }

        It 'is no way out of it, not by a function that runs in full language in the caller''s session' {
            $result = Invoke-Shell {
                function global:Test-Trusted { "$($ExecutionContext.SessionState.LanguageMode)"; [System.IO.File]::Exists('x') }
                $global:ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
                Test-Trusted
                1 | Invoke-ThreadedBatch { Test-Trusted } -CloneSession
            }
            $result.Output | Should -Be 'FullLanguage', $false, 'ConstrainedLanguage'
            $result.Errors | Should -HaveCount 1
        }
    }

    Context 'Classes' {
        It 'gives objects whose methods the caller can call, and static ones that run where they are called' {
            $result = Invoke-Shell {
                class Box {
                    [int] $N = 3
                    [int] Twice() { return $this.N * 2 }
                    static [string] Where() { return [runspace]::DefaultRunspace.InstanceId }
                }
                $here = [runspace]::DefaultRunspace.InstanceId
                $box = 1 | Invoke-ThreadedBatch { if ([Box]::Where() -ne "$here") { [Box]::new() } } -CloneSession
                $box.Twice()
                [Box]::Where() -eq "$here"
            }
            $result.Errors | Should -BeNullOrEmpty
            $result.Output | Should -Be 6, $true
        }

        It 'knows the classes of the caller''s script and of its using module' {
            $module = Join-Path $TestDrive 'Thing.psm1'
            Set-Content -LiteralPath $module -Value @'
class Thing {
    [string] Say() { return "thing $(Get-Inner)" }
    static [string] Make() { return "made $(Get-Inner)" }
}
function Get-Inner { 'inner' }
function New-Thing { [Thing]::new() }
Export-ModuleMember -Function New-Thing
'@
            $script = Join-Path $TestDrive 'classes.ps1'
            Set-Content -LiteralPath $script -Value @'
using module ./Thing.psm1
using namespace System.Text
class Mine {
    [string] Say() { return "mine $(Get-Own)" }
    static [string] Make() { return "made $(Get-Own)" }
}
function Get-Own { 'own' }
1 | Invoke-ThreadedBatch -CloneSession {
    [Mine]::new().Say(); [Mine]::Make(); [Thing]::new().Say(); [Thing]::Make()
    [StringBuilder]::new('namespace').ToString(); (New-Thing) -is [Thing]; ('Mine' -as [type]) -eq [Mine]; ('Thing' -as [type]) -eq [Thing]
}
'@
            $result = Invoke-Shell { param($Script) . $Script } -ArgumentList $script
            $result.Errors + $result.Warnings | Should -BeNullOrEmpty
            $result.Output | Should -Be 'mine own', 'made own', 'thing inner', 'made inner', 'namespace', $true, $true, $true
        }
    }

    It 'does not warn of the classes of a using module, which a process knows, but of the script''s own' {
        $module = Join-Path $TestDrive 'Part.psm1'
        Set-Content -LiteralPath $module "class Part { [string] Say() { return 'part' } }`nenum Kind { A; B }"
        $script = Join-Path $TestDrive 'parts.ps1'
        Set-Content -LiteralPath $script "using module ./Part.psm1`n1 | Invoke-ProcessBatch -CloneSession { [Part]::new().Say(); `"`$([Kind]::B)`" }"
        $result = Invoke-Shell { param($Script) . $Script } -ArgumentList $script
        $result.Errors + $result.Warnings | Should -BeNullOrEmpty
        $result.Output | Should -Be 'part', 'B'
        Add-Content -LiteralPath $script "class Own { }"
        "$((Invoke-Shell { param($Script) . $Script } -ArgumentList $script).Warnings)" | Should -BeLike '*: Own.*'
    }

    It 'leaves nothing for the next batch' {
        $result = Invoke-Shell {
            param($TestModule)
            Import-Module $TestModule
            function Get-Left { }
            Set-Alias lft Get-Left
            class Left { }
            $left = 1
            $null = 1..4 | Invoke-ThreadedBatch { $_ } -CloneSession -ThrottleLimit 2
            1..4 | Invoke-ThreadedBatch { $null -eq $left -and -not (Get-Command Get-Left, Get-TestGreeting, lft -ErrorAction Ignore) -and -not ('Left' -as [type]) } -ThrottleLimit 2
        } -ArgumentList $testModule
        $result.Output | Should -Be $true, $true, $true, $true
    }
}
