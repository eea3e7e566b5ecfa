#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
    Import-BuiltModule
}

Describe 'Invoke-ThreadedBatch: -RetryCount' {
    BeforeEach {
        $footprint = Get-Footprint
        $ErrorActionPreference = 'Continue'
        $calls = [System.Collections.Concurrent.ConcurrentQueue[object]]::new()
    }

    AfterEach {
        Assert-NoLeak $footprint
    }

    Context 'Attempts' {
        It 'tries again what <Name>, and keeps only the attempt that counts' -ForEach @(
            @{ Name = 'throws'; Body = { ($using:calls).Enqueue($_); "out $_"; Write-Warning "warn $_"; Write-Error "err $_"; if ($_ -eq 2 -and @(($using:calls) -eq 2).Count -lt 3) { throw 'not yet' } } }
            @{ Name = 'stops at an error'; Body = { ($using:calls).Enqueue($_); "out $_"; Write-Warning "warn $_"; Write-Error "err $_"; if ($_ -eq 2 -and @(($using:calls) -eq 2).Count -lt 3) { Write-Error 'not yet' -ErrorAction Stop } } }
            @{ Name = 'throws in a process block'; Body = { process { ($using:calls).Enqueue($_); "out $_"; Write-Warning "warn $_"; Write-Error "err $_"; if ($_ -eq 2 -and @(($using:calls) -eq 2).Count -lt 3) { throw 'not yet' } } } }
        ) {
            $output = 1..3 | Invoke-ThreadedBatch $Body -RetryCount 4 -RetryDelaySeconds 0 -KeepOrder -ErrorVariable errors -WarningVariable warnings 2>$null 3>$null
            $output | Should -Be 'out 1', 'out 2', 'out 3'
            "$errors" | Should -Be 'err 1 err 2 err 3'
            $warnings.Message | Should -Be 'warn 1', 'warn 2', 'warn 3'
            @($calls | Sort-Object) | Should -Be 1, 2, 2, 2, 3
        }

        It 'reports an item that never succeeds once, after all attempts' {
            $null = 1 | Invoke-ThreadedBatch { ($using:calls).Enqueue($_); 'out'; throw 'bad' } -RetryCount 2 -RetryDelaySeconds 0 -ErrorVariable errors -OutVariable output 2>$null
            $calls.Count | Should -Be 3
            $output | Should -Be 'out'
            $errors | Should -HaveCount 1
            $errors[0].FullyQualifiedErrorId | Should -Be 'bad'
            $errors[0].TargetObject | Should -Be 1
        }

        It 'counts them in the result' {
            $results = 1..3 | Invoke-ThreadedBatch { if ($_ -eq 2) { throw 'bad' }; $_ } -RetryCount 2 -RetryDelaySeconds 0 -AsResult -KeepOrder
            "$($results.Attempts)" | Should -Be '1 3 1'
            "$($results.Status)" | Should -Be 'Succeeded Failed Succeeded'
            $results[1].Errors | Should -HaveCount 1
        }

        It 'does not try again <Name>' -ForEach @(
            @{ Name = 'what wrote an error and went on'; Body = { ($using:calls).Enqueue($_); Write-Error 'bad' } }
            @{ Name = 'exit'; Body = { ($using:calls).Enqueue($_); exit 3 } }
            @{ Name = 'break'; Body = { ($using:calls).Enqueue($_); break } }
            @{ Name = 'what it is not asked to'; Count = 0; Body = { ($using:calls).Enqueue($_); throw 'bad' } }
        ) {
            $null = 1 | Invoke-ThreadedBatch $Body -RetryCount ($Count ?? 3) -RetryDelaySeconds 0 2>$null
            $calls.Count | Should -Be 1
        }

        It 'holds no worker while an item waits' {
            $passed = [System.Threading.ManualResetEventSlim]::new()
            $output = 1..5 | Invoke-ThreadedBatch { if ($_ -eq 5) { ($using:passed).Set() } elseif ($_ -eq 1 -and -not ($using:passed).IsSet) { throw 'not yet' }; $_ } -RetryCount 100000 -RetryDelaySeconds 0.01 -ThrottleLimit 1 -KeepOrder
            $output | Should -Be 1, 2, 3, 4, 5
        }

        It 'loses and doubles nothing among thousands' {
            $output = 1..3000 | Invoke-ThreadedBatch { ($using:calls).Enqueue($_); $_; if ((Get-Random -Maximum 10) -eq 0) { throw 'bad' } } -RetryCount 1000 -RetryDelaySeconds 0.001 -ThrottleLimit 4 -KeepOrder -ErrorVariable errors
            $errors | Should -BeNullOrEmpty
            [System.Linq.Enumerable]::SequenceEqual([int[]]$output, [int[]](1..3000)) | Should -BeTrue
            $calls.Count | Should -BeGreaterThan 3000
        }
    }

    Context 'Waiting for another attempt' {
        It 'gives way to Ctrl+C' {
            $shell = New-Shell
            try {
                $null = $shell.AddScript('param($calls) 1..3 | Invoke-ThreadedBatch { ($using:calls).Enqueue($_); throw 1 } -RetryCount 100 -RetryDelaySeconds 1000000 -KeepOrder').AddArgument($calls)
                $null = $shell.BeginInvoke()
                Wait-Until { $calls.Count -ge 3 } -Timeout '00:00:20' | Should -BeTrue
                $shell.Stop()
                $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            }
            finally {
                $shell.Dispose()
            }
        }

        It 'gives way to Select-Object -First' {
            1..5 | Invoke-ThreadedBatch { if ($_ -eq 1) { throw 'bad' }; $_ } -RetryCount 100 -RetryDelaySeconds 1000000 -ThrottleLimit 1 | Select-Object -First 4 | Should -Be 2, 3, 4, 5
        }

        It 'gives way to -TimeoutSeconds, and has failed then' {
            $results = 1..3 | Invoke-ThreadedBatch { if ($_ -eq 1) { throw 'bad' }; $_ } -RetryCount 100 -RetryDelaySeconds 1000000 -TimeoutSeconds 5 -KeepOrder -AsResult -ErrorVariable errors 2>$null
            "$($results.Status)" | Should -Be 'Failed Succeeded Succeeded'
            "$($results[0].Errors[0])" | Should -Be 'bad'
            $errors.FullyQualifiedErrorId | Should -BeLike 'Switchyard.RunTimedOut*'
        }

        It 'gives way to -MaxFailures' {
            $results = 1..3 | Invoke-ThreadedBatch { if ($_ -eq 3) { Write-Error 'worse' -ErrorAction Stop }; throw 'bad' } -RetryCount 1 -RetryDelaySeconds 0 -MaxFailures 1 -ThrottleLimit 1 -AsResult -ErrorAction SilentlyContinue
            @($results.Index | Sort-Object) | Should -Be 0, 1, 2
            @($results | Where-Object Status -eq 'Succeeded') | Should -BeNullOrEmpty
        }
    }

    Context 'Retry-After' {
        BeforeAll {
            # Refuses the first request for /1, and answers all others. One connection at a time, in a session of its own.
            function New-Server {
                param([string] $Status, [scriptblock] $Header)

                $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
                $listener.Start()
                $requests = [System.Collections.Concurrent.ConcurrentQueue[object]]::new()
                $shell = [powershell]::Create()
                $null = $shell.AddScript({
                        param($Listener, $Requests, $Status, $Header)
                        $refused = $false
                        while ($true) {
                            try { $client = $Listener.AcceptTcpClient() } catch { return }
                            try {
                                $stream = $client.GetStream()
                                $reader = [System.IO.StreamReader]::new($stream)
                                $path = $reader.ReadLine().Split(' ')[1]
                                while ($reader.ReadLine()) { }
                                $answer = "HTTP/1.1 200 OK`r`nContent-Type: text/plain`r`nContent-Length: 2`r`nConnection: close`r`n`r`nok"
                                $until = $null
                                if ($path -eq '/1' -and -not $refused) {
                                    $refused = $true
                                    $value, $until = & ([scriptblock]::Create($Header))
                                    $answer = "HTTP/1.1 $Status`r`nRetry-After: $value`r`nContent-Length: 0`r`nConnection: close`r`n`r`n"
                                }

                                $Requests.Enqueue([pscustomobject]@{ Path = $path; At = [datetime]::UtcNow; Until = $until })
                                $bytes = [System.Text.Encoding]::ASCII.GetBytes($answer)
                                $stream.Write($bytes, 0, $bytes.Length)
                            }
                            catch { $null = $_ }
                            finally { $client.Dispose() }
                        }
                    }.ToString()).AddArgument($listener).AddArgument($requests).AddArgument($Status).AddArgument($Header.ToString())
                $running = $shell.BeginInvoke()
                [pscustomobject]@{ Listener = $listener; Requests = $requests; Shell = $shell; Running = $running; Uri = "http://127.0.0.1:$($listener.LocalEndpoint.Port)" }
            }

            function Remove-Server {
                param($Server)

                $Server.Listener.Stop()
                $null = $Server.Shell.EndInvoke($Server.Running)
                $Server.Shell.Dispose()
            }

            $inSeconds = { 1; [datetime]::UtcNow.AddSeconds(1) }

            # A date has whole seconds: between one and two from now.
            $asDate = { $date = [datetime]::UtcNow.AddSeconds(2); $date.ToString('r'); $date.AddTicks( - ($date.Ticks % 10000000)) }

            # Clocks of timers and of the day are not the same one.
            $tolerance = [timespan]::FromMilliseconds(60)
        }

        It 'is honoured: <Status> with <Form>, <Name>' -ForEach @(
            @{ Status = '429 Too Many Requests'; Form = 'seconds'; Name = 'Invoke-RestMethod'; Body = { Invoke-RestMethod "$using:uri/$_" } }
            @{ Status = '503 Service Unavailable'; Form = 'a date'; Name = 'Invoke-RestMethod -ErrorAction Stop'; Body = { Invoke-RestMethod "$using:uri/$_" -ErrorAction Stop } }
            @{ Status = '503 Service Unavailable'; Form = 'seconds'; Name = 'Invoke-WebRequest'; Body = { (Invoke-WebRequest "$using:uri/$_" -UseBasicParsing).Content } }
            @{ Status = '429 Too Many Requests'; Form = 'a date'; Name = 'Invoke-WebRequest -ErrorAction Stop'; Body = { (Invoke-WebRequest "$using:uri/$_" -ErrorAction Stop).Content } }
            @{ Status = '429 Too Many Requests'; Form = 'seconds'; Name = 'wrapped in a throw'; Body = { try { Invoke-RestMethod "$using:uri/$_" } catch { throw [System.InvalidOperationException]::new('wrapped', $_.Exception) } } }
        ) {
            $server = New-Server $Status ($Form -eq 'seconds' ? $inSeconds : $asDate)
            try {
                $uri = $server.Uri
                $results = 1..4 | Invoke-ThreadedBatch $Body -RetryCount 1 -RetryDelaySeconds 0 -ThrottleLimit 1 -KeepOrder -AsResult
            }
            finally {
                Remove-Server $server
            }

            "$($results.Status)" | Should -Be 'Succeeded Succeeded Succeeded Succeeded'
            "$($results.Attempts)" | Should -Be '2 1 1 1'
            "$($results.Output)" | Should -Be 'ok ok ok ok'
            $results[0].Errors | Should -BeNullOrEmpty
            $first, $later = @($server.Requests)
            $later | Should -HaveCount 4
            $later.At | Measure-Object -Minimum | ForEach-Object Minimum | Should -BeGreaterThan ($first.Until - $tolerance)
        }

        It 'holds the starts of other workers, not what runs' {
            $server = New-Server '429 Too Many Requests' { 2; [datetime]::UtcNow.AddSeconds(2) }
            $release = [System.Threading.ManualResetEventSlim]::new()
            $starts = [System.Collections.Concurrent.ConcurrentDictionary[int, datetime]]::new()
            $job = $null
            try {
                $uri = $server.Uri
                $job = 1..5 | Invoke-ThreadedBatch {
                    $null = ($using:starts).TryAdd($_, [datetime]::UtcNow)
                    if ($_ -eq 2) { "released: $(($using:release).Wait(20000))" } else { Invoke-RestMethod "$using:uri/$_" }
                } -RetryCount 1 -ThrottleLimit 2 -KeepOrder -AsJob -ProgressAction Continue

                # From when this can be seen, nothing starts.
                Wait-Until { @($job.Progress.StatusDescription) -match 'retried' -and $starts.ContainsKey(2) } -Timeout '00:00:20' | Should -BeTrue
                $release.Set()
                $output = Receive-Job $job -Wait
            }
            finally {
                $release.Set()
                Remove-Server $server
                $job | Remove-Job -Force
            }

            $output | Should -Be 'ok', 'released: True', 'ok', 'ok', 'ok'
            $until = @($server.Requests)[0].Until
            foreach ($item in 3, 4, 5) { $starts[$item] | Should -BeGreaterThan ($until - $tolerance) }
        }

        It 'gives way to Ctrl+C' {
            $server = New-Server '429 Too Many Requests' { 100000; [datetime]::UtcNow }
            $shell = New-Shell
            try {
                $null = $shell.AddScript('param($uri) 1..3 | Invoke-ThreadedBatch { Invoke-RestMethod "$using:uri/$_" } -RetryCount 1 -ThrottleLimit 2').AddArgument($server.Uri)
                $running = $shell.BeginInvoke()
                Wait-Until { $server.Requests.Count -ge 1 } -Timeout '00:00:20' | Should -BeTrue
                $running.IsCompleted | Should -BeFalse
                $shell.Stop()
                $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            }
            finally {
                $shell.Dispose()
                Remove-Server $server
            }
        }

        It 'is nothing to a batch that does not retry' {
            $server = New-Server '429 Too Many Requests' { 100000; [datetime]::UtcNow }
            try {
                $uri = $server.Uri
                1, 2 | Invoke-ThreadedBatch { Invoke-RestMethod "$using:uri/$_" } -ThrottleLimit 1 -ErrorVariable errors 2>$null | Should -Be 'ok'
            }
            finally {
                Remove-Server $server
            }

            $errors | Should -HaveCount 1
        }
    }
}
