#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule

    function Get-Left {
        # What this module keeps in temporary folders.
        Get-ChildItem ([System.IO.Path]::GetTempPath()) -Filter 'switchyard-*' | ForEach-Object Name
    }
}

AfterAll {
    Clear-Worker
}

Describe 'Invoke-ProcessBatch: how a worker is started and reached' {
    BeforeEach {
        $ErrorActionPreference = 'Continue'
        Clear-Worker
    }

    It 'imports the module, by a command that a constrained session may run' {
        $arguments = 1 | Invoke-ProcessBatch { , [System.Environment]::GetCommandLineArgs() } -ThrottleLimit 1
        $command = $arguments[-1]
        $command | Should -BeLike '*Import-Module*Switchyard*'
        $command | Should -Not -Match 'LoadFrom|Add-Type'

        # It gets as far as to ask for its caller, which is not there.
        $script = "`$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'; $command"
        $pwsh = Get-Pwsh
        $said = '' | & $pwsh.Program $pwsh.Before -NoProfile -NonInteractive -Command $script 2>&1 | Out-String
        $LASTEXITCODE | Should -Be 1
        $said | Should -Not -Match 'language mode|not recognized'
        $said | Should -Match 'Import-Module'
    }

    It 'is no worker because something else is called so' {
        $env:SWITCHYARD_WORKER = 1
        try {
            Invoke-Pwsh -NoProfile -Command "Import-Module '$((Get-BuiltManifest) -replace "'", "''")'; 1 | Invoke-ThreadedBatch { `$_ + 1 }" | Should -Be 2
            1 | Invoke-ProcessBatch { "$env:SWITCHYARD_WORKER" } | Should -Be 1
        }
        finally {
            $env:SWITCHYARD_WORKER = $null
        }
    }

    It 'knows of that nothing in its environment' {
        1 | Invoke-ProcessBatch { @(Get-Item Env:SWITCHYARD_WORKER -ErrorAction Ignore).Count } | Should -Be 0
    }

    It 'does not mind what is left in the temporary folder: <Name>' -ForEach @(
        @{ Name = 'a folder of a process that is gone'; Make = { $null = New-Item -ItemType Directory $Path } }
        @{ Name = 'with a file in it, called as the socket is'; Make = { $null = New-Item -ItemType Directory $Path; Set-Content (Join-Path $Path 'socket') '' } }
        @{ Name = 'a file of that name'; Make = { Set-Content $Path '' } }
    ) {
        # No system gives a process this number.
        $path = Join-Path ([System.IO.Path]::GetTempPath()) 'switchyard-2147483646-left'
        . $Make
        try {
            $counter = New-SharedState -Kind Counter
            1..4 | Invoke-ProcessBatch { ($using:counter).Increment() } -ThrottleLimit 2 | Sort-Object | Should -Be 1, 2, 3, 4
            1 | Invoke-ThreadedBatch { $shared = $using:counter; 1..2 | Invoke-ProcessBatch { ($using:shared).Increment() } } | Sort-Object | Should -Be 5, 6
        }
        finally {
            Remove-Item $path -Recurse -Force -ErrorAction Ignore
        }
    }

    It 'needs no temporary folder, however long its path' {
        $missing = Join-Path ([System.IO.Path]::GetTempPath()) ('u' * 60) ('x' * 90)
        $manifest = (Get-BuiltManifest) -replace "'", "''"
        $output = Invoke-Pwsh -NoProfile -Command "
            `$env:TMPDIR = `$env:TEMP = `$env:TMP = '$missing'
            Import-Module '$manifest'
            `$queue = New-SharedState -Kind Queue
            1..3 | Invoke-ProcessBatch { (`$using:queue).Enqueue(`$_); 1 | Invoke-ProcessBatch { 'nested' } } -ThrottleLimit 2
            `$queue.Count"
        $output | Should -Be 'nested', 'nested', 'nested', '3'
    }

    It 'leaves nothing there when it is killed, or its caller' {
        $before = Get-Left
        1..4 | Invoke-ProcessBatch { if ($_ -eq 2) { Stop-Process -Id $PID -Force }; $_ } -ThrottleLimit 2 -KeepOrder -ErrorAction Ignore | Should -Be 1, 3, 4
        Clear-Worker
        Wait-Until { -not (Get-Left | Where-Object { $before -notcontains $_ }) } | Should -BeTrue
    }

    It 'is heard when many come at once' {
        1..24 | Invoke-ProcessBatch { $_ } -ThrottleLimit 6 -FreshProcess -KeepOrder | Should -Be (1..24)
        $counter = New-SharedState -Kind Counter
        $null = 1..400 | Invoke-ProcessBatch { 1..10 | ForEach-Object { $null = ($using:counter).Increment() } } -ThrottleLimit 6
        $counter.Value | Should -Be 4000
    }

    It 'is sent and sends much at the same time' {
        $items = 1..12 | ForEach-Object { , [byte[]]::new(3MB) }
        $sizes = $items | Invoke-ProcessBatch { 1..3 | ForEach-Object { , [byte[]]::new(2MB) }; , $_ } -ThrottleLimit 3 -KeepOrder | ForEach-Object { $_.Length }
        $sizes.Count | Should -Be 48
        ($sizes | Measure-Object -Sum).Sum | Should -Be (12 * (3MB + 6MB))
    }
}

Describe 'Invoke-ProcessBatch: text of programs in a body' {
    BeforeEach {
        $ErrorActionPreference = 'Continue'
        $before = [System.Console]::OutputEncoding
    }

    AfterEach {
        [System.Console]::OutputEncoding = $before
    }

    It 'arrives as it would in the caller''s session: <Name>' -ForEach @(
        @{ Name = 'as it is'; CodePage = 0 }
        @{ Name = 'UTF-8'; CodePage = 65001 }
        @{ Name = 'Western Europe'; CodePage = 850 }
    ) {
        if ($CodePage) {
            [System.Console]::OutputEncoding = [System.Text.Encoding]::GetEncoding($CodePage)
        }

        $print = if ($IsWindows) { { cmd /c 'echo Grüße' } } else { { /bin/echo Grüße } }
        $here = & $print
        $text, $page = 1 | Invoke-ProcessBatch ([scriptblock]::Create("$print; [System.Console]::OutputEncoding.CodePage")) -ThrottleLimit 1
        $text | Should -Be $here
        $page | Should -Be ([System.Console]::OutputEncoding.CodePage)
        if ($IsWindows) {
            $text | Should -Be Grüße
        }
    }

    It 'arrives when it is written past PowerShell, too' {
        $file = Join-Path $TestDrive 'past.ps1'
        [System.Console]::OutputEncoding = [System.Text.UTF8Encoding]::new()
        Set-Content $file "
            `$OutputEncoding = [System.Console]::OutputEncoding = [System.Text.UTF8Encoding]::new()
            Import-Module '$((Get-BuiltManifest) -replace "'", "''")'
            1 | Invoke-ProcessBatch { [System.Console]::WriteLine('Grüße'); [System.Console]::Error.WriteLine('Grüße') } -ThrottleLimit 1

            # All that a batch has said is there when it is over.
            Stop-Process -Id `$PID -Force"
        $said = Invoke-Pwsh -NoProfile -File $file 2>&1 | Out-String
        @($said -split 'Grüße').Count | Should -Be 3
    }

    It 'is the next caller''s again' {
        [System.Console]::OutputEncoding = [System.Text.Encoding]::GetEncoding(850)
        1 | Invoke-ProcessBatch { [System.Console]::OutputEncoding.CodePage } -ThrottleLimit 1 | Should -Be 850
        [System.Console]::OutputEncoding = [System.Text.UTF8Encoding]::new()
        1 | Invoke-ProcessBatch { [System.Console]::OutputEncoding.CodePage; [System.Console]::OutputEncoding = [System.Text.Encoding]::Latin1 } -ThrottleLimit 1 | Should -Be 65001
        1 | Invoke-ProcessBatch { [System.Console]::OutputEncoding.CodePage } -ThrottleLimit 1 | Should -Be 65001
    }
}

Describe 'Sessions: PowerShell''s own modules' {
    BeforeEach {
        $ErrorActionPreference = 'Continue'
        Clear-Worker
    }

    It 'leave a process for the next batch: <Body>' -ForEach @(
        @{ Body = { $null = Get-ExecutionPolicy } }
        @{ Body = { $null = ConvertTo-SecureString x -AsPlainText -Force } }
        @{ Body = { $null = Get-FileHash -InputStream ([System.IO.MemoryStream]::new()) } }
        @{ Body = { Import-Module Microsoft.PowerShell.Diagnostics -ErrorAction Ignore } }
        @{ Body = { if ($IsWindows) { $null = Get-Acl $HOME; $null = Get-Item Cert:\CurrentUser } } }
    ) {
        $first = 1 | Invoke-ProcessBatch ([scriptblock]::Create("$Body; `$PID")) -ThrottleLimit 1
        1 | Invoke-ProcessBatch { $PID } -ThrottleLimit 1 | Should -Be $first
    }

    It 'leave a session for the next batch: <Body>' -Skip:(-not $IsWindows) -ForEach @(
        # Skipped where these bring neither type data nor drives, which is everywhere but on Windows.
        @{ Body = { $null = Get-Acl $HOME } }
        @{ Body = { $null = Get-ExecutionPolicy } }
        @{ Body = { $null = ConvertTo-SecureString x -AsPlainText -Force } }
        @{ Body = { $null = Get-Item Cert:\CurrentUser } }
    ) {
        # One that is still being cleaned is not waited for, and another is used.
        $failures = @()
        $look = [scriptblock]::Create("$Body; [runspace]::DefaultRunspace.InstanceId")
        $seen = [System.Collections.Generic.HashSet[guid]]::new()
        Wait-Until -Timeout '00:01:00' { -not $seen.Add((1 | Invoke-ThreadedBatch $look -ThrottleLimit 1 -ErrorVariable +failures)) } | Should -BeTrue
        $failures | Should -BeNullOrEmpty
    }

    It 'are imported into no worker by -CloneSession' {
        $shell = Invoke-Shell {
            Import-Module Microsoft.PowerShell.Security, Microsoft.PowerShell.Utility
            foreach ($command in 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch') {
                1 | & $command { @(Get-Module Microsoft.PowerShell.Security).Count } -CloneSession
            }
        }
        $shell.Output | Should -Be 0, 0
    }
}
