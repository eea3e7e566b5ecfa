#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# What arrives in a process, and comes back from one, is what was sent.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    # Says all of a value that a script could see: its type, or what it was the type of, its content, what hangs on it, and what is one object.
    $describe = @'
function Get-Description($Value, $Seen) {
    if ($null -eq $Value) { return 'null' }
    $wrapper = $Value
    $bare = $Value.psobject.BaseObject
    $isCustom = $bare -is [System.Management.Automation.PSCustomObject]
    $object = if ($isCustom) { $wrapper } else { $bare }
    $type = $wrapper.psobject.TypeNames[0] -replace '^Deserialized\.' -replace ', Version=[^\]]*'
    if ($bare -isnot [string] -and $bare -isnot [valuetype]) {
        for ($i = 0; $i -lt $Seen.Count; $i++) { if ([object]::ReferenceEquals($Seen[$i], $object)) { return "#$i" } }
        $null = $Seen.Add($object)
    }

    $content = if ($bare -is [System.Collections.IDictionary]) {
        $entries = foreach ($key in ([System.Collections.IDictionary]$bare).get_Keys() | Sort-Object { "$_" }) { "$(Get-Description $key $Seen)=$(Get-Description $bare[$key] $Seen)" }
        "{$($entries -join ';')}"
    } elseif ($bare -is [System.Collections.IList]) {
        $bounds = if ($bare -is [array]) { (0..($bare.Rank - 1)).ForEach{ "$($bare.GetLowerBound($_)):$($bare.GetLength($_))" } -join ',' }
        "[$bounds|$(@(foreach ($element in $bare) { Get-Description $element $Seen }) -join ';')]"
    } elseif ($bare -is [datetime]) { "$($bare.Ticks) $($bare.Kind)"
    } elseif ($bare -is [System.IO.FileInfo]) { "$($bare.FullName) $($bare.Length)"
    } elseif (-not $isCustom -and $type -ne 'Crate') { "$bare" }

    $own = $wrapper.psobject.Properties.Where{ if ($type -eq 'Crate') { $_.Name -in 'Name', 'Count', 'Tag' } else { $_.MemberType -eq 'NoteProperty' -and $_.Name -ne 'UnixStat' } }
    if ($isCustom -and $own.Count -eq 0) { $own = @($wrapper.psobject.Properties) }
    $notes = foreach ($property in $own | Sort-Object Name) { "$($property.Name)=$(Get-Description $property.Value $Seen)" }
    "$type`:$content($($notes -join ';'))"
}
function Get-AllDescriptions($Values) { foreach ($value in $Values) { Get-Description $value ([System.Collections.ArrayList]@()) } }
'@

    # Random trees: leaves of many kinds, wrapped or not, decorated or not, in containers of many kinds, some of them more than once.
    $make = @'
param([int] $Seed, [int] $Count, [string] $File)
enum Grade { Low = 1; High = 5 }
[flags()] enum Rights : byte { Read = 1; Write = 2; Run = 4 }
class Crate { [string] $Name; [int] $Count }
$random = [System.Random]::new($Seed)
$again = [System.Collections.ArrayList]@()
function New-Value([int] $Depth) {
    $kind = $random.Next($(if ($Depth -gt 0) { 36 } else { 24 }))
    $value = switch ($kind) {
        0 { , $null } 1 { $random.Next() } 2 { "text $($random.Next(9))" } 3 { $random.Next() * 1.5 } 4 { [decimal]::new($random.Next(), 0, 0, $false, 3) }
        5 { [datetime]::new(2026, 1, 1 + $random.Next(28), 1, 2, 3, [System.DateTimeKind]$random.Next(3)) } 6 { [guid]::new([byte[]](1..16)) } 7 { [version]"1.2.$($random.Next(9))" }
        8 { [uri]'https://example.org/a?b=c' } 9 { [System.DayOfWeek]$random.Next(7) } 10 { [Grade]$(@(1, 5)[$random.Next(2)]) } 11 { [Rights]$random.Next(1, 8) }
        12 { [switch]($random.Next(2) -eq 1) } 13 { [System.DBNull]::Value } 14 { [bigint]::Pow(3, $random.Next(99)) } 15 { [timespan]::FromTicks($random.Next()) }
        16 { [semver]'7.4.0-preview.1' } 17 { [char](65 + $random.Next(26)) } 18 { Get-Item -LiteralPath $File } 19 { [System.IO.FileInfo]::new($File) }
        20 { [Crate]@{ Name = 'c'; Count = $random.Next() } } 21 { , [sbyte[]](1, -1) } 22 { $grid = [int[,]]::new(2, 3); $grid[1, 2] = $random.Next(); , $grid }
        23 { if ($again.Count) { , $again[$random.Next($again.Count)] } else { 5 } }
        { $_ -ge 24 } {
            $parts = @(for ($i = $random.Next(4); $i -gt 0; $i--) { , (New-Value ($Depth - 1)) })
            switch ($_) {
                24 { , $parts } 25 { , [System.Collections.Generic.List[psobject]]$parts } 26 { , [System.Collections.ObjectModel.Collection[psobject]]$parts }
                27 { , [psobject[]]$parts } 28 { , [System.Collections.ArrayList]$parts }
                29 { $table = @{}; foreach ($part in $parts) { $table["k$($table.get_Count())"] = $part }; $table }
                30 { $table = [ordered]@{}; foreach ($part in $parts) { $table["k$($table.get_Count())"] = $part }; $table }
                31 { $table = [System.Collections.Generic.Dictionary[string, psobject]]::new(); foreach ($part in $parts) { $table["k$($table.get_Count())"] = $part }; $table }
                32 { $custom = [pscustomobject]@{ PSTypeName = 'Random.Tree' }; $n = 0; foreach ($part in $parts) { $custom.psobject.Properties.Add([psnoteproperty]::new("P$(($n++))", $part)) }; $custom }
                33 { , [Crate[]]@([Crate]@{ Name = 'a'; Count = 1 }) } 34 { , [System.Collections.Generic.List[Crate]]@([Crate]@{ Name = 'b'; Count = 2 }) }
                35 { $table = [System.Collections.Generic.Dictionary[string, Crate]]::new(); $table['c'] = [Crate]@{ Name = 'd'; Count = 3 }; $table }
            }
        }
    }

    if ($null -ne $value -and $random.Next(4) -eq 0) { $value = [psobject]::AsPSObject($value) }
    if ($null -ne $value -and $random.Next(5) -eq 0 -and $value -isnot [valuetype]) { $value = Add-Member -InputObject $value -NotePropertyName Tag -NotePropertyValue (New-Value 0) -Force -PassThru }
    if ($null -ne $value -and $value -isnot [valuetype] -and $value -isnot [string]) { $null = $again.Add($value) }
    , $value
}
, @(for ($i = 0; $i -lt $Count; $i++) { , (New-Value 3) })
'@

    . ([scriptblock]::Create($describe))
    $maker = [scriptblock]::Create($make)
    $file = Join-Path $TestDrive 'a file.txt'
    Set-Content -LiteralPath $file -Value content
    $count = 100

    # Those that are other than expected, as a list of 150 is nothing to read.
    function Compare-Description($Expected, $Actual) {
        for ($i = 0; $i -lt [Math]::Max($Expected.Count, $Actual.Count); $i++) {
            if ($Expected[$i] -cne $Actual[$i]) { "$i. $($Expected[$i])`
   $($Actual[$i])" }
        }
    }

    function New-Tree([int] $Seed) { , (& $maker $Seed $count $file) }
}

AfterAll {
    [Switchyard.Core.RemoteWorkers.Client.RemoteWorkerPool]::Shared.Clear()
}

Describe 'Invoke-ProcessBatch: random values' {
    BeforeAll {
        $trees = New-Tree 17
        $expected = @(Get-AllDescriptions $trees)
        $one = @{ ThrottleLimit = 1; KeepOrder = $true; ErrorAction = 'Stop' }
    }

    It 'arrive as items' {
        $body = { . ([scriptblock]::Create($using:describe)); Get-Description $_ ([System.Collections.ArrayList]@()) }
        Compare-Description $expected @(& { foreach ($tree in $trees) { , $tree } } | Invoke-ProcessBatch @one $body) | Should -BeNullOrEmpty
    }

    It 'arrive by <Way>' -ForEach @(
        @{ Way = '$using:'; Run = { 1 | Invoke-ProcessBatch @one { . ([scriptblock]::Create($using:describe)); Get-AllDescriptions $using:trees } } }
        @{ Way = '-Variable'; Run = { 1 | Invoke-ProcessBatch @one { . ([scriptblock]::Create($describe)); Get-AllDescriptions $all } -Variable @{ describe = $describe; all = $trees } } }
        @{ Way = '-ArgumentList'; Run = { 1 | Invoke-ProcessBatch @one { param($text, $all) . ([scriptblock]::Create($text)); Get-AllDescriptions $all } -ArgumentList $describe, $trees } }
        @{ Way = '-CloneSession'; Run = {
                $global:FidelityTrees = $trees
                $global:FidelityText = $describe
                try {
                    1 | Invoke-ProcessBatch @one -CloneSession { . ([scriptblock]::Create($FidelityText)); Get-AllDescriptions $FidelityTrees } -WarningAction SilentlyContinue
                } finally {
                    Remove-Variable -Name FidelityTrees, FidelityText -Scope Global
                }
            }
        }
        @{ Way = 'a shared dictionary'; Run = {
                $state = New-SharedState Dictionary
                for ($i = 0; $i -lt $trees.Count; $i++) { $state[$i] = $trees[$i] }
                0..($trees.Count - 1) | Invoke-ProcessBatch @one { . ([scriptblock]::Create($using:describe)); Get-Description ($using:state)[$_] ([System.Collections.ArrayList]@()) }
            }
        }
    ) {
        Compare-Description $expected @(& $Run) | Should -BeNullOrEmpty
    }

    It 'come back as <Way>' -ForEach @(
        @{ Way = 'output'; Run = { & { foreach ($tree in $trees) { , $tree } } | Invoke-ProcessBatch @one { , $_ } } }
        @{ Way = 'results'; Run = { & { foreach ($tree in $trees) { , $tree } } | Invoke-ProcessBatch @one { , $_ } -AsResult | ForEach-Object { , $_.Output[0] } } }
        @{ Way = 'what a job has received'; Run = { & { foreach ($tree in $trees) { , $tree } } | Invoke-ProcessBatch @one { , $_ } -AsJob | Wait-Job | Receive-Job -Wait -AutoRemoveJob } }
        @{ Way = 'what is in a shared queue'; Run = {
                $queue = New-SharedState Queue
                & { foreach ($tree in $trees) { , $tree } } | Invoke-ProcessBatch @one { ($using:queue).Enqueue(@(, $_)) }
                for ($i = 0; $i -lt $trees.Count; $i++) { , $queue.Dequeue()[0] }
            }
        }
        @{ Way = 'what was made in the process'; Run = { 1 | Invoke-ProcessBatch @one { $all = & ([scriptblock]::Create($using:make)) 17 $using:count $using:file; foreach ($tree in $all) { , $tree } } } }
    ) {
        $arrived = @(& $Run)
        if ($Way -like '*job*') { $expected = $expected -ne 'null' } # Receive-Job leaves them out.
        Compare-Description $expected @(Get-AllDescriptions $arrived) | Should -BeNullOrEmpty
    }

    It 'are known again by a journal' {
        $journal = Join-Path $TestDrive 'values.jsonl'
        $first = & { foreach ($tree in $trees) { , $tree } } | Invoke-ProcessBatch @one { 1 } -JournalPath $journal
        $first.Count | Should -Be $trees.Count
        $again = New-Tree 17
        & { foreach ($tree in $again) { , $tree } } | Invoke-ProcessBatch @one { 1 } -JournalPath $journal -Resume -WarningAction SilentlyContinue | Should -BeNullOrEmpty
    }
}

Describe 'Invoke-ProcessBatch: what hangs on a value' {
    It 'has a live object''s own properties beside a note' {
        $process = 1 | Invoke-ProcessBatch { Get-Process -Id $PID | Add-Member -NotePropertyName Tag -NotePropertyValue (Get-Item -LiteralPath $using:file) -PassThru }
        $process.Id | Should -BeGreaterThan 0
        $process.Tag | Should -BeOfType System.IO.FileInfo
        (1 | Invoke-ProcessBatch { Get-Item Env:HOME }).Value | Should -Be $env:HOME
    }

    It 'arrives each time that an object is sent, and was read before or not' {
        $process = Get-Process -Id $PID
        $null = [System.Management.Automation.PSSerializer]::Serialize($process)
        $names = 1..2 | ForEach-Object { 1 | Invoke-ProcessBatch { ($using:process).ProcessName } }
        $names | Should -Be @($process.ProcessName, $process.ProcessName)
    }

    It 'is there again of what has come from another process' {
        $process = 1 | Invoke-ProcessBatch { Get-Process -Id $PID }
        1 | Invoke-ProcessBatch { ($using:process).Id } | Should -Be $process.Id
        $group = 1 | Invoke-ProcessBatch { 1..3 | Group-Object { $_ % 2 } }
        $group[0], $group[1] | Invoke-ProcessBatch { "$($_.Name):$($_.Group)" } -KeepOrder | Should -Be '0:2', '1:1 3'
    }

    It 'is the text of what has nothing else, wherever it comes from: <Way>' -ForEach @(
        @{ Way = 'by itself'; Make = { $args[0] }; Get = { $args[0] } }
        @{ Way = 'with a note'; Make = { Add-Member -InputObject $args[0] -NotePropertyName Tag -NotePropertyValue t -PassThru }; Get = { $args[0] } }
        @{ Way = 'held by another'; Make = { [pscustomobject]@{ Held = @{ it = $args[0] } } }; Get = { $args[0].Held.it } }
    ) {
        $there = 1 | Invoke-ProcessBatch { [wildcardpattern]'a*' }
        $look = "$Get"
        $text, $back = & $Make $there | Invoke-ProcessBatch { $it = & ([scriptblock]::Create($using:look)) $_; "$it $($it.psobject.TypeNames[0])"; $_ }
        $text | Should -Be "$there Deserialized.System.Management.Automation.WildcardPattern"
        $it = & $Get $back
        "$it $($it.psobject.TypeNames[0])" | Should -Be $text
    }

    It 'is splatted as it was bound' {
        function Get-Bound { param([switch] $Force, $LiteralPath) $PSBoundParameters }
        $bound = Get-Bound -Force -LiteralPath $file
        1 | Invoke-ProcessBatch { $bound = $using:bound; (Get-Item @bound).Name; $bound['force'].IsPresent } | Should -Be 'a file.txt', $true
    }

    It 'is a script''s enumeration, by name and number, and comes back as that' {
        $grade = & ([scriptblock]::Create('enum FidelityGrade { Low = 1; High = 5 }; [FidelityGrade]::High'))
        $text, $back = $grade | Invoke-ProcessBatch { "$_ $([int]$_) $($_ -eq 'High') $($_ -eq 5)"; $_ }
        $text | Should -Be 'High 5 True True'
        $back | Should -BeOfType $grade.GetType()
        $made = 1 | Invoke-ProcessBatch { [flags()] enum FidelityRights { Read = 1; Write = 2 }; [FidelityRights]3 }
        "$made $([int]$made)" | Should -Be 'Read, Write 3'
        (1 | Invoke-ProcessBatch { Get-Process -Id $PID }).PriorityClass -eq (Get-Process -Id $PID).PriorityClass.ToString() | Should -BeTrue
    }

    It 'are the properties that a session has given to a type' {
        # Of a base of FileInfo without type data of the engine's own: Remove-TypeData takes all of a type's, and all tests that follow need FileInfo's.
        Update-TypeData -TypeName System.MarshalByRefObject -MemberType ScriptProperty -MemberName Kind -Value { "kind $($this.Extension)" } -Force
        Update-TypeData -TypeName Fidelity.Typed -MemberType ScriptProperty -MemberName Twice -Value { $this.N * 2 } -Force
        try {
            $items = (Get-Item -LiteralPath $file), [pscustomobject]@{ Inner = @([pscustomobject]@{ PSTypeName = 'Fidelity.Typed'; N = 4 }) }
            $items | Invoke-ProcessBatch { $_.Kind ?? $_.Inner.Twice } -KeepOrder | Should -Be 'kind .txt', 8
        } finally {
            Remove-TypeData -TypeName Fidelity.Typed
            Remove-TypeData -TypeName System.MarshalByRefObject
        }

        $there = 1 | Invoke-ProcessBatch {
            Update-TypeData -TypeName System.Version -MemberType ScriptProperty -MemberName Short -Value { "$($this.Major).$($this.Minor)" }
            [version]'1.2.3'
        }
        $there.Short | Should -Be '1.2'
    }

    It 'is such a property once, whose value may have it again' {
        Update-TypeData -TypeName System.MarshalByRefObject -MemberType ScriptProperty -MemberName Again -Value { [System.IO.FileInfo]::new($this.FullName) } -Force
        Update-TypeData -TypeName System.String -MemberType ScriptProperty -MemberName Half -Value { $this.Substring(0, $this.get_Length() / 2) } -Force
        try {
            (Get-Item -LiteralPath $file) | Invoke-ProcessBatch { $_.Again.Name } | Should -Be 'a file.txt'
            $text = Add-Member -InputObject 'text' -NotePropertyName Tag -NotePropertyValue t -PassThru
            1 | Invoke-ProcessBatch { $text = $using:text; "$text $($text.Tag)" } | Should -Be 'text t'
        } finally {
            Remove-TypeData -TypeName System.String
            Remove-TypeData -TypeName System.MarshalByRefObject
        }
    }

    It 'ends although it hangs on itself' {
        $list = [System.Collections.ArrayList]@(1)
        $list = Add-Member -InputObject $list -NotePropertyName Self -NotePropertyValue $list -PassThru
        1 | Invoke-ProcessBatch { $list = $using:list; [object]::ReferenceEquals($list.Self.psobject.BaseObject, $list.psobject.BaseObject); "$list" } | Should -Be $true, '1'
    }

    It 'says that there is no value, in the way that it did' {
        $nothing = [System.DBNull]::Value, [System.Management.Automation.Internal.AutomationNull]::Value, [NullString]::Value
        1 | Invoke-ProcessBatch { $all = $using:nothing; $all[0] -is [System.DBNull]; @($all[1]).Count; [object]::ReferenceEquals($all[2], [NullString]::Value) } | Should -Be $true, 0, $true
    }
}

Describe 'Invoke-ProcessBatch: what an exception tells' {
    It 'is told in the caller, too: <Name>' -ForEach @(
        @{ Name = 'what cannot be set'; Throw = { throw [System.Net.Http.HttpRequestException]::new('m', $null, 404) }; Tell = { "$($args[0].StatusCode)" }; Told = 'NotFound' }
        @{ Name = 'of an answer'; Throw = { throw [Microsoft.PowerShell.Commands.HttpResponseException]::new('m', [System.Net.Http.HttpResponseMessage]::new(503)) }; Tell = { [int]$args[0].StatusCode; "$($args[0].Response.StatusCode)" }; Told = 503, 'ServiceUnavailable' }
        @{ Name = 'a number of the system''s'; Throw = { throw [System.Net.Sockets.SocketException]::new(111) }; Tell = { $args[0].NativeErrorCode }; Told = 111 }
        @{ Name = 'names and data'; Throw = { $thrown = [System.ArgumentException]::new('m', 'name'); $thrown.Data['k'] = 'v'; throw $thrown }; Tell = { $args[0].ParamName; $args[0].Data['k'] }; Told = 'name', 'v' }
        @{ Name = 'of a cause'; Throw = { throw [System.Exception]::new('m', [System.IO.FileNotFoundException]::new('n', '/a/b')) }; Tell = { $args[0].InnerException.FileName }; Told = '/a/b' }
        @{ Name = 'several causes'; Throw = { throw [System.AggregateException]::new('m', [System.Exception[]]([System.Exception]::new('a'), [System.ArgumentException]::new('b', 'c'))) }; Tell = { $args[0].InnerExceptions.Count; $args[0].InnerExceptions[1].ParamName }; Told = 2, 'c' }
        @{ Name = 'of the engine'; Throw = { Get-NothingAtAll }; Tell = { $args[0].CommandName }; Told = 'Get-NothingAtAll' }
        @{ Name = 'of a script''s class'; Throw = { class FidelityFault : System.Exception { [int] $Code = 7; FidelityFault([string] $text) : base($text) {} }; throw [FidelityFault]::new('m') }; Tell = { $args[0].Code; $args[0].Message }; Told = 7, 'm' }
    ) {
        $null = 1 | Invoke-ProcessBatch $Throw -ErrorAction SilentlyContinue -ErrorVariable failed
        & $Tell $failed[0].Exception | Should -Be $Told

        # And on from there, in the record that it is in.
        $look = "$Tell"
        $failed[0] | Invoke-ProcessBatch { & ([scriptblock]::Create($using:look)) $_.Exception } | Should -Be $Told
    }

    It 'is told although a part of it cannot be' {
        $null = 1 | Invoke-ProcessBatch {
            Add-Type -IgnoreWarnings 'public class FidelityFoe : System.Exception { public int A => 3; public int B => throw new System.Exception("no"); public FidelityFoe Self => this; }'
            throw [FidelityFoe]::new()
        } -ErrorAction SilentlyContinue -ErrorVariable failed
        $failed[0].Exception.A | Should -Be 3
    }
}
