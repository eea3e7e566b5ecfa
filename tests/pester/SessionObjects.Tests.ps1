#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# Objects that belong to the caller's session, given to workers: right values, or one clear error before an item runs.

class SessionBase { [int]$N; [int] Times([int]$factor) { return $this.N * $factor } }
class SessionBox : SessionBase, System.IComparable {
    [object]$Held
    SessionBox([int]$n) { $this.N = $n }
    [int] Six() { return $this.Times(6) }
    [int] CompareTo([object]$other) { return $this.N.CompareTo($other.N) }
    [string] ToString() { return "box $($this.N)" }
    [object] Another() { return [SessionBox]::new($this.N + 1) }
    static [int] $Step = 3
    static [int] Next([int]$n) { return $n + [SessionBox]::Step }
    [int] AfterNext() { return [SessionBox]::Next($this.N) }
}
class SessionChain { [int]$V = 1; [SessionChain]$Next; [object[]]$Held; [int] Sum() { if ($this.Next) { return $this.V + $this.Next.Sum() }; return $this.V } }
class SessionData { [int]$A = 3; [object]$B }
class SessionNeedy { [int] Get() { return $global:sessionFactor * 2 } }
class SessionCaller { [int] Get() { return Get-SessionDouble 4 } }
[NoRunspaceAffinity()] class SessionFree { [int] Get() { return 12 } }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
    $global:sessionFactor = 7
    function global:Get-SessionDouble($x) { $x * 2 }
    function global:Get-SessionNeed { $sessionFactor * 2 }

    # An end for what would hang.
    $limit = @{ ItemTimeoutSeconds = 20 }
}

AfterAll {
    Remove-Item function:Get-SessionDouble, function:Get-SessionFactorial, function:Get-SessionNeed
    Remove-Variable sessionFactor -Scope Global
}

Describe 'Objects of the caller''s classes on threads' {
    BeforeEach {
        $errorCount = $Error.Count
    }

    AfterEach {
        # What ran in the wrong session failed there, too.
        $Error.Count | Should -Be $errorCount -Because "$($Error[0])"
    }

    It 'run their methods where they are called: <Name>' -ForEach @(
        @{ Name = 'an inherited one, by one that calls another'; Body = { $_.Six() }; Right = 6, 12, 18, 24, 30, 36, 42, 48 }
        @{ Name = 'ToString'; Body = { "$_" }; Right = 1..8 | ForEach-Object { "box $_" } }
        @{ Name = 'one that calls a static one'; Body = { $_.AfterNext() }; Right = 4..11 }
        @{ Name = 'one that makes another object'; Body = { $_.Another().Six() }; Right = 12, 18, 24, 30, 36, 42, 48, 54 }
        @{ Name = 'one that the engine calls'; Body = { (@($_, $_.Another()) | Sort-Object -Descending)[0].N }; Right = 2..9 }
    ) {
        1..8 | ForEach-Object { [SessionBox]::new($_) } | Invoke-ThreadedBatch @limit -KeepOrder -ThrottleLimit 4 $Body | Should -Be $Right
    }

    It 'do so wherever they are held: <Name>' -ForEach @(
        @{ Name = 'an array'; Make = { , @(0, @($args[0])) }; Body = { $_[1][0].Six() } }
        @{ Name = 'a hashtable'; Make = { @{ a = @{ b = $args[0] } } }; Body = { $_.a.b.Six() } }
        @{ Name = 'an entry of one'; Make = { @{ a = $args[0] }.GetEnumerator() }; Body = { $_.Value.Six() } }
        @{ Name = 'a custom object'; Make = { [pscustomobject]@{ A = [pscustomobject]@{ B = $args[0] } } }; Body = { $_.A.B.Six() } }
        @{ Name = 'a list'; Make = { , [System.Collections.Generic.List[object]]@($args[0]) }; Body = { $_[0].Six() } }
        @{ Name = 'a queue'; Make = { , [System.Collections.Generic.Queue[object]]::new([object[]]@($args[0])) }; Body = { $_.Peek().Six() } }
        @{ Name = 'an object of a class'; Make = { $data = [SessionData]::new(); $data.B = $args[0]; $data }; Body = { $_.B.Six() } }
        @{ Name = 'a group'; Make = { $args[0] | Group-Object N }; Body = { $_.Group[0].Six() } }
        @{ Name = 'a note on a file'; Make = { Get-Item $PSCommandPath | Add-Member A $args[0] -PassThru }; Body = { $_.A.Six() } }
        @{ Name = 'a shared dictionary'; Make = { $made = New-SharedState -Kind Dictionary; $made['a'] = $args[0]; $made }; Body = { $_['a'].Six() } }
        @{ Name = 'a ring'; Make = { $chain = [SessionChain]::new(); $chain.Held = $chain, $args[0]; $chain }; Body = { $_.Held[0].Held[1].Six() } }
    ) {
        $box = [SessionBox]::new(7)
        & $Make $box | Invoke-ThreadedBatch @limit $Body | Should -Be 42
    }

    It 'do so however they are given: <_>' -ForEach '$using:', 'a member of $using:', '-Variable', '-ArgumentList', '-CloneSession', 'a shared queue', '-AsJob' {
        $box = [SessionBox]::new(7)
        $held = @{ box = $box }
        $result = switch ($_) {
            '$using:' { 1 | Invoke-ThreadedBatch @limit { ($using:box).Six() } }
            'a member of $using:' { 1 | Invoke-ThreadedBatch @limit { ($using:held.box).Six() } }
            '-Variable' { 1 | Invoke-ThreadedBatch @limit { $b.Six() } -Variable @{ b = $box } }
            '-ArgumentList' { 1 | Invoke-ThreadedBatch @limit { param($b) $b.Six() } -ArgumentList $box }
            '-CloneSession' { 1 | Invoke-ThreadedBatch @limit { $box.Six() } -CloneSession -WarningAction SilentlyContinue }
            'a shared queue' { $queue = New-SharedState -Kind Queue; $queue.Enqueue($box); $queue.Complete(); $queue | Invoke-ThreadedBatch @limit { $_.Six() } }
            '-AsJob' { $job = $box | Invoke-ThreadedBatch @limit { $_.Six() } -AsJob; Receive-Job $job -Wait; Remove-Job $job }
        }
        $result | Should -Be 42
    }

    It 'stay what they are: the caller''s own object, which works there as before' {
        $box = [SessionBox]::new(2)
        $given = $box | Invoke-ThreadedBatch @limit { $_.N = 5; $_ }
        [object]::ReferenceEquals($given, $box) | Should -BeTrue
        $box.Six() | Should -Be 30
    }

    It 'may hold each other without end' {
        $chain = $null
        1..2000 | ForEach-Object { $next = [SessionChain]::new(); $next.Next = $chain; $chain = $next }
        $chain | Invoke-ThreadedBatch @limit { $sum = 0; for ($one = $_; $one; $one = $one.Next) { $sum += $one.V }; $sum } | Should -Be 2000
    }

    It 'run static methods of a class that is given' {
        $class = [SessionBox]
        1, 4 | Invoke-ThreadedBatch @limit -KeepOrder { ($using:class)::Next($_) } | Should -Be 4, 7
    }

    It 'are as they were where the class has no affinity' {
        [SessionFree]::new(), [SessionFree]::new() | Invoke-ThreadedBatch @limit { $_.Get() } | Should -Be 12, 12
    }

    It 'are in a nested batch what they are in a batch' {
        [SessionBox]::new(7) | Invoke-ThreadedBatch @limit { $_ | Invoke-ThreadedBatch { $_.Six() } } | Should -Be 42
    }

    It 'leave a process that ends' {
        $script = Join-Path $TestDrive 'ends.ps1'
        @'
param($module)
Import-Module $module
class Box { [int]$N; Box([int]$n) { $this.N = $n } [int] Twice() { return $this.N * 2 } [int] Four() { return $this.Twice() * 2 } }
[Box]::new(3), [Box]::new(4) | Invoke-ThreadedBatch { $_.Four() } -KeepOrder -ItemTimeoutSeconds 5
$Error.Count
'@ | Set-Content -LiteralPath $script
        Invoke-Pwsh -NoProfile -File $script (Get-BuiltManifest) | Should -Be 12, 16, 0
    }
}

Describe 'Objects of the caller''s session that workers cannot use' {
    It 'are one error that names the class, what it needs and the cure: <Need>' -ForEach @(
        @{ Make = { [SessionNeedy]::new(), [SessionNeedy]::new() }; Name = 'SessionNeedy'; Need = '$global:sessionFactor' }
        @{ Make = { [SessionCaller]::new(), [SessionCaller]::new() }; Name = 'SessionCaller'; Need = 'Get-SessionDouble' }
    ) {
        $ran = [System.Collections.Concurrent.ConcurrentBag[int]]::new()
        $failure = try { & $Make | Invoke-ThreadedBatch { ($using:ran).Add(1); $_.Get() } } catch { $_ }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'Switchyard.SessionObjectNotAllowed*'
        "$failure" | Should -BeLike "*class '$Name'*$Need*-ModuleName*NoRunspaceAffinity*"
        $ran.Count | Should -Be 0
    }

    It 'can be used where the workers are given what it needs: <_>' -ForEach '-Variable', '-FunctionName', '-CloneSession' {
        switch ($_) {
            '-Variable' { [SessionNeedy]::new() | Invoke-ThreadedBatch { $_.Get() } -Variable @{ sessionFactor = 7 } | Should -Be 14 }
            '-FunctionName' { [SessionCaller]::new() | Invoke-ThreadedBatch { $_.Get() } -FunctionName Get-SessionDouble | Should -Be 8 }
            '-CloneSession' { [SessionNeedy]::new() | Invoke-ThreadedBatch { $_.Get() } -CloneSession -WarningAction SilentlyContinue | Should -Be 14 }
        }
    }

    It 'cost only themselves where others ran, or items are accounted for' {
        1, [SessionNeedy]::new(), 2 | Invoke-ThreadedBatch { "$_".Length } -ErrorAction SilentlyContinue -ErrorVariable failed | Should -Be 1, 1
        $failed.FullyQualifiedErrorId | Should -BeLike 'Switchyard.SessionObjectNotAllowed*'
        ([SessionNeedy]::new(), 1 | Invoke-ThreadedBatch { 1 } -AsResult -KeepOrder).Status | Should -Be Failed, Succeeded
    }

    It 'have their place named: <Place>' -ForEach @(
        @{ Place = '$using:held.run'; Call = { $held = @{ run = { 1 } }; 1 | Invoke-ThreadedBatch { & ($using:held).run } } }
        @{ Place = '-Variable held[1].b'; Call = { 1 | Invoke-ThreadedBatch { 1 } -Variable @{ held = 1, [pscustomobject]@{ b = { 1 } } } } }
        @{ Place = '-ArgumentList[0]'; Call = { 1 | Invoke-ThreadedBatch { param($b) & $b } -ArgumentList { 1 } } }
        @{ Place = '$using:delegate'; Call = { $delegate = [Func[int, int]] { param($x) $x }; 1 | Invoke-ThreadedBatch { ($using:delegate).Invoke(1) } } }
    ) {
        $failure = try { & $Call } catch { $_ }
        $failure.FullyQualifiedErrorId | Should -BeLike 'Switchyard.ScriptBlockNotAllowed*'
        "$failure".StartsWith("$Place is ") | Should -BeTrue -Because $failure
    }

    It 'are that item''s error where an item holds a block' {
        $given = [pscustomobject]@{ N = 1 }, [pscustomobject]@{ N = 2; Run = { 1 } }
        $given | Invoke-ThreadedBatch { $_.N } -ErrorAction SilentlyContinue -ErrorVariable failed | Should -Be 1
        $failed | Should -HaveCount 1
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'Switchyard.ScriptBlockNotAllowed*'
        "$($failed[0])" | Should -BeLike '*.Run is *'
    }

    It 'are a module, a closure, and a member that uses the caller''s variables: <Name>' -ForEach @(
        @{ Name = 'module'; Call = { $module = Get-Module Common; 1 | Invoke-ThreadedBatch { & $using:module { 1 } } } }
        @{ Name = 'closure'; Call = { $k = 2; $item = [pscustomobject]@{ N = 1 } | Add-Member ScriptMethod M { $k }.GetNewClosure() -PassThru; $item | Invoke-ThreadedBatch { $_.M() } } }
        @{ Name = 'variable'; Call = { $item = [pscustomobject]@{ N = 1 } | Add-Member ScriptProperty P { $sessionFactor } -PassThru; $item | Invoke-ThreadedBatch { $_.P } } }
        @{ Name = 'function'; Call = { $function = Get-Command Get-SessionNeed; 1 | Invoke-ThreadedBatch { & $using:function } } }
    ) {
        $Call | Should -Throw -ErrorId 'Switchyard.SessionObjectNotAllowed*'
    }
}

Describe 'The caller''s functions as values: <_>' -ForEach 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch' {
    BeforeAll {
        $command = $_
    }

    BeforeEach {
        Remove-Item function:Get-SessionFactorial -ErrorAction Ignore
        function global:Get-SessionFactorial($n) { if ($n -le 1) { 1 } else { $n * (Get-SessionFactorial ($n - 1)) } }
        $function = Get-Command Get-SessionFactorial
        Set-Alias sessionAlias Get-SessionFactorial
        $alias = Get-Alias sessionAlias
    }

    It 'can be called: <Name>' -ForEach @(
        @{ Name = '$using:'; Call = { 4..6 | & $command -KeepOrder { & $using:function $_ } } }
        @{ Name = 'an alias'; Call = { 4..6 | & $command -KeepOrder { & $using:alias $_ } } }
        @{ Name = 'in a hashtable'; Call = { $held = @{ f = @($function) }; 4..6 | & $command -KeepOrder { & ($using:held).f[0] $_ } } }
        @{ Name = '-Variable'; Call = { 4..6 | & $command -KeepOrder { & $f $_ } -Variable @{ f = $function } } }
        @{ Name = '-ArgumentList'; Call = { 4..6 | & $command -KeepOrder { param($f) & $f $_ } -ArgumentList $function } }
    ) {
        $errorCount = $Error.Count
        & $Call | Should -Be 24, 120, 720
        $Error.Count | Should -Be $errorCount -Because "$($Error[0])"
    }

    It 'still tell what they are, as items' {
        Get-Command Get-SessionDouble, Get-Date | & $command -KeepOrder { $_.Name } | Should -Be 'Get-SessionDouble', 'Get-Date'
    }
}

Describe 'Members made of script blocks, on threads' {
    It 'run where they are called: <Name>' -ForEach @(
        @{ Name = 'of a custom object'; Make = { [pscustomobject]@{ N = 4 } } }
        @{ Name = 'of a file'; Make = { Get-Item $PSCommandPath | Add-Member N 4 -PassThru } }
        @{ Name = 'of a text'; Make = { 'text' | Add-Member N 4 -PassThru } }
    ) {
        $item = & $Make | Add-Member ScriptMethod Twice { $this.N * 2 } -PassThru | Add-Member ScriptProperty Plus { $this.N + 1 } -PassThru
        $errorCount = $Error.Count
        $item | Invoke-ThreadedBatch -ItemTimeoutSeconds 20 { $_.Twice(); $_.Plus } | Should -Be 8, 5
        @{ item = $item } | Invoke-ThreadedBatch -ItemTimeoutSeconds 20 { $_.item.Twice() } | Should -Be 8
        $item.Twice() | Should -Be 8
        $Error.Count | Should -Be $errorCount -Because "$($Error[0])"
    }
}
