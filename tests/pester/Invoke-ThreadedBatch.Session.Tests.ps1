#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
    $testModule = Join-Path $PSScriptRoot 'TestModule'
}

Describe 'Invoke-ThreadedBatch: the session of a worker' {
    BeforeEach {
        $footprint = Get-Footprint
        $location = Get-Location
        $modulePath = $env:PSModulePath
        $ErrorActionPreference = 'Continue'
    }

    AfterEach {
        Set-Location -LiteralPath $location
        $env:PSModulePath = $modulePath
        Remove-Module TestModule -ErrorAction Ignore
        Assert-NoLeak $footprint
    }

    Context 'Items beside each other' {
        It 'hides an item''s variables from the next' {
            1..4 | Invoke-ThreadedBatch { "[$mine]"; $mine = $_ } -ThrottleLimit 1 | Should -Be '[]', '[]', '[]', '[]'
        }

        It 'hides an item''s functions from the next' {
            1..3 | Invoke-ThreadedBatch { $null -eq (Get-Command Get-Mine -ErrorAction Ignore); function Get-Mine { } } -ThrottleLimit 1 |
                Should -Be $true, $true, $true
        }

        It 'hides a preference that an item sets from the next' {
            1..3 | Invoke-ThreadedBatch { "$ErrorActionPreference"; $ErrorActionPreference = 'Stop' } -ThrottleLimit 1 |
                Should -Be 'Continue', 'Continue', 'Continue'
        }

        It 'starts each item at the caller''s location' {
            $here = "$(Get-Location)"
            1..3 | Invoke-ThreadedBatch { "$(Get-Location)"; Set-Location / } -ThrottleLimit 1 | Should -Be $here, $here, $here
        }

        It 'hides what an item leaves in its scope from the next: <Leave>' -ForEach @(
            @{ Leave = '$local:left = 1'; Look = '$null -eq $left' }
            @{ Leave = 'Set-Variable left 1'; Look = '$null -eq $left' }
            @{ Leave = 'Set-Variable left 1 -Scope 0'; Look = '$null -eq (Get-Variable left -ErrorAction Ignore)' }
            @{ Leave = '. { $left = 1 }'; Look = '$null -eq $left' }
            @{ Leave = '$name = "left"; Set-Variable $name 1'; Look = '$null -eq (Get-Variable left -ErrorAction Ignore)' }
            @{ Leave = 'Set-Alias left Get-Date'; Look = '$null -eq (Get-Command left -ErrorAction Ignore)' }
            @{ Leave = 'New-PSDrive left FileSystem / > $null'; Look = '$null -eq (Get-PSDrive left -ErrorAction Ignore)' }
            @{ Leave = '$PSDefaultParameterValues = @{ "Join-Path:ChildPath" = "left" }'; Look = '$PSDefaultParameterValues.Count -eq 0' }
            @{ Leave = 'Set-Variable left 1; throw "no"'; Look = '$null -eq $left' }
            @{ Leave = 'Set-Variable left 1; exit'; Look = '$null -eq $left' }
        ) {
            $body = [scriptblock]::Create("if (`$_ % 2) { $Leave } else { $Look }")
            1..6 | Invoke-ThreadedBatch $body -ThrottleLimit 1 -KeepOrder -ErrorAction SilentlyContinue | Should -Be $true, $true, $true
        }

        It 'gives an item its own automatic variables, functions, closures and variable objects' {
            $one = @{ ThrottleLimit = 1 }
            1..3 | Invoke-ThreadedBatch @one { "$_ $args $($args.Count) $PSItem" } -ArgumentList x, y | Should -Be '1 x y 2 1', '2 x y 2 2', '3 x y 2 3'
            1..3 | Invoke-ThreadedBatch @one { $x = $_; function f { $x + 1 }; f } | Should -Be 2, 3, 4
            1..3 | Invoke-ThreadedBatch @one { $x = $_; [pscustomobject]@{ Get = { $x }.GetNewClosure() } } | ForEach-Object { & $_.Get } | Should -Be 1, 2, 3
            1..3 | Invoke-ThreadedBatch @one { $x = $_ * 10; , (Get-Variable x) } | ForEach-Object Value | Should -Be 10, 20, 30
        }

        It 'hides everything of a batch from the next: <Name>' -ForEach @(
            @{ Name = 'a location'; Leave = { Set-Location / }; Look = { "$PWD" -eq "$using:PWD" } }
            @{ Name = 'a global variable'; Leave = { $global:left = 1 }; Look = { $null -eq $global:left } }
            @{ Name = 'a global function'; Leave = { function global:Get-Left { } }; Look = { $null -eq (Get-Command Get-Left -ErrorAction Ignore) } }
            @{ Name = 'a global alias'; Leave = { Set-Alias left Get-Item -Scope Global }; Look = { $null -eq (Get-Alias left -ErrorAction Ignore) } }
            @{ Name = 'a drive'; Leave = { New-PSDrive Left FileSystem / -Scope Global }; Look = { $null -eq (Get-PSDrive Left -ErrorAction Ignore) } }
            @{ Name = 'a changed alias'; Leave = { Set-Alias gi Get-Date -Scope Global -Force }; Look = { (Get-Alias gi).Definition -eq 'Get-Item' } }
            @{ Name = 'a default parameter value'; Leave = { $global:PSDefaultParameterValues['*:Verbose'] = $true }; Look = { $PSDefaultParameterValues.Count -eq 0 } }
            @{ Name = 'strict mode'; Leave = { Set-StrictMode -Version Latest }; Look = { $null -eq $undefinedHere } }
            @{ Name = 'an event subscriber'; Leave = { Register-EngineEvent -SourceIdentifier Left -Action { } }; Look = { $null -eq (Get-EventSubscriber -SourceIdentifier Left -ErrorAction Ignore) } }
        ) {
            1..4 | Invoke-ThreadedBatch $Leave -ThrottleLimit 2 *> $null
            1..4 | Invoke-ThreadedBatch $Look -ThrottleLimit 2 | Should -Be $true, $true, $true, $true
        }

        It 'hides strict mode that an item sets from the next' {
            1..3 | Invoke-ThreadedBatch { $null -eq $undefinedHere; Set-StrictMode -Version Latest } -ThrottleLimit 1 2>$null | Should -Be $true, $true, $true
        }

        It 'hides the body''s variables from the caller' {
            $mine = 'caller'
            1 | Invoke-ThreadedBatch { $mine = 'body'; $script:mine = 'body'; $global:mine = 'body' }
            $mine | Should -Be 'caller'
            Get-Variable mine -Scope Global -ErrorAction Ignore | Should -BeNullOrEmpty
        }
    }

    Context '-FreshRunspace' {
        It 'gives each item a runspace of its own' {
            $ids = 1..4 | Invoke-ThreadedBatch { [runspace]::DefaultRunspace.InstanceId } -ThrottleLimit 1 -FreshRunspace
            @($ids | Sort-Object -Unique) | Should -HaveCount 4
        }

        It 'shows an item nothing of the one before, not even its global variables' {
            1..3 | Invoke-ThreadedBatch { "[$global:left]"; $global:left = 1 } -ThrottleLimit 1 -FreshRunspace | Should -Be '[]', '[]', '[]'
        }

        It 'sets each of them up' {
            $base = 5
            $output = 1..3 | Invoke-ThreadedBatch { "$started $given $using:base" } -FreshRunspace -InitializationScript { $started = 'yes' } -Variable @{ given = 'too' } -KeepOrder
            $output | Should -Be 'yes too 5', 'yes too 5', 'yes too 5'
        }
    }

    Context '-InitializationScript' {
        It 'runs once for each worker, before its first item' {
            $started = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
            $together = [System.Threading.Barrier]::new(3)
            $output = 1..9 | Invoke-ThreadedBatch { $null = ($using:together).SignalAndWait(20000); [bool]$wasInitialized } -ThrottleLimit 3 -InitializationScript {
                ($using:started).Add([runspace]::DefaultRunspace.Id)
                $wasInitialized = $true
            }
            $started.Count | Should -Be 3
            @($output | Where-Object { $_ }) | Should -HaveCount 9
        }

        It 'runs for no more workers than there are items' {
            $started = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
            $null = 1 | Invoke-ThreadedBatch { $_ } -InitializationScript { ($using:started).Add(1); [System.Threading.Thread]::Sleep(300) }
            $started.Count | Should -Be 1
        }

        It 'defines functions and aliases for the body' {
            1 | Invoke-ThreadedBatch { twice $_ } -InitializationScript { function Get-Twice { $args[0] * 2 }; Set-Alias twice Get-Twice } | Should -Be 2
        }

        It 'has no output, and warnings all the same' {
            $records = 1 | Invoke-ThreadedBatch { 'body' } -ThrottleLimit 1 -InitializationScript { 'nobody wants this'; Write-Warning 'set up' } 3>&1
            "$records" | Should -Be 'set up body'
        }

        It 'is one terminating error when it throws, and no item runs' {
            $ran = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
            $global:Error.Clear()
            $failure = try { 1..8 | Invoke-ThreadedBatch { ($using:ran).Add($_) } -ThrottleLimit 4 -InitializationScript { throw 'no set-up' } } catch { $_ }
            $failure | Should -HaveCount 1
            $failure.FullyQualifiedErrorId | Should -BeLike 'Switchyard.InitializationFailed*'
            $failure.Exception.Message | Should -BeLike '*no set-up*'
            $global:Error.Count | Should -Be 1
            $ran | Should -BeNullOrEmpty
        }

        It 'knows $using:' {
            $x = 7
            1 | Invoke-ThreadedBatch { $y } -InitializationScript { $y = $using:x } | Should -Be $x
        }

        It 'goes on after an error that does not end it' {
            $output = 1 | Invoke-ThreadedBatch { $after } -ThrottleLimit 1 -InitializationScript { Write-Error 'not bad'; $after = 'after' } -ErrorVariable errors 2>$null
            $output | Should -Be 'after'
            "$errors" | Should -Be 'not bad'
        }
    }

    Context '-ModuleName' {
        It 'imports by name' {
            $env:PSModulePath = $PSScriptRoot + [System.IO.Path]::PathSeparator + $env:PSModulePath
            'you' | Invoke-ThreadedBatch { Get-TestGreeting $_; (Get-Module TestModule).Version.ToString() } -ModuleName TestModule | Should -Be 'Hello, you!', '1.0.0'
        }

        It 'imports by the path of <Name>' -ForEach @(
            @{ Name = 'its folder'; Path = { $testModule } }
            @{ Name = 'its manifest'; Path = { Join-Path $testModule 'TestModule.psd1' } }
            @{ Name = 'its script'; Path = { Join-Path $testModule 'TestModule.psm1' } }
        ) {
            'you' | Invoke-ThreadedBatch { Get-TestGreeting $_ } -ModuleName (& $Path) | Should -Be 'Hello, you!'
        }

        It 'imports by a path relative to the caller''s location' {
            Set-Location -LiteralPath $PSScriptRoot
            'you' | Invoke-ThreadedBatch { Get-TestGreeting $_ } -ModuleName ./TestModule | Should -Be 'Hello, you!'
        }

        It 'imports from a folder with <_> in its name' -ForEach 'a space', "a quote'", 'a [bracket]', 'a $dollar' {
            $folder = Join-Path $TestDrive $_
            $null = [System.IO.Directory]::CreateDirectory($folder)
            foreach ($file in 'TestModule.psd1', 'TestModule.psm1') { [System.IO.File]::Copy((Join-Path $testModule $file), (Join-Path $folder $file), $true) }
            'you' | Invoke-ThreadedBatch { Get-TestGreeting $_ } -ModuleName (Join-Path $folder 'TestModule.psd1') | Should -Be 'Hello, you!'
        }

        It 'imports by name what the caller imported by path' {
            Import-Module $testModule
            'you' | Invoke-ThreadedBatch { Get-TestGreeting $_ } -ModuleName TestModule | Should -Be 'Hello, you!'
        }

        It 'keeps a module''s state in its worker' {
            1..3 | Invoke-ThreadedBatch { Get-TestCallCount } -ModuleName $testModule -ThrottleLimit 1 | Should -Be 1, 2, 3
        }

        It 'says nothing of its own when the batch is over before all workers are ready' {
            # In a process of its own, as the words went past every stream, straight to the host.
            $script = Join-Path $TestDrive 'rounds.ps1'
            Set-Content -LiteralPath $script -Value @'
param($Switchyard, $TestModule)
Import-Module $Switchyard
foreach ($round in 1..40) { 'you' | Invoke-ThreadedBatch { Get-TestGreeting $_ } -ModuleName $TestModule }
'@
            $lines = Invoke-Pwsh -NoProfile -File $script (Get-BuiltManifest) $testModule *>&1
            "$($lines | Where-Object { "$_" -ne 'Hello, you!' })" | Should -BeNullOrEmpty
            $lines | Should -HaveCount 40
        }

        It 'does not import into the caller' {
            $null = 'you' | Invoke-ThreadedBatch { Get-TestGreeting $_ } -ModuleName $testModule
            Get-Module TestModule | Should -BeNullOrEmpty
        }

        It 'does not know a module that is not there: <_>' -ForEach 'NoSuchModule', './no/such/folder', './no/such.psm1', '/no/such/Module.psd1', 'nodrive:thing' {
            $name = $_
            $failure = try { 1 | Invoke-ThreadedBatch { $_ } -ModuleName $name } catch { $_ }
            $failure.FullyQualifiedErrorId | Should -BeLike 'Switchyard.ModuleNotFound*'
            $failure.TargetObject | Should -Be $name
        }

        It 'does not import from what is no file' {
            { 1 | Invoke-ThreadedBatch { $_ } -ModuleName function:prompt } | Should -Throw -ErrorId 'Switchyard.ModulePathNotFileSystem*'
        }

        It 'is one terminating error when the import fails' {
            $path = Join-Path $TestDrive 'Broken.psm1'
            Set-Content -LiteralPath $path -Value "throw 'broken inside'"
            $failure = try { 1..8 | Invoke-ThreadedBatch { $_ } -ThrottleLimit 4 -ModuleName $path } catch { $_ }
            $failure | Should -HaveCount 1
            $failure.FullyQualifiedErrorId | Should -BeLike 'Switchyard.ModuleImportFailed*'
            $failure.Exception.Message | Should -BeLike "*$path*broken inside*"
        }

        It 'works from a module''s own function, with what only the module knows' {
            Import-Module $testModule
            Invoke-TestBatch -Item 1, 2 | Should -Be 'from the module 1', 'from the module 2'
        }
    }

    Context '-FunctionName' {
        It 'gives a function to the workers, advanced ones and filters too' {
            function Get-Plain { $args[0] * 2 }
            function Get-Advanced { [CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline)] [ValidateRange(1, 9)] [int] $N) process { $N * 3 } }
            filter Get-Filtered { $_ * 4 }
            1..2 | Invoke-ThreadedBatch { Get-Plain $_; $_ | Get-Advanced; $_ | Get-Filtered } -FunctionName Get-Plain, Get-Advanced, Get-Filtered -KeepOrder |
                Should -Be 2, 3, 4, 4, 6, 8
        }

        It 'gives functions that call each other and themselves' {
            function Get-Outer { Get-Inner $args[0] }
            function Get-Inner { if ($args[0] -le 0) { 'done' } else { Get-Inner ($args[0] - 1) } }
            3 | Invoke-ThreadedBatch { Get-Outer $_ } -FunctionName Get-Outer, Get-Inner | Should -Be 'done'
        }

        It 'brings what a function calls, by whatever name, at whatever depth: <_>' -ForEach 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch' {
            function Get-Outer { if ($args[0]) { & { 1 | ForEach-Object { deep } } } else { Get-Outer 1 } }
            function Get-Deep { Get-Deepest; Get-Date -Format yyyy }
            filter Get-Deepest { 'deepest' }
            Set-Alias deep Get-Deep
            1 | & $_ { Get-Outer } -FunctionName Get-Outer -WarningVariable warned | Should -Be 'deepest', (Get-Date -Format yyyy)
            $warned | Should -BeNullOrEmpty
        }

        It 'takes patterns, of the caller''s own functions: <_>' -ForEach 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch' {
            function Get-SyOne { 1 }
            function Get-SyTwo { 2 }
            1 | & $_ { Get-SyOne; Get-SyTwo; "$(Test-Path function:Should)" } -FunctionName Get-Sy* | Should -Be 1, 2, 'False'
            $failure = try { 1 | & $_ { } -FunctionName Get-SyNo* } catch { $_ }
            $failure.FullyQualifiedErrorId | Should -BeLike 'Switchyard.FunctionNotFound*'
        }

        It 'brings a module''s private functions with its public one, and says which of another module are missing' {
            $one = Join-Path $TestDrive 'SyOne.psm1'
            $two = Join-Path $TestDrive 'SyTwo.psm1'
            Set-Content -LiteralPath $one 'function Get-SyPublic { Get-SyPrivate }; function Get-SyPrivate { "private" }; Export-ModuleMember Get-SyPublic'
            Set-Content -LiteralPath $two 'function Get-SyOther { Get-SyPublic }'
            Import-Module $one, $two -Global
            try {
                foreach ($command in 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch') {
                    1 | & $command { Get-SyPublic } -FunctionName Get-SyPublic | Should -Be 'private'
                    1 | & $command { Get-SyOther } -FunctionName Get-SyOther -ModuleName SyOne -WarningVariable warned | Should -Be 'private'
                    $warned | Should -BeNullOrEmpty
                    1 | & $command { 'ran' } -FunctionName Get-SyOther -WarningVariable warned -WarningAction SilentlyContinue | Should -Be 'ran'
                    "$warned" | Should -BeLike '*Get-SyPublic of module SyOne*-ModuleName*'
                }
            }
            finally { Remove-Module SyOne, SyTwo }
        }

        It 'says which variables of their module the functions would not find' {
            $module = Join-Path $TestDrive 'SyThree.psm1'
            Set-Content -LiteralPath $module '$script:limit = 5; $script:none = $null; function Get-SyLimit { $script:kept = 1; "$script:limit$script:none$script:kept" }; function Get-SyIndirect { Get-SyLimit }'
            Import-Module $module -Global
            try {
                foreach ($command in 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch') {
                    1 | & $command { Get-SyIndirect } -FunctionName Get-SyIndirect -WarningVariable warned -WarningAction SilentlyContinue | Should -Be '1'
                    $warned | Should -HaveCount 1
                    "$warned" | Should -BeLike '*$script:limit (in Get-SyLimit)*-Variable*-ModuleName*'
                    1 | & $command { Get-SyIndirect } -FunctionName Get-SyIndirect -Variable @{ limit = 6 } -WarningVariable warned | Should -Be '61'
                    $warned | Should -BeNullOrEmpty
                    1 | & $command { Get-SyIndirect } -FunctionName Get-SyIndirect -InitializationScript { $script:limit = 7 } -WarningVariable warned | Should -Be '71'
                    $warned | Should -BeNullOrEmpty
                }
            }
            finally { Remove-Module SyThree }
        }

        It 'keeps the file and line of the function' {
            function Get-Failure { throw 'inside' }
            $failure = 1 | Invoke-ThreadedBatch { Get-Failure } -FunctionName Get-Failure 2>&1
            $failure.InvocationInfo.ScriptName | Should -Be $PSCommandPath
            $failure.InvocationInfo.ScriptLineNumber | Should -Be ((Get-Command Get-Failure).ScriptBlock.StartPosition.StartLine)
        }

        It 'does not know a function that is not there' {
            $failure = try { 1 | Invoke-ThreadedBatch { $_ } -FunctionName Get-NoSuch } catch { $_ }
            $failure.FullyQualifiedErrorId | Should -BeLike 'Switchyard.FunctionNotFound*'
            $failure.TargetObject | Should -Be 'Get-NoSuch'
        }

        It 'leaves nothing for the next batch' {
            function Get-Once { 'once' }
            $null = 1..4 | Invoke-ThreadedBatch { Get-Once } -FunctionName Get-Once
            1 | Invoke-ThreadedBatch { $null -eq (Get-Command Get-Once -ErrorAction Ignore) } | Should -BeTrue
        }
    }

    Context '-Variable' {
        It 'sets variables, whatever they hold' {
            $list = [System.Collections.Generic.List[int]]::new()
            1 | Invoke-ThreadedBatch { $number; $null -eq $nothing; $list.GetType().Name; $array.Count; ${a b} } -Variable @{ number = 1; nothing = $null; list = $list; array = 1, 2; 'a b' = 'odd' } |
                Should -Be 1, $true, 'List`1', 2, 'odd'
        }

        It 'gives each item the value that was given, whatever the one before did with it' {
            1..3 | Invoke-ThreadedBatch { $n; $n = 99 } -Variable @{ n = 1 } -ThrottleLimit 1 | Should -Be 1, 1, 1
        }

        It 'leaves nothing for the next batch' {
            $null = 1..4 | Invoke-ThreadedBatch { $n } -Variable @{ n = 1 }
            1 | Invoke-ThreadedBatch { $null -eq $n } | Should -BeTrue
        }

        It 'refuses a script block' {
            { 1 | Invoke-ThreadedBatch { & $block } -Variable @{ block = { 1 } } } | Should -Throw -ErrorId 'Switchyard.ScriptBlockNotAllowed*'
        }

        It 'refuses the name "<_>"' -ForEach '_', 'PSItem', 'args', 'Error', 'PID', ' ', '', '$', '$x', 5 {
            $variables = @{ $_ = 1 }
            { 1 | Invoke-ThreadedBatch { $_ } -Variable $variables } | Should -Throw -ErrorId 'Switchyard.VariableNameNotAllowed*'
        }
    }
}
