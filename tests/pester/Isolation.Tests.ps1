#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# What one batch, or one item, does to its session is not to be seen by the next, whatever is reused.

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
}

AfterAll {
    [Switchyard.Core.RemoteWorkers.Client.RemoteWorkerPool]::Shared.Clear()
}

Describe '<_>: what the next batch sees' -ForEach 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch' {
    BeforeAll {
        $command = $_
        $one = @{ ThrottleLimit = 1 }
    }

    It 'is no type data' {
        1 | & $command @one { Update-TypeData -TypeName System.Int32 -MemberName Left -MemberType NoteProperty -Value 7; (5).Left } | Should -Be 7
        1 | & $command @one { $null -eq (5).Left } | Should -BeTrue
    }

    It 'is no lack of type data' {
        1 | & $command @one { Remove-TypeData -TypeName System.Diagnostics.Process; $null -ne (Get-Process -Id $PID).psobject.Properties['NPM'] } | Should -BeFalse
        1 | & $command @one { $null -ne (Get-Process -Id $PID).psobject.Properties['NPM'] } | Should -BeTrue
    }

    It 'is no format data' {
        $file = Join-Path $TestDrive 'left.format.ps1xml'
        @'
<Configuration><ViewDefinitions><View><Name>Left</Name><ViewSelectedBy><TypeName>System.Guid</TypeName></ViewSelectedBy>
<CustomControl><CustomEntries><CustomEntry><CustomItem><Text>left</Text></CustomItem></CustomEntry></CustomEntries></CustomControl>
</View></ViewDefinitions></Configuration>
'@ | Set-Content -LiteralPath $file
        $file | & $command @one { Update-FormatData -PrependPath $_; ([guid]::Empty | Out-String).Trim() } | Should -Be 'left'
        1 | & $command @one { ([guid]::Empty | Out-String).Trim() } | Should -Not -Be 'left'
    }

    It 'is no other way to find commands: <Name>' -ForEach @(
        @{ Name = 'CommandNotFoundAction' }
        @{ Name = 'PreCommandLookupAction' }
        @{ Name = 'PostCommandLookupAction' }
    ) {
        $Name | & $command @one { $ExecutionContext.InvokeCommand.$_ = { param($name) } }
        $Name | & $command @one { $null -eq $ExecutionContext.InvokeCommand.$_ } | Should -BeTrue
    }

    It 'is no pushed location, not for the next item either' {
        $counts = 1..2 | & $command @one { (Get-Location -Stack).Count; Push-Location ([System.IO.Path]::GetTempPath()); Push-Location -StackName left; Set-Location -StackName left }
        $counts | Should -Be 0, 0
        1 | & $command @one { (Get-Location -Stack).Count; Get-Location -StackName left -ErrorAction SilentlyContinue } | Should -Be 0
    }
}

Describe 'Invoke-ProcessBatch: what a body leaves running' {
    It 'is not kept with the worker' {
        $first = 1 | Invoke-ProcessBatch -ThrottleLimit 1 {
            # At work, as one that nobody holds and that does nothing may be collected at any time.
            $other = [powershell]::Create()
            $null = $other.AddScript('Start-Sleep -Seconds 600').BeginInvoke()
            while ($other.InvocationStateInfo.State -ne 'Running') { Start-Sleep -Milliseconds 1 }
            $PID
        }
        1 | Invoke-ProcessBatch -ThrottleLimit 1 { $PID } | Should -Not -Be $first
    }
}
