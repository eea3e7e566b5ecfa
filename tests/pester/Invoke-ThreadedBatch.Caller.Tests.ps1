#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
}

Describe 'Invoke-ThreadedBatch: what a body has from its caller' {
    BeforeEach {
        $footprint = Get-Footprint
        $location = Get-Location
        $ErrorActionPreference = 'Continue'
    }

    AfterEach {
        Set-Location -LiteralPath $location
        Get-PSDrive -Name SyTest -ErrorAction Ignore | Remove-PSDrive
        Assert-NoLeak $footprint
    }

    Context '$using:' {
        It 'takes <Name>' -ForEach @(
            @{ Name = 'a variable'; Body = { $using:text }; Expected = 'words' }
            @{ Name = 'a variable in any case'; Body = { $using:TEXT }; Expected = 'words' }
            @{ Name = 'a variable in a string'; Body = { "<$using:text>" }; Expected = '<words>' }
            @{ Name = 'a member'; Body = { $using:object.Name }; Expected = 'inner' }
            @{ Name = 'a member of a member'; Body = { $using:object.Child.Depth }; Expected = 2 }
            @{ Name = 'an index'; Body = { $using:list[1] }; Expected = 'b' }
            @{ Name = 'an index from the end'; Body = { $using:list[-1] }; Expected = 'c' }
            @{ Name = 'a key'; Body = { $using:table['k'] }; Expected = 'value' }
            @{ Name = 'an index of a key of a key'; Body = { $using:table['t']['list'][1] }; Expected = 2 }
            @{ Name = 'a count of a member'; Body = { $using:table.t.list.Count }; Expected = 2 }
            @{ Name = 'a variable in a block of the body'; Body = { & { $using:text } }; Expected = 'words' }
            @{ Name = 'a key as a member'; Body = { $using:table.k }; Expected = 'value' }
            @{ Name = 'a member by another case'; Body = { $using:object.NAME }; Expected = 'inner' }
            @{ Name = 'an array'; Body = { ($using:list).Count }; Expected = 3 }
            @{ Name = 'an array of one'; Body = { , $using:one | ForEach-Object { $_.GetType().Name } }; Expected = 'Object[]' }
            @{ Name = 'an array in a member'; Body = { ($using:object.Many).GetType().Name }; Expected = 'Object[]' }
            @{ Name = 'a variable that is $null'; Body = { $null -eq $using:nothing }; Expected = $true }
            @{ Name = 'a member that is $null'; Body = { $null -eq $using:object.None }; Expected = $true }
            @{ Name = 'an odd name'; Body = { ${using:odd name} }; Expected = 'odd' }
            @{ Name = 'an environment variable'; Body = { $using:env:SYTEST }; Expected = 'from env' }
            @{ Name = 'the same variable twice'; Body = { $using:text + $using:text }; Expected = 'wordswords' }
            @{ Name = 'a splatted table'; Body = { $splat = $using:splat; Join-Path @splat }; Expected = (Join-Path 'a' 'b') }
        ) {
            $text = 'words'
            $object = [pscustomobject]@{ Name = 'inner'; Child = @{ Depth = 2 }; Many = @(1); None = $null }
            $list = 'a', 'b', 'c'
            $table = @{ k = 'value'; t = @{ list = 1, 2 } }
            $one = @(1)
            $nothing = $null
            ${odd name} = 'odd'
            $splat = @{ Path = 'a'; ChildPath = 'b' }
            $env:SYTEST = 'from env'
            try {
                1 | Invoke-ThreadedBatch $Body | Should -Be $Expected
                $text, $object, $list, $table, $one, $nothing, ${odd name}, $splat | Should -Not -BeNullOrEmpty
            }
            finally {
                $env:SYTEST = $null
            }
        }

        It 'takes the very object' {
            $bag = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
            1..100 | Invoke-ThreadedBatch { ($using:bag).Add($_) }
            $bag.Count | Should -Be 100
        }

        It 'takes the very object from <Name>' -ForEach @(
            @{ Name = 'a member that is a bag'; Body = { ($using:holder.Bag).GetType().Name; ($using:holder.Bag).Add(1) }; Type = 'ConcurrentBag`1'; Kept = { $holder.Bag.Count } }
            @{ Name = 'a key that holds a list'; Body = { ($using:holder['List']).GetType().Name; ($using:holder['List']).Add(1) }; Type = 'List`1'; Kept = { $holder.List.Count } }
            @{ Name = 'a member that is an empty queue'; Body = { ($using:holder.Queue).GetType().Name; ($using:holder.Queue).Enqueue(1) }; Type = 'ConcurrentQueue`1'; Kept = { $holder.Queue.Count } }
        ) {
            $holder = @{
                Bag   = [System.Collections.Concurrent.ConcurrentBag[int]]::new([int[]](7, 8))
                List  = [System.Collections.Generic.List[int]]::new([int[]](7, 8))
                Queue = [System.Collections.Concurrent.ConcurrentQueue[int]]::new()
            }
            $before = & $Kept
            1 | Invoke-ThreadedBatch $Body 2>$null | Should -Be $Type
            & $Kept | Should -Be ($before + 1)
        }

        It 'takes what a function knows' {
            function Invoke-Outer { param($Factor) 1..3 | Invoke-ThreadedBatch { $_ * $using:Factor } -KeepOrder }
            Invoke-Outer -Factor 3 | Should -Be 3, 6, 9
        }

        It 'takes a variable of the nearest scope' {
            $value = 'outer'
            & { $value = 'inner'; 1 | Invoke-ThreadedBatch { $using:value } } | Should -Be 'inner'
            1 | Invoke-ThreadedBatch { $using:value } | Should -Be 'outer'
        }

        It 'takes a new value for each batch' {
            foreach ($value in 1..3) { 1 | Invoke-ThreadedBatch { $using:value } | Should -Be $value }
        }

        It 'says which variable is not defined, before anything runs' {
            $ran = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
            $failure = try { 1..3 | Invoke-ThreadedBatch { ($using:ran).Add($_); $using:notDefinedHere } } catch { $_ }
            $failure | Should -HaveCount 1
            $failure.FullyQualifiedErrorId | Should -BeLike 'Switchyard.UsingVariableUndefined*'
            $failure.Exception.Message | Should -BeLike '*notDefinedHere*'
            $ran | Should -BeNullOrEmpty
        }

        It 'says so for members of it, and in an -InitializationScript' {
            { 1 | Invoke-ThreadedBatch { $using:notDefinedHere.Name } } | Should -Throw -ErrorId 'Switchyard.UsingVariableUndefined*'
            { 1 | Invoke-ThreadedBatch { $_ } -InitializationScript { $using:notDefinedHere } } | Should -Throw -ErrorId 'Switchyard.UsingVariableUndefined*'
        }

        It 'refuses a script block' {
            $block = { 1 }
            { 1 | Invoke-ThreadedBatch { & $using:block } } | Should -Throw -ErrorId 'Switchyard.ScriptBlockNotAllowed*'
            $block | Should -Not -BeNullOrEmpty
        }

        It 'belongs to the block of a nested <Name>' -ForEach @(
            @{ Name = 'batch'; Body = { $x = "own $_"; 1 | Invoke-ThreadedBatch { $using:x } } }
            @{ Name = 'batch with a named parameter'; Body = { $x = "own $_"; 1 | Invoke-ThreadedBatch -ScriptBlock { $using:x } } }
            @{ Name = 'batch by its full name'; Body = { $x = "own $_"; 1 | Switchyard\Invoke-ThreadedBatch { $using:x } } }
            @{ Name = 'ForEach-Object -Parallel'; Body = { $x = "own $_"; 1 | ForEach-Object -Parallel { $using:x } } }
            @{ Name = 'ForEach-Object -Para'; Body = { $x = "own $_"; 1 | ForEach-Object -Para { $using:x } } }
            @{ Name = '% -Parallel'; Body = { $x = "own $_"; 1 | % -Parallel { $using:x } } }
            @{ Name = 'Start-ThreadJob'; Body = { $x = "own $_"; Start-ThreadJob { $using:x } | Receive-Job -Wait -AutoRemoveJob } }
        ) {
            if ($Name -eq 'Start-ThreadJob' -and -not (Get-Command -Name Start-ThreadJob -ErrorAction Ignore)) {
                Set-ItResult -Skipped -Because 'this PowerShell came without its modules'
            }

            1 | Invoke-ThreadedBatch $Body | Should -Be 'own 1'
        }

        It 'belongs to the body in a nested ForEach-Object that is not parallel' {
            $x = 'outer'
            1 | Invoke-ThreadedBatch { 1, 2 | ForEach-Object { "$using:x $_" } } | Should -Be 'outer 1', 'outer 2'
            $x | Should -Be 'outer'
        }

        It 'is an argument''s of a nested batch as it is the body''s, and a stored block''s as it is the nested one''s' {
            $x = 'outer'
            1 | Invoke-ThreadedBatch { $x = 'inner'; 1 | Invoke-ThreadedBatch { param($a) $a } -ArgumentList $using:x } | Should -Be $x
            1 | Invoke-ThreadedBatch { $x = 'inner'; $block = { $using:x }; 1 | Invoke-ThreadedBatch $block } | Should -Be 'inner'
        }

        It 'goes through two nested batches' {
            $x = 'x'
            1 | Invoke-ThreadedBatch { $y = $using:x + 'y'; 1 | Invoke-ThreadedBatch { $using:y + 'z' } } | Should -Be 'xyz'
            $x | Should -Be 'x'
        }
    }

    Context 'Location' {
        It 'is in a folder with <_> in its name' -ForEach @(
            'a space', "a quote'", 'a [bracket]', 'a $dollar', 'a `tick'
            if (-not $IsWindows) { 'a*star?' }
        ) {
            $folder = Join-Path $TestDrive $_
            $null = [System.IO.Directory]::CreateDirectory($folder)
            [System.IO.File]::WriteAllText((Join-Path $folder 'file.txt'), 'inside')
            Set-Location -LiteralPath $folder
            1..2 | Invoke-ThreadedBatch { (Get-Location).ProviderPath; [System.IO.File]::ReadAllText((Join-Path $PWD.ProviderPath 'file.txt')); Set-Location / } -ThrottleLimit 1 |
                Should -Be $folder, 'inside', $folder, 'inside'
        }

        It 'is behind a drive of the caller''s own' {
            $root = (Resolve-Path -LiteralPath $TestDrive).ProviderPath
            $null = [System.IO.Directory]::CreateDirectory((Join-Path $root 'sub'))
            [System.IO.File]::WriteAllText((Join-Path $root 'sub' 'file.txt'), 'by drive')
            $null = New-PSDrive -Name SyTest -PSProvider FileSystem -Root $root -Scope Global
            Set-Location SyTest:/sub
            1..2 | Invoke-ThreadedBatch { Get-Content file.txt } -KeepOrder | Should -Be 'by drive', 'by drive'
        }

        It 'follows the caller from batch to batch' {
            foreach ($name in 'one', 'two') {
                $folder = Join-Path $TestDrive $name
                $null = [System.IO.Directory]::CreateDirectory($folder)
                Set-Location -LiteralPath $folder
                1 | Invoke-ThreadedBatch { $PWD.ProviderPath } | Should -Be $folder
            }
        }

        It 'may be on another provider' {
            Set-Location Env:
            $env:SYTEST = 'here'
            try { 1 | Invoke-ThreadedBatch { (Get-Item SYTEST).Value } | Should -Be 'here' }
            finally { $env:SYTEST = $null }
        }
    }

    Context 'A script file' {
        BeforeAll {
            $script = Join-Path $TestDrive "caller's [script].ps1"
            Set-Content -LiteralPath $script -Value @'
using namespace System.Text
param($What)
switch ($What) {
    'throw' { 1 | Invoke-ThreadedBatch {
            throw 'in line 5'
        } 2>&1 }
    'write' { 1 | Invoke-ThreadedBatch { 1; Get-Item -LiteralPath /no/such/file } 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] } }
    'namespace' { 1 | Invoke-ThreadedBatch { [StringBuilder]::new('built').ToString() } }
    'namespace in process' { 1 | Invoke-ThreadedBatch { process { [StringBuilder]::new('built').ToString() } } }
    'path' { 1 | Invoke-ThreadedBatch { $PSCommandPath; $PSScriptRoot } }
    'path in process' { 1 | Invoke-ThreadedBatch { process { $PSCommandPath; $PSScriptRoot } } }
}
'@
        }

        It 'is the place of what its body throws' {
            $failure = & $script throw
            $failure.InvocationInfo.ScriptName | Should -Be $script
            $failure.InvocationInfo.ScriptLineNumber | Should -Be 5
            $failure.InvocationInfo.OffsetInLine | Should -Be 13
        }

        It 'is the place of what a cmdlet in its body reports' {
            $failure = & $script write
            $failure.InvocationInfo.ScriptName | Should -Be $script
            $failure.InvocationInfo.ScriptLineNumber | Should -Be 7
            $failure.InvocationInfo.MyCommand.Name | Should -Be 'Get-Item'
        }

        It 'is honoured with its using namespace: <_>' -ForEach 'namespace', 'namespace in process' {
            & $script $_ | Should -Be 'built'
        }

        It 'is $PSCommandPath and $PSScriptRoot of its body: <_>' -ForEach 'path', 'path in process' {
            & $script $_ | Should -Be $script, (Split-Path $script)
        }
    }

    Context 'Language mode' {
        It 'constrains the workers of a constrained caller' {
            $result = Invoke-Shell {
                $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
                1, 2 | Invoke-ThreadedBatch { "$($ExecutionContext.SessionState.LanguageMode)" }

                # No session is used again under another mode.
                foreach ($round in 1..3) { $round | Invoke-ThreadedBatch { $_ } }
            }
            $result.Output | Should -Be 'ConstrainedLanguage', 'ConstrainedLanguage', 1, 2, 3
        }

        It 'is no way out for <Name>' -ForEach @(
            @{ Name = 'the body'; Script = { $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; 1 | Invoke-ThreadedBatch { [System.IO.File]::Exists('/'); 'went on' } } }
            @{ Name = 'a body with blocks'; Script = { $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; 1 | Invoke-ThreadedBatch { process { [System.IO.File]::Exists('/'); 'went on' } } } }
            @{ Name = 'a set-up'; Script = { $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; 1 | Invoke-ThreadedBatch { 'went on' } -ThrottleLimit 1 -InitializationScript { [System.IO.File]::Exists('/') } } }
            @{ Name = 'a function'; Script = { function f { [System.IO.File]::Exists('/') } $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; 1 | Invoke-ThreadedBatch { f; 'went on' } -FunctionName f } }
            @{ Name = 'a nested batch'; Script = { $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; 1 | Invoke-ThreadedBatch { 1 | Invoke-ThreadedBatch { [System.IO.File]::Exists('/'); 'went on' } } } }
            @{ Name = 'a fresh runspace'; Script = { $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; 1 | Invoke-ThreadedBatch { [System.IO.File]::Exists('/'); 'went on' } -FreshRunspace } }
            @{ Name = 'a warm one'; Script = { 1..4 | Invoke-ThreadedBatch { 1 } > $null; $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; 1 | Invoke-ThreadedBatch { [System.IO.File]::Exists('/'); 'went on' } } }
        ) {
            $result = Invoke-Shell $Script
            $result.Output | Should -Be 'went on'
            $result.Errors.FullyQualifiedErrorId | Should -Be 'MethodInvocationNotSupportedInConstrainedLanguage'
        }

        It 'leaves the next caller, who is not constrained, alone' {
            $null = Invoke-Shell { $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; 1..4 | Invoke-ThreadedBatch { $_ } }
            1..4 | Invoke-ThreadedBatch { "$($ExecutionContext.SessionState.LanguageMode)" } | Sort-Object -Unique | Should -Be 'FullLanguage'
        }
    }
}
