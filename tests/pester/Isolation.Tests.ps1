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

    It 'is no transcript' {
        $file = Join-Path $TestDrive 'transcript.txt'
        $null = $file | & $command @one { Start-Transcript -LiteralPath $_ }
        1 | & $command @one { try { $null = Stop-Transcript -ErrorAction Stop; 'on' } catch { 'off' } } | Should -Be 'off'

        # And its file is not held any more.
        Wait-Until { try { [System.IO.File]::Open($file, 'Open', 'ReadWrite', 'None').Dispose(); $true } catch [System.IO.IOException] { $false } } | Should -BeTrue
    }

    It 'is no strict session' {
        1 | & $command @one { Set-PSDebug -Strict; Set-PSDebug -Trace 0 }
        1 | & $command @one { $x = $undefined; 'lax' } | Should -Be 'lax'
    }

    It 'is no action at a change of location' {
        1 | & $command @one { $ExecutionContext.InvokeCommand.LocationChangedAction = { $global:moved = $true } }
        1..2 | & $command @one { Set-Location Env:; "$moved$(@($ExecutionContext.InvokeCommand.LocationChangedAction.GetInvocationList()).Count)" } | Should -Be '1', '1'
    }

    It 'is no pushed location, not for the next item either' {
        $counts = 1..2 | & $command @one { (Get-Location -Stack).Count; Push-Location ([System.IO.Path]::GetTempPath()); Push-Location -StackName left; Set-Location -StackName left }
        $counts | Should -Be 0, 0
        1 | & $command @one { (Get-Location -Stack).Count; Get-Location -StackName left -ErrorAction SilentlyContinue } | Should -Be 0
    }
}

Describe '<_>: what the next item, and the item''s own retry, see' -ForEach 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch' {
    BeforeAll {
        $command = $_
        $one = @{ ThrottleLimit = 1; ErrorAction = 'SilentlyContinue' }
    }

    It 'is clean of <Name>' -ForEach @(
        @{ Name = 'an exit code'; Leave = { & $using:pwsh.Program $using:pwsh.Before -NoProfile -Command 'exit 3' }; Look = { "$LASTEXITCODE" }; Clean = '' }
        @{ Name = 'default parameter values'; Leave = { $PSDefaultParameterValues['Get-Date:Format'] = 'yyyy' }; Look = { "$($PSDefaultParameterValues.Count) $((Get-Date).GetType().Name)" }; Clean = '0 DateTime' }
        @{ Name = 'another table of them'; Leave = { $global:PSDefaultParameterValues = @{ 'Get-Date:Format' = 'yyyy' } }; Look = { (Get-Date).GetType().Name }; Clean = 'DateTime' }
        @{ Name = 'a culture'; Leave = { [cultureinfo]::CurrentCulture = 'de-DE'; [cultureinfo]::CurrentUICulture = 'de-DE' }; Look = { "$([cultureinfo]::CurrentCulture) $([cultureinfo]::CurrentUICulture)" }; Clean = "$([cultureinfo]::CurrentCulture) $([cultureinfo]::CurrentUICulture)" }
        @{ Name = 'a priority'; Leave = { [Threading.Thread]::CurrentThread.Priority = 'Lowest' }; Look = { "$([Threading.Thread]::CurrentThread.Priority)" }; Clean = 'Normal' }
        @{ Name = 'a thread''s name'; Leave = { [Threading.Thread]::CurrentThread.Name = 'left' }; Look = { [Threading.Thread]::CurrentThread.Name -eq 'left' }; Clean = $false }
        @{ Name = 'a principal'; Leave = { [Threading.Thread]::CurrentPrincipal = [Security.Principal.GenericPrincipal]::new([Security.Principal.GenericIdentity]::new('joe'), @()) }; Look = { "$([Threading.Thread]::CurrentPrincipal.Identity.Name)" }; Clean = '' }
        @{ Name = 'a synchronization context'; Leave = { [Threading.SynchronizationContext]::SetSynchronizationContext([Threading.SynchronizationContext]::new()) }; Look = { $null -eq [Threading.SynchronizationContext]::Current }; Clean = $true }
        @{ Name = 'what flows with a thread'; Leave = { $null = [System.Diagnostics.Activity]::new('left').Start() }; Look = { $null -eq [System.Diagnostics.Activity]::Current }; Clean = $true }
        @{ Name = 'event subscribers'; Leave = { $null = Register-EngineEvent -SourceIdentifier left -Action { } }; Look = { "$(@(Get-EventSubscriber).Count) $(@(Get-Job).Count)" }; Clean = '0 0' }
        @{ Name = 'what is to be done at the end'; Leave = { $null = Register-EngineEvent -SourceIdentifier PowerShell.Exiting -Action { } }; Look = { @(Get-EventSubscriber).Count }; Clean = 0 }
        @{ Name = 'events'; Leave = { $null = New-Event -SourceIdentifier left }; Look = { @(Get-Event).Count }; Clean = 0 }
        @{ Name = 'jobs'; Leave = { $null = Register-ObjectEvent ([Timers.Timer]::new()) Elapsed -Action { } }; Look = { @(Get-Job).Count }; Clean = 0 }
        @{ Name = 'a location'; Leave = { Set-Location ([IO.Path]::GetTempPath()); Push-Location Env: }; Look = { "$(Get-Location) $((Get-Location -Stack).Count)" }; Clean = "$(Get-Location) 0" }
    ) {
        $pwsh = Get-Pwsh
        $file = Join-Path $TestDrive ([guid]::NewGuid())
        $first = [scriptblock]::Create("if (`$_ -eq 1) { $Leave } else { $Look }")
        1, 2 | & $command @one $first | Should -Be $Clean
        1 | & $command @one ([scriptblock]::Create("$Look")) | Should -Be $Clean
        $second = [scriptblock]::Create("if (Test-Path -LiteralPath `$_) { $Look } else { $Leave; [IO.File]::WriteAllText(`$_, ''); throw 'again' }")
        $file | & $command @one -RetryCount 1 -RetryDelaySeconds 0 $second | Should -Be $Clean
    }

    It 'is clean of what an item left that was stopped' {
        1, 2 | & $command @one -KeepOrder -ItemTimeoutSeconds 3 {
            if ($_ -eq 1) {
                Set-Location Env:
                $PSDefaultParameterValues['Get-Date:Format'] = 'yyyy'
                $null = Register-EngineEvent -SourceIdentifier left
                [Threading.Thread]::CurrentThread.Priority = 'Lowest'
                [Threading.Thread]::Sleep(-1)
            }
            "$(Get-Location)", $PSDefaultParameterValues.Count, @(Get-EventSubscriber).Count, "$([Threading.Thread]::CurrentThread.Priority)"
        } | Should -Be "$(Get-Location)", 0, 0, 'Normal'
    }

    It 'is what the initialization script has set' {
        $initialization = {
            $PSDefaultParameterValues['Get-Date:Format'] = 'yyyy'
            $null = Register-EngineEvent -SourceIdentifier given -Action { }
        }
        1..3 | & $command @one -InitializationScript $initialization {
            "$((Get-Date) -match '^\d{4}$') $(@(Get-EventSubscriber).Count)"
            $PSDefaultParameterValues.Clear()
            $null = Register-EngineEvent -SourceIdentifier left
        } | Should -Be 'True 1', 'True 1', 'True 1'
    }
}

Describe 'Invoke-ProcessBatch: what the next batch in the same process sees' {
    It 'is clean of <Name>' -ForEach @(
        @{ Name = 'encodings of the console'; Leave = { [Console]::OutputEncoding = [Text.Encoding]::Latin1; [Console]::InputEncoding = [Text.Encoding]::Latin1 }; Look = { [Console]::OutputEncoding.WebName; [Console]::InputEncoding.WebName } }
        @{ Name = 'writers of the console'; Leave = { $writer = [IO.StreamWriter]::new([IO.MemoryStream]::new(), [Text.Encoding]::Latin1); [Console]::SetOut($writer); [Console]::SetError($writer) }; Look = { [Console]::Out.Encoding.WebName; [Console]::Error.Encoding.WebName } }
        @{ Name = '$PSStyle'; Leave = { $PSStyle.OutputRendering = 'PlainText'; $PSStyle.Formatting.Error = "`e[34m"; $PSStyle.FileInfo.Extension['.left'] = "`e[34m" }; Look = { "$($PSStyle.OutputRendering)"; $PSStyle.Formatting.Error; $PSStyle.FileInfo.Extension.ContainsKey('.left') } }
        @{ Name = 'default cultures'; Leave = { [cultureinfo]::DefaultThreadCurrentCulture = 'fr-FR'; [cultureinfo]::DefaultThreadCurrentUICulture = 'fr-FR' }; Look = { "$([cultureinfo]::DefaultThreadCurrentCulture)$([cultureinfo]::DefaultThreadCurrentUICulture)" } }
        @{ Name = 'an exit code'; Leave = { [Environment]::ExitCode = 5 }; Look = { [Environment]::ExitCode } }
        @{ Name = 'sizes of the thread pool'; Leave = { $null = [Threading.ThreadPool]::SetMinThreads(50, 50) }; Look = { $least = $ports = 0; [Threading.ThreadPool]::GetMinThreads([ref]$least, [ref]$ports); $least } }
        @{ Name = 'the collector''s mode'; Leave = { [Runtime.GCSettings]::LatencyMode = 'Batch' }; Look = { "$([Runtime.GCSettings]::LatencyMode)" } }
        @{ Name = 'a time zone'; Leave = { $env:TZ = 'Asia/Tokyo'; [TimeZoneInfo]::ClearCachedData(); $null = [TimeZoneInfo]::Local }; Look = { [TimeZoneInfo]::Local.Id } }
        @{ Name = 'a thread that its set-up changed'; Initialize = { [Threading.Thread]::CurrentThread.Priority = 'Lowest' }; Leave = { }; Look = { "$([Threading.Thread]::CurrentThread.Priority)" } }
    ) {
        $look = [scriptblock]::Create("`$PID; $Look")
        $before = @(1 | Invoke-ProcessBatch -ThrottleLimit 1 $look)
        $process = 1 | Invoke-ProcessBatch -ThrottleLimit 1 ([scriptblock]::Create("$Leave; `$PID")) -InitializationScript ($Initialize ?? { })

        # One that is still being put in order is not waited for, and another is used.
        Wait-Until -Timeout '00:00:20' {
            $script:after = @(1 | Invoke-ProcessBatch -ThrottleLimit 1 $look)
            $script:after[0] -eq $process
        } | Should -BeTrue
        $after[1..9] | Should -Be $before[1..9]
    }

    It 'is another process where it cannot be: <Name>' -ForEach @(
        @{ Name = 'a switch'; Leave = { [AppContext]::SetSwitch('Switchyard.Left', $true) } }
        @{ Name = 'a proxy'; Leave = { [Net.Http.HttpClient]::DefaultProxy = [Net.WebProxy]::new('http://127.0.0.1:1') } }
        @{ Name = 'a proxy of requests'; Leave = { [Net.WebRequest]::DefaultWebProxy = [Net.WebProxy]::new('http://127.0.0.1:1') } }
        @{ Name = 'who trusts certificates'; Leave = { [Net.ServicePointManager]::ServerCertificateValidationCallback = { $true } } }
        @{ Name = 'a type accelerator'; Leave = { [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')::Add('leftAccelerator', [int]) } }
        @{ Name = 'a listener to traces'; Leave = { $null = [Diagnostics.Trace]::Listeners.Add([Diagnostics.DefaultTraceListener]::new()) } }
        @{ Name = 'jobs of a process'; Leave = { $null = Start-ThreadJob { 1 } | Wait-Job } }
    ) {
        if ("$Leave" -match 'Start-ThreadJob' -and -not (Get-Command Start-ThreadJob -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'this PowerShell came without Start-ThreadJob'
        }

        # By what only that process has: its number may be the next one's.
        1 | Invoke-ProcessBatch -ThrottleLimit 1 ([scriptblock]::Create("$Leave; [AppDomain]::CurrentDomain.SetData('Switchyard.Left', 1)"))
        1 | Invoke-ProcessBatch -ThrottleLimit 1 { [AppDomain]::CurrentDomain.GetData('Switchyard.Left') } | Should -BeNullOrEmpty
    }

    It 'is the caller''s time zone of now' -Skip:$IsWindows {
        $before = $env:TZ
        try {
            foreach ($zone in 'Asia/Tokyo', 'Europe/Rome') {
                $env:TZ = $zone
                1 | Invoke-ProcessBatch -ThrottleLimit 1 { [TimeZoneInfo]::Local.Id } | Should -Be $zone
            }
        } finally {
            $env:TZ = $before
        }
    }

    It 'is no priority' -Skip:$IsWindows {
        # Whether it can be raised again is the system's to say: in another process, or in this one.
        $null = 1 | Invoke-ProcessBatch -ThrottleLimit 1 { (Get-Process -Id $PID).PriorityClass = 'BelowNormal' }
        1 | Invoke-ProcessBatch -ThrottleLimit 1 { "$((Get-Process -Id $PID).PriorityClass)" } | Should -Be 'Normal'
    }

    It 'is nothing in the report of a death of what another batch has written' {
        $process = 1 | Invoke-ProcessBatch -ThrottleLimit 1 { [Console]::Error.WriteLine('words of the first'); $PID }

        # One that is still being put in order is not waited for, and another is used.
        Wait-Until { (1 | Invoke-ProcessBatch -ThrottleLimit 1 { $PID }) -eq $process } | Should -BeTrue
        $result = 1 | Invoke-ProcessBatch -ThrottleLimit 1 -AsResult { [Console]::Error.WriteLine("words of $PID"); [Environment]::FailFast('the end') }
        $result.Status | Should -Be 'Crashed'
        "$($result.Errors)" | Should -BeLike "*words of $process*"
        "$($result.Errors)" | Should -Not -BeLike '*words of the first*'
    }
}

Describe 'Invoke-ProcessBatch: what a body leaves running' {
    It 'is not kept with the worker' {
        1 | Invoke-ProcessBatch -ThrottleLimit 1 {
            # At work, as one that is not referenced and does nothing may be collected at any time.
            $started = [Threading.ManualResetEventSlim]::new()
            $other = [powershell]::Create()
            $null = $other.AddScript('param($started) $started.Set(); Start-Sleep -Seconds 600').AddArgument($started).BeginInvoke()
            $started.Wait()
            [AppDomain]::CurrentDomain.SetData('Switchyard.Left', 1)
        }
        1 | Invoke-ProcessBatch -ThrottleLimit 1 { [AppDomain]::CurrentDomain.GetData('Switchyard.Left') } | Should -BeNullOrEmpty
    }
}
