#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    function Get-Completion {
        param([string] $Line)

        (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches.CompletionText
    }
}

Describe 'Invoke-ThreadedBatch: parameters and kinds of body' {
    BeforeEach {
        $footprint = Get-Footprint
        $ErrorActionPreference = 'Continue'
        $WhatIfPreference = $false
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context 'Values that are refused' {
        It 'refuses <Name>' -ForEach @(
            @{ Name = '-ThrottleLimit 0'; Arguments = @{ ThrottleLimit = 0 } }
            @{ Name = '-ThrottleLimit -1'; Arguments = @{ ThrottleLimit = -1 } }
            @{ Name = '-TimeoutSeconds -1'; Arguments = @{ TimeoutSeconds = -1 } }
            @{ Name = 'no module'; Arguments = @{ ModuleName = @() } }
            @{ Name = 'an empty name of a module'; Arguments = @{ ModuleName = '' } }
            @{ Name = 'no function'; Arguments = @{ FunctionName = @() } }
            @{ Name = '-Variable $null'; Arguments = @{ Variable = $null } }
            @{ Name = '-InitializationScript $null'; Arguments = @{ InitializationScript = $null } }
            @{ Name = '-CompletionScript $null'; Arguments = @{ CompletionScript = $null } }
        ) {
            $ran = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
            { 1 | Invoke-ThreadedBatch { ($using:ran).Add($_) } @Arguments } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
            $ran | Should -BeNullOrEmpty
        }

        It 'refuses a body that is no script block' {
            { 1 | Invoke-ThreadedBatch 'text' } | Should -Throw -ErrorId 'CannotConvertArgument*'
            { 1 | Invoke-ThreadedBatch $null } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
        }

        It 'refuses to run without a body' {
            (Invoke-Shell { 1 | Invoke-ThreadedBatch }).Errors.FullyQualifiedErrorId | Should -BeLike 'MissingMandatoryParameter*'
        }

        It 'refuses what would have no effect: <Line>' -ForEach @(
            @{ Line = 'Invoke-ProcessBatch { $_ } -FreshProcess -MaxItemsPerWorker 2'; Id = 'ParametersExcludeEachOther' }
            @{ Line = 'Invoke-ProcessBatch { $_ } -FreshProcess -MaxWorkerMemoryMB 200'; Id = 'ParametersExcludeEachOther' }
            @{ Line = 'Invoke-ProcessBatch { $_ } -FreshProcess -IdleTimeoutSeconds 2'; Id = 'ParametersExcludeEachOther' }
            @{ Line = 'Invoke-ProcessBatch { $_ } -NoReuse -IdleTimeoutSeconds 2'; Id = 'ParametersExcludeEachOther' }
            @{ Line = 'Invoke-ProcessBatch -FilePath whoami -CrashRetryCount 2'; Id = 'ParameterNeedsAnother' }
            @{ Line = 'Invoke-ProcessBatch { $_ } -Name job'; Id = 'ParameterNeedsAnother' }
            @{ Line = 'Invoke-ThreadedBatch { $_ } -Resume'; Id = 'ParameterNeedsAnother' }
            @{ Line = 'Invoke-ThreadedBatch { $_ } -JournalSync'; Id = 'ParameterNeedsAnother' }
            @{ Line = 'Invoke-ThreadedBatch { $_ } -BatchSize 0'; Id = 'BatchSizeNeeded' }
            @{ Line = 'Invoke-ThreadedBatch { $_ } -SplitOnFailure'; Id = 'ParameterNeedsAnother' }
            @{ Line = 'Invoke-ThreadedBatch -FilePath whoami -MaxCommandLength 100'; Id = 'ParameterNeedsAnother' }
            @{ Line = 'Invoke-ThreadedBatch -FilePath whoami -BatchSize 2 -InputMode Item'; Id = 'ParametersExcludeEachOther' }
            @{ Line = 'Invoke-ThreadedBatch { $_ } -KeepOutput'; Id = 'ParameterNeedsAnother' }
            @{ Line = 'Invoke-ThreadedBatch { $_ } -KeepOutput -JournalPath never.jsonl -BatchSize 2'; Id = 'ParametersExcludeEachOther' }
            @{ Line = 'Invoke-ThreadedBatch -FilePath whoami -InputMode Line -AsByteStream'; Id = 'ParametersExcludeEachOther' }
            @{ Line = 'Invoke-ThreadedBatch -FilePath whoami -BlockSize 1mb'; Id = 'ParameterNeedsAnother' }
            @{ Line = 'Invoke-ThreadedBatch -FilePath whoami -AsByteStream -Encoding utf8'; Id = 'ParametersExcludeEachOther' }
            @{ Line = 'Invoke-ThreadedBatch -FilePath whoami -Environment @{ "a=b" = 1 }'; Id = 'EnvironmentNameNotAllowed' }
            @{ Line = 'Invoke-ThreadedBatch -FilePath whoami -ArgumentList { $using:x }'; Id = 'ArgumentWithUsing' }
            @{ Line = 'Invoke-ThreadedBatch -FilePath whoami -ArgumentList { & { $using:x } }'; Id = 'ArgumentWithUsing' }
        ) {
            { 1 | & ([scriptblock]::Create("`$input | $Line")) } | Should -Throw -ErrorId "Switchyard.$Id*"
        }

        It 'refuses at binding what is of another set: <_>' -ForEach @(
            'Invoke-ThreadedBatch { $_ } -FilePath whoami', 'Invoke-ThreadedBatch -FilePath whoami -CompletionScript { 1 }', 'Invoke-ThreadedBatch -FilePath whoami -FreshRunspace', 'Invoke-ThreadedBatch { $_ } -OutputDirectory out'
            'Invoke-ProcessBatch -FilePath whoami -NoReuse', 'Measure-Bottleneck { $_ } -Id 1'
        ) {
            $line = $_
            { 1 | & ([scriptblock]::Create("`$input | $line")) } | Should -Throw -ExceptionType ([System.Management.Automation.ParameterBindingException])
        }

        It 'takes <_> as -ArgumentList' -ForEach '$null', '@()' {
            $arguments = & ([scriptblock]::Create($_))
            1 | Invoke-ThreadedBatch { $args.Count } -ArgumentList $arguments | Should -Be 0
        }
    }

    Context '-ArgumentList' {
        It 'is $args in <Name>' -ForEach @(
            @{ Name = 'a plain body'; Body = { "$_ $($args[0]) $($args[1]) $($args.Count)" } }
            @{ Name = 'a process block'; Body = { process { "$_ $($args[0]) $($args[1]) $($args.Count)" } } }
            @{ Name = 'an end block'; Body = { end { "$_ $($args[0]) $($args[1]) $($args.Count)" } } }
        ) {
            1, 2 | Invoke-ThreadedBatch $Body -ArgumentList 'a', 'b' -KeepOrder | Should -Be '1 a b 2', '2 a b 2'
        }

        It 'binds to <Name>' -ForEach @(
            @{ Name = 'param()'; Body = { param($A, $B) "$_ $A $B" } }
            @{ Name = 'typed parameters'; Body = { param([string] $A, [int] $B) "$_ $A $($B + 0)" } }
            @{ Name = 'parameters with attributes'; Body = { param([Parameter(Mandatory)] [string] $A, [ValidateRange(1, 9)] [int] $B) "$_ $A $B" } }
            @{ Name = 'a cmdlet binding'; Body = { [CmdletBinding()] param($A, $B) "$_ $A $B" } }
            @{ Name = 'a cmdlet binding that takes input'; Body = { [CmdletBinding()] param($A, $B, [Parameter(ValueFromPipeline)] $In) process { "$In $A $B" } } }
            @{ Name = 'param() and a process block'; Body = { param($A, $B) process { "$_ $A $B" } } }
            @{ Name = 'positions that are given'; Body = { param([Parameter(Position = 1)] $B, [Parameter(Position = 0)] $A) "$_ $A $B" } }
        ) {
            1, 2 | Invoke-ThreadedBatch $Body -ArgumentList 'a', 2 -KeepOrder | Should -Be '1 a 2', '2 a 2'
        }

        It 'leaves defaults to what is not given, and the rest to $args' {
            1 | Invoke-ThreadedBatch { param($A, $B = 'default') "$A $B" } -ArgumentList 'a' | Should -Be 'a default'
            1 | Invoke-ThreadedBatch { param($A) "$A $args" } -ArgumentList 'a', 'b', 'c' | Should -Be 'a b c'
        }

        It 'keeps an array and $null as elements' {
            1 | Invoke-ThreadedBatch { param($A, $B, $C) $A.Count; $null -eq $B; $C } -ArgumentList (1, 2, 3), $null, 'c' | Should -Be 3, $true, 'c'
        }

        It 'does not turn text into parameter names' {
            1 | Invoke-ThreadedBatch { param($A, $B) "$A|$B" } -ArgumentList '-B', 'x' | Should -Be '-B|x'
            1 | Invoke-ThreadedBatch { [CmdletBinding()] param($A, $B) "$A|$B" } -ArgumentList '-B', 'x' | Should -Be '-B|x'
        }

        It 'is an error of the item when it does not convert' {
            1, 2 | Invoke-ThreadedBatch { param([int] $A) 'ran' } -ArgumentList 'no number' -ErrorVariable errors 2>$null | Should -BeNullOrEmpty
            $errors | Should -HaveCount 2
            $errors.TargetObject | Sort-Object | Should -Be 1, 2
        }

        It 'gives each item its own value of a parameter' {
            1..3 | Invoke-ThreadedBatch { param($N) $N; $N = 99 } -ArgumentList 5 -ThrottleLimit 1 | Should -Be 5, 5, 5
        }
    }

    Context 'Kinds of body' {
        It 'means for <Name> what & means' -ForEach @(
            @{ Name = 'begin, process and end'; Body = { begin { 'b' } process { "p $_" } end { 'e' } } }
            @{ Name = 'begin and end'; Body = { begin { 'b' } end { 'e' } } }
            @{ Name = 'process alone'; Body = { process { "p $_"; "p $PSItem" } } }
            @{ Name = 'a clean block'; Body = { process { "p $_" } clean { $null = 1 } } }
            @{ Name = 'input by value'; Body = { param([Parameter(ValueFromPipeline)] $In) process { "in $In $_" } } }
            @{ Name = 'input by property'; Body = { param([Parameter(ValueFromPipelineByPropertyName)] $Length) process { "length $Length" } } }
            @{ Name = 'nothing at all'; Body = { } }
            @{ Name = 'a cmdlet binding that takes no input'; Body = { [CmdletBinding()] param($A) process { "p $_" } } }
            @{ Name = 'a here-string'; Body = { process { @"
text
"@ } } }
        ) {
            $expected = foreach ($item in 'one', 'two') { $item | & $Body 2>&1 }
            $actual = 'one', 'two' | Invoke-ThreadedBatch $Body -KeepOrder 2>&1
            "$actual" | Should -Be "$expected"
            @($actual).Count | Should -Be @($expected).Count
        }

        It 'shares a variable between the blocks of one item, not of two' {
            1..3 | Invoke-ThreadedBatch { begin { $sum += 10 } process { $sum += $_ } end { $sum } } -ThrottleLimit 1 | Should -Be 11, 12, 13
        }

        It 'runs text, a function''s body and a stored block' {
            function Get-Double { $_ * 2 }
            filter Get-Half { $_ / 2 }
            $stored = { $_ + 1 }
            4 | Invoke-ThreadedBatch ([scriptblock]::Create('$_ * 3')) | Should -Be 12
            4 | Invoke-ThreadedBatch ${function:Get-Double} | Should -Be 8
            4 | Invoke-ThreadedBatch ${function:Get-Half} | Should -Be 2
            4 | Invoke-ThreadedBatch $stored | Should -Be 5
            4 | Invoke-ThreadedBatch -ScriptBlock $stored | Should -Be 5
        }

        It 'runs a body with an #Requires, comments and many lines' {
            1 | Invoke-ThreadedBatch {
                # A comment.
                $lines = @(
                    'a' # another
                    'b'
                )
                $lines -join "`n"
            } | Should -Be "a`nb"
        }

        It 'does not change the caller''s block' {
            $block = { "$_ by $env:SYTEST" }
            $null = 1 | Invoke-ThreadedBatch $block
            5 | ForEach-Object $block | Should -Be '5 by '
        }

        It 'runs one block in many batches at a time' {
            $block = { $_ * 2 }
            $sum = 1..6 | Invoke-ThreadedBatch { 1..50 | Invoke-ThreadedBatch ([scriptblock]::Create('$_ * 2')) } -ThrottleLimit 3 | Measure-Object -Sum
            $sum.Sum | Should -Be (6 * 2550)
            1..50 | Invoke-ThreadedBatch $block | Measure-Object -Sum | ForEach-Object Sum | Should -Be 2550
        }

        It 'has classes and enums that the body defines' {
            1, 2 | Invoke-ThreadedBatch { enum Colour { Red = 1; Blue = 2 } "$([Colour]$_)" } -KeepOrder | Should -Be 'Red', 'Blue'
        }
    }

    Context '-WhatIf' {
        It 'runs nothing: <Name>' -ForEach @(
            @{ Name = '-WhatIf'; Run = { param($ran) 1..3 | Invoke-ThreadedBatch { ($using:ran).Add($_); $_ } -WhatIf -InitializationScript { ($using:ran).Add(0) } } }
            @{ Name = '$WhatIfPreference'; Run = { param($ran) $WhatIfPreference = $true; 1..3 | Invoke-ThreadedBatch { ($using:ran).Add($_); $_ } } }
        ) {
            $ran = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
            & $Run $ran | Should -BeNullOrEmpty
            $ran | Should -BeNullOrEmpty
        }

        It 'says for each item what would run' {
            $transcript = Join-Path $TestDrive 'what-if.txt'
            $null = Start-Transcript -LiteralPath $transcript
            try { 'first', 'second' | Invoke-ThreadedBatch { Remove-Item $_ } -WhatIf }
            finally { $null = Stop-Transcript }
            $said = Get-Content -LiteralPath $transcript | Where-Object { $_ -like 'What if:*' }
            $said | Should -HaveCount 2
            $said[0] | Should -BeLike '*Remove-Item $_*target "first".'
            $said[1] | Should -BeLike '*Remove-Item $_*target "second".'
        }

        It 'runs with -Confirm:$false' {
            1..3 | Invoke-ThreadedBatch { $_ } -Confirm:$false -KeepOrder | Should -Be 1, 2, 3
        }

        It 'does not reach into the body with -WhatIf:$false' {
            $WhatIfPreference = $true
            1 | Invoke-ThreadedBatch { $_ } -WhatIf:$false | Should -Be 1
        }
    }

    Context 'Completion' {
        It 'knows what results have' {
            Get-Completion '1 | Invoke-ThreadedBatch { } -AsResult | Sort-Object Dur' | Should -Be 'Duration'
            Get-Completion '1 | Invoke-ThreadedBatch { } -AsResult | Where-Object Status -eq Time' | Should -Be 'TimedOut'
        }

        It 'completes functions of the session' {
            function global:Get-SyCompletionTest { }
            try {
                Get-Completion 'Invoke-ThreadedBatch { } -FunctionName Get-SyComp' | Should -Contain 'Get-SyCompletionTest'
                Get-Completion "1..3 | Invoke-ThreadedBatch -FunctionName 'Get-SyComp" | Should -Contain 'Get-SyCompletionTest'
                Get-Completion 'Invoke-ThreadedBatch { } -FunctionName Get-NoneOfThis' | Should -Not -Contain 'Get-SyCompletionTest'
            }
            finally {
                Remove-Item function:Get-SyCompletionTest
            }
        }

        It 'completes modules by name and by path' {
            $before = $env:PSModulePath
            $env:PSModulePath = $PSScriptRoot + [System.IO.Path]::PathSeparator + $before
            try {
                Get-Completion 'Invoke-ThreadedBatch { } -ModuleName TestMod' | Should -Contain 'TestModule'
                $path = Join-Path $PSScriptRoot 'TestMod'
                Get-Completion "Invoke-ThreadedBatch { } -ModuleName $path" | Should -BeLike '*TestModule*'
            }
            finally {
                $env:PSModulePath = $before
            }
        }

        It 'completes a second name' {
            function global:Get-SyCompletionTest { }
            try { Get-Completion 'Invoke-ThreadedBatch { } -FunctionName prompt, Get-SyComp' | Should -Contain 'Get-SyCompletionTest' }
            finally { Remove-Item function:Get-SyCompletionTest }
        }

        It 'completes a value that can be known: <Line>' -ForEach @(
            @{ Line = '1 | Invoke-ThreadedBatch -FilePath printf -ArgumentList '; Value = "'{}'" }
            @{ Line = '1 | Invoke-ThreadedBatch -FilePath printf -ArgumentList ''{/'; Value = "'{//}'" }
            @{ Line = '1 | Invoke-ProcessBatch -FilePath printf -InputMode L'; Value = 'Line' }
            @{ Line = '1 | Measure-Bottleneck -FilePath printf -Encoding utf'; Value = 'utf8' }
            @{ Line = 'New-SharedState Q'; Value = 'Queue' }
            @{ Line = 'Get-BatchJournal run.jsonl -Status Cr'; Value = 'Crashed' }
        ) {
            Get-Completion $Line | Should -Contain $Value
        }

        It 'offers no placeholders as arguments of a script block' {
            Get-Completion '1 | Invoke-ThreadedBatch { $_ } -ArgumentList ' | Should -Not -Contain "'{}'"
        }

        It 'completes a process by number and by name' {
            $own = [System.Diagnostics.Process]::GetCurrentProcess()
            Get-Completion "Measure-Bottleneck -Id $("$PID".Substring(0, "$PID".Length - 1))" | Should -Contain "$PID"
            Get-Completion "Measure-Bottleneck -Id $($own.ProcessName)" | Should -Contain "$PID"
        }

        It 'completes the name of <_>' -ForEach 'ThrottleLimit', 'KeepOrder', 'FreshRunspace' {
            Get-Completion "Invoke-ThreadedBatch -$($_.Substring(0, 5))" | Should -Contain "-$_"
        }
    }
}
