using Xunit;

namespace Switchyard.Tests.Host;

/// <summary>A script for each stand-in and what pwsh writes for it, the lines that are not empty joined by "|".</summary>
internal static class StandInCases
{
    /// <summary>All cases.</summary>
    public static TheoryData<string, string> All => new()
    {
        // Messages
        { "Write-Output 1 2 3; 1, 2 | Write-Output; Write-Output (1, 2) -NoEnumerate | % Count", "1|2|3|1|2|2" },
        { "Write-Host a b -Separator '-' -NoNewline 6>&1; (Write-Host x -ForegroundColor Red 6>&1).Tags; (Write-Host x -ForegroundColor Red 6>&1).MessageData.ForegroundColor", "a-b|PSHOST|Red" },
        { "Write-Error boo 2>$null; $Error[0].FullyQualifiedErrorId; $Error[0].CategoryInfo.Activity", "Microsoft.PowerShell.Commands.WriteErrorException|Write-Error" },
        { "function f { [CmdletBinding()] param() Write-Error boo -ErrorId My.Id -Category ReadError -TargetObject 5 }; f 2>$null; $Error[0].FullyQualifiedErrorId; $Error[0].TargetObject; $Error[0].CategoryInfo.Category", "My.Id,f|5|ReadError" },
        { "try { Write-Error -Exception ([InvalidOperationException]::new('inv')) -Message more -ErrorAction Stop } catch { $_.Exception.GetType().Name; \"$_\" }", "InvalidOperationException|more" },
        { "Write-Warning w 3>&1; Write-Verbose v -Verbose 4>&1; Write-Debug d -Debug 5>&1; (Write-Information i -Tags t 6>&1).Tags", "w|v|d|t" },
        { "Write-Progress act -Status s -PercentComplete 5 -Id 1; Write-Progress act -Completed -Id 1; 'ok'", "ok" },

        // Objects
        { "(3, 1, 2 | Sort-Object) -join ','; ('b', 'A', 'c' | Sort-Object -Descending) -join ','; ('b', 'a', 'B' | Sort-Object -Unique) -join ','; (5, 3, 9, 1 | Sort-Object -Top 2) -join ','; (5, 3, 9, 1 | Sort-Object -Bottom 2) -join ','", "1,2,3|c,b,A|a,b|1,3|5,9" },
        { "(1..6 | Sort-Object @{ Expression = { $_ % 3 }; Descending = $true }, { -$_ }) -join ','; ('b', 'a', 'B', 'A' | Sort-Object -CaseSensitive) -join ','", "5,2,4,1,6,3|a,A,b,B" },
        { "(1..9 | Select-Object -First 2) -join ','; (1..9 | Select-Object -Last 2) -join ','; (1..9 | Select-Object -Skip 7) -join ','; (1..9 | Select-Object -SkipLast 7) -join ','; (1..9 | Select-Object -Index 0, 4) -join ','; (1..5 | Select-Object -SkipIndex 0, 4) -join ','; (1..9 | Select-Object -First 1 -Last 1) -join ','", "1,2|8,9|8,9|1,2|1,5|2,3,4|1,9" },
        { "$n = 0; 1..100 | % { $n++; $_ } | Select-Object -First 2 | Out-Null; $n", "2" },
        { "$o = [pscustomobject]@{ a = 1; b = 2 } | Select-Object a, @{ n = 'x'; e = { $_.b * 2 } }, nope; $o.a; $o.x; $o.psobject.Properties.Name -join ','; $o.pstypenames[0]", "1|4|a,x,nope|Selected.System.Management.Automation.PSCustomObject" },
        { "([pscustomobject]@{ a = 1, 2, 3 } | Select-Object -ExpandProperty a) -join ','; ([pscustomobject]@{ a = 1; b = 2 } | Select-Object * -ExcludeProperty b).psobject.Properties.Name; (1, 1, 'a', 'A', 'a' | Select-Object -Unique) -join ','", "1,2,3|a|1,a,A" },
        { "'a', 'b', 'a' | Group-Object | % { \"$($_.Name)=$($_.Count)\" }; ('a' | Group-Object -NoElement).Group.Count; (1, 2 | Group-Object -AsHashTable -AsString).ContainsKey('1')", "a=2|b=1|0|True" },
        { "$m = 1..10 | Measure-Object -Sum -Average -Minimum -Maximum; $m.Count; $m.Sum; $m.Average; $m.Minimum; $m.Maximum; (1, 2, 3, 4 | Measure-Object -AllStats).StandardDeviation -gt 1.29", "10|55|5.5|1|10|True" },
        { "$m = 'a b', 'c' | Measure-Object -Line -Word -Character; $m.Lines; $m.Words; $m.Characters; ([pscustomobject]@{ p = 3 } | Measure-Object p -Sum).Property", "2|3|4|p" },
        { "$v = 0; (Measure-Command { $v = 5; 'lost' }).GetType().Name; $v; $z = 0; $null = 1..3 | Measure-Command { $z += $_ }; $z", "TimeSpan|5|6" },
        { "Compare-Object 1, 2 2, 3 -IncludeEqual | % { \"$($_.InputObject) $($_.SideIndicator)\" }", "2 ==|3 =>|1 <=" },
        { "(1, 1, 2, 1 | Get-Unique) -join ','; ('a', 'A' | Get-Unique -AsString -CaseInsensitive)", "1,2,1|a" },
        { "1, 2 | Tee-Object -Variable seen | Out-Null; $seen.Count; 'x' | Tee-Object tee.txt; Get-Content tee.txt", "2|x|x" },
        { "(New-Object System.Text.StringBuilder 'abc').ToString(); (New-Object PSObject -Property @{ a = 1 }).a; try { New-Object no.such } catch { $_.FullyQualifiedErrorId }", "abc|1|TypeNotFound,Microsoft.PowerShell.Commands.NewObjectCommand" },
        { "$o = [pscustomobject]@{ a = 1 }; $o | Add-Member b 2; $o.b; $o | Add-Member ScriptProperty c { $this.a + 1 } -PassThru | % c; $o | Add-Member -NotePropertyMembers @{ d = 4 }; $o.d; $o | Add-Member a 9 2>$null; $Error[0].FullyQualifiedErrorId; $o | Add-Member a 9 -Force; $o.a", "2|2|4|MemberAlreadyExists,Microsoft.PowerShell.Commands.AddMemberCommand|9" },
        { "[pscustomobject]@{ a = 1 } | Get-Member a | % { $_.Name; $_.MemberType; $_.Definition }", "a|NoteProperty|int a=1" },
        { "1..3 | Join-String -Separator ',' -SingleQuote -OutputPrefix '('; 'abc', 'xyz' | Select-String b | % Line; 'a1b2' | Select-String '\\d' -AllMatches | % { $_.Matches.Count }; 'abc' | Select-String b -Quiet", "('1','2','3'|abc|2|True" },

        // Text
        { "[ordered]@{ a = 1; b = 1, 2; c = $null; d = $true; e = 'x\"y' } | ConvertTo-Json -Compress; 1 | ConvertTo-Json -AsArray -Compress; [DayOfWeek]1 | ConvertTo-Json -EnumsAsStrings", "{\"a\":1,\"b\":[1,2],\"c\":null,\"d\":true,\"e\":\"x\\\"y\"}|[1]|\"Monday\"" },
        { "@{ a = @{ b = @{ c = @{ d = 1 } } } } | ConvertTo-Json -Compress 3>&1", "Resulting JSON is truncated as serialization has exceeded the set depth of 2.|{\"a\":{\"b\":{\"c\":\"System.Collections.Hashtable\"}}}" },
        { "$j = '{\"a\":1,\"b\":[1,{\"c\":null}],\"d\":\"2020-01-02T03:04:05Z\"}' | ConvertFrom-Json; $j.a.GetType().Name; $j.b.Count; $j.d.GetType().Name; ('{\"x\":{\"y\":2}}' | ConvertFrom-Json -AsHashtable).x.y; ('[1,2]' | ConvertFrom-Json) -join ','; try { '{bad' | ConvertFrom-Json } catch { $_.FullyQualifiedErrorId }", "Int64|2|DateTime|2|1,2|System.ArgumentException,Microsoft.PowerShell.Commands.ConvertFromJsonCommand" },
        { "[pscustomobject]@{ a = 1; b = 'x,\"y' } | ConvertTo-Csv; '1,\"q \"\"r\"\"\"' | ConvertFrom-Csv -Header p, q | % q; [pscustomobject]@{ a = 1 } | Export-Csv e.csv; [pscustomobject]@{ a = 2 } | Export-Csv e.csv -Append; (Import-Csv e.csv).a -join ','", "\"a\",\"b\"|\"1\",\"x,\"\"y\"|q \"r\"|1,2" },
        { "[pscustomobject]@{ a = 1; b = 'x' } | Format-Table -HideTableHeaders; [pscustomobject]@{ a = 1 } | Format-List; 1, 2 | Out-String -Stream; (1, 2 | Out-String).Length", "1 x|a : 1|1|2|4" },
        { "'x' > r.txt; 'y' >> r.txt; (Get-Content r.txt) -join ','; 'z' | Out-File r.txt -NoNewline; (Get-Content r.txt -Raw).Length; try { 'q' | Out-File r.txt -NoClobber } catch { $_.FullyQualifiedErrorId }", "x,y|1|NoClobber,Microsoft.PowerShell.Commands.OutFileCommand" },

        // Files and other providers
        { "Set-Content c.txt a, b, c; (Get-Content c.txt) -join ','; Get-Content c.txt -TotalCount 1; Get-Content c.txt -Tail 1; 'd' | Add-Content c.txt; (Get-Content c.txt | % ReadCount) -join ','; Clear-Content c.txt; (Get-Item c.txt).Length", "a,b,c|a|c|1,2,3,4|0" },
        { "'é' | Set-Content u.txt -Encoding utf8BOM -NoNewline; (Get-Content u.txt -AsByteStream) -join ','; Get-Content no-such.txt 2>$null; $Error[0].FullyQualifiedErrorId", "239,187,191,195,169|PathNotFound,Microsoft.PowerShell.Commands.GetContentCommand" },
        { "(New-Item d -ItemType Directory).Name; (New-Item d -Name f.txt -Value hi).Length; Get-ChildItem d -Name; (Get-ChildItem . -Directory).Name; (Get-ChildItem . -Recurse -Filter f.*).Name; (Get-ChildItem d -File).Name; Get-ChildItem no-such 2>$null; $Error[0].FullyQualifiedErrorId", "d|2|f.txt|d|f.txt|f.txt|PathNotFound,Microsoft.PowerShell.Commands.GetChildItemCommand" },
        { "Set-Content m.txt x; (Copy-Item m.txt n.txt -PassThru).Name; Move-Item n.txt o.txt; (Rename-Item o.txt p.txt -PassThru).Name; Remove-Item p.txt; Test-Path p.txt; Test-Path m.txt -PathType Container; Test-Path *.txt", "n.txt|p.txt|False|False|True" },
        { "New-Item t/u -ItemType Directory -Force | Out-Null; Set-Content t/u/f x; Remove-Item t -Recurse; Test-Path t; (Get-ChildItem Env:PATH).Name; Set-Item Variable:fresh 3; $fresh; Clear-Item Variable:fresh; $null -eq $fresh", "False|PATH|3|True" },
        { "(Join-Path a b c) -replace '\\\\', '/'; Split-Path /a/b.txt -Leaf; Split-Path /a/b.txt -LeafBase; Split-Path /a/b.txt -Extension; Split-Path env:HOME -Qualifier; Split-Path env:HOME -NoQualifier; Split-Path x -IsAbsolute", "a/b/c|b.txt|b|.txt|env:|HOME|False" },
        { "Set-Content q.txt x; (Resolve-Path q.*).Path -eq (Convert-Path q.txt); (Resolve-Path q.txt -Relative) -replace '\\\\', '/'; Resolve-Path no-such 2>$null; $Error[0].FullyQualifiedErrorId", "True|./q.txt|PathNotFound,Microsoft.PowerShell.Commands.ResolvePathCommand" },
        { "$here = (Get-Location).Path; New-Item l -ItemType Directory -Force | Out-Null; Push-Location l; Split-Path $PWD -Leaf; Pop-Location; $PWD.Path -eq $here; (Set-Location l -PassThru).Path -ne $here; Set-Location $here; Set-Location no-such 2>$null; $Error[0].FullyQualifiedErrorId", "l|True|True|PathNotFound,Microsoft.PowerShell.Commands.SetLocationCommand" },
        { "(New-PSDrive zz FileSystem $PWD).Name; Test-Path zz:/; (Get-PSDrive zz).Provider.Name; Remove-PSDrive zz; Test-Path zz:/; (Get-PSProvider FileSystem).Name", "zz|True|FileSystem|False|FileSystem" },
        { "Set-Content hash.txt abc -NoNewline; $h = Get-FileHash hash.txt; $h.Algorithm; $h.Hash.Substring(0, 8); Split-Path $h.Path -Leaf; (Get-FileHash hash.txt -Algorithm MD5).Hash; (New-TemporaryFile | % { Remove-Item $_; $_.GetType().Name })", "SHA256|BA7816BF|hash.txt|900150983CD24FB0D6963F7D28E17F72|FileInfo" },

        // Session
        { "$x = 5; (Get-Variable x).Value; Set-Variable y 6; $y; New-Variable z 7; $z; Clear-Variable y; $null -eq $y; Remove-Variable x; Test-Path Variable:x; New-Variable z 1 2>$null; $Error[0].FullyQualifiedErrorId; Get-Variable no-such 2>$null; $Error[0].FullyQualifiedErrorId", "5|6|7|True|False|VariableAlreadyExists,Microsoft.PowerShell.Commands.NewVariableCommand|VariableNotFound,Microsoft.PowerShell.Commands.GetVariableCommand" },
        { "(Get-Alias gci).Definition; Set-Alias sa Write-Output; sa hi; New-Alias na Write-Output; na ho; Remove-Alias na; Get-Alias na 2>$null; $Error[0].FullyQualifiedErrorId", "Get-ChildItem|hi|ho|ItemNotFoundException,Microsoft.PowerShell.Commands.GetAliasCommand" },
        { "Invoke-Expression '$made = 3; 4'; $made; (Get-Culture de-DE).Name; (Get-Host).Name; (Get-Runspace).Count -ge 1", "4|3|de-DE|Switchyard.Host|True" },

        // Time, chance, processes
        { "Start-Sleep -Milliseconds 1; Start-Sleep 0.001; Start-Sleep -Duration ([timespan]::FromMilliseconds(1)); try { Start-Sleep -Seconds -1 } catch { $_.FullyQualifiedErrorId }", "ParameterArgumentValidationError,Microsoft.PowerShell.Commands.StartSleepCommand" },
        { "Get-Date -Date '2024-02-03 04:05:06' -Format 'yyyy/MM/dd HH:mm'; Get-Date -Date '2024-02-03 04:05:06' -UFormat '%Y-%m-%d %H:%M:%S %j'; Get-Date -UnixTimeSeconds 0 -AsUTC -Format s; (Get-Date -Year 2020 -Month 1 -Day 2).ToString('yyyyMMdd'); (Get-Date).DisplayHint", "2024/02/03 04:05|2024-02-03 04:05:06 034|1970-01-01T00:00:00|20200102|DateTime" },
        { "(New-TimeSpan -Hours 1 -Minutes 30).TotalMinutes; (New-TimeSpan '2020-01-01' '2020-01-03').Days; (New-Guid).GetType().Name; New-Guid -Empty | % ToString", "90|2|Guid|00000000-0000-0000-0000-000000000000" },
        { "Get-Random -Minimum 5 -Maximum 6; (Get-Random).GetType().Name; (Get-Random -Maximum 1.5).GetType().Name; (1..9 | Get-Random -Count 3).Count; (1..5 | Get-Random -Shuffle | Sort-Object) -join ','; (Get-Random -SetSeed 7) -eq (Get-Random -SetSeed 7)", "5|Int32|Double|3|1,2,3,4,5|True" },
        { "(Get-Process -Id $PID).Id -eq $PID; Get-Process -Id 99999999 2>$null; $Error[0].FullyQualifiedErrorId; (Start-Process dotnet --version -Wait -PassThru -RedirectStandardOutput v.txt).ExitCode; (Get-Content v.txt).Length -gt 0", "True|NoProcessFoundForGivenId,Microsoft.PowerShell.Commands.GetProcessCommand|0|True" },
        { "$p = Start-Process dotnet '\"fsi\"' -PassThru -RedirectStandardInput c.txt -RedirectStandardOutput v2.txt -RedirectStandardError v3.txt; Stop-Process $p; Wait-Process -InputObject $p; $p.HasExited", "True" },
    };
}
