using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text;
using Switchyard.Choosing;
using Switchyard.Runspaces.Sessions;
using Xunit;

namespace Switchyard.Tests.Choosing;

/// <summary>What may move to processes, and what must not: a body that is taken for safe and is not gives wrong results.</summary>
public sealed class ProcessSafetyTests : IClassFixture<GivenSession>, IDisposable
{
    private readonly Runspace? _outer = Runspace.DefaultRunspace;

    public ProcessSafetyTests(GivenSession session) => Runspace.DefaultRunspace = session.Runspace;

    public void Dispose() => Runspace.DefaultRunspace = _outer;

    // Computing with what the body makes itself.
    [Theory]
    [InlineData("""$s = 0; for ($i = 0; $i -lt 1000; $i++) { $s += $i * $i }; $s""")]
    [InlineData("""$a = @(1, 2, 3); $a[0] = 5; $a += 4; $a.Count""")]
    [InlineData("""$h = @{}; foreach ($w in "$_" -split ' ') { $h[$w] = 1 + $h[$w] }; $h.Count""")]
    [InlineData("""$l = [System.Collections.Generic.List[int]]::new(); 1..9 | ForEach-Object { $l.Add($_) }; $l.Sort(); $l.Reverse(); $l[0]""")]
    [InlineData("""$d = [System.Collections.Generic.Dictionary[string,object]]::new(); $d['a'] = $_; $d.Add('b', 2); $d.Remove('a'); $d.Count""")]
    [InlineData("""$q = [Collections.Generic.Queue[string]]::new(); $q.Enqueue($_); $q.Dequeue()""")]
    [InlineData("""$set = [Collections.Generic.HashSet[string]]::new([StringComparer]::OrdinalIgnoreCase); [void]$set.Add($_); $set.Count""")]
    [InlineData("""$o = New-Object System.Collections.ArrayList; [void]$o.Add($_); $o.Count""")]
    [InlineData("""$r = [ordered]@{ Name = $_ }; $r.Size = 3; [pscustomobject]$r""")]
    [InlineData("""$o = [pscustomobject]@{ Name = $_ }; $o.Name = 'x'; $o | Add-Member -NotePropertyName Y -NotePropertyValue 1; $o""")]
    [InlineData("""$sb = [Text.StringBuilder]::new(); foreach ($c in $_.ToCharArray()) { [void]$sb.Append([char]([int]$c + 1)) }; $sb.ToString()""")]
    [InlineData("""[math]::Sqrt(2) + [Math]::Pow($_.Length, 2)""")]
    [InlineData("""$sha = [Security.Cryptography.SHA256]::Create(); try { [Convert]::ToHexString($sha.ComputeHash([Text.Encoding]::UTF8.GetBytes($_))) } finally { $sha.Dispose() }""")]
    [InlineData("""[Convert]::ToBase64String([Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($_)))""")]
    [InlineData("""if ($_ -match '(\d+)-(?<x>\w+)') { $Matches.x; $Matches[1] }""")]
    [InlineData("""[regex]::Matches($_, '\w+').Value | Group-Object | Sort-Object Count -Descending | Select-Object -First 3 Name, Count""")]
    [InlineData("""[regex]::Replace($_, '\d', { param($m) [int]$m.Value + 1 })""")]
    [InlineData("""[IO.Path]::ChangeExtension($_, '.txt'); [IO.File]::Exists($_); [IO.Path]::Combine('a', $_)""")]
    [InlineData("""$n = 0; foreach ($line in [IO.File]::ReadLines($_)) { if ($line.Contains('x')) { $n++ } }; $n""")]
    [InlineData("""$reader = [IO.StreamReader]::new($_); while ($null -ne ($line = $reader.ReadLine())) { $line.Length }; $reader.Close()""")]
    [InlineData("""Get-Content $_ -Raw | ConvertFrom-Json | ForEach-Object { $_.Name = 'y'; $_ } | ConvertTo-Json""")]
    [InlineData("""Import-Csv $_ | Where-Object Size -gt 3 | Group-Object Name | ForEach-Object { [pscustomobject]@{ N = $_.Name; C = $_.Count } }""")]
    [InlineData("""(Get-Content $_ | Measure-Object -Line).Lines; Get-FileHash $_ | Select-Object -ExpandProperty Hash""")]
    [InlineData("""1..10 | Where-Object { $_ % 2 } | ForEach-Object { $_ * 2 } | Sort-Object -Descending | Select-Object -First 2""")]
    [InlineData("""$x = 1..10; $x.Where({ $_ -gt 3 }).ForEach({ $_ * 2 })""")]
    [InlineData("""$found = $null; if ([int]::TryParse($_, [ref]$found)) { $found } else { Write-Error "no: $_" }""")]
    [InlineData("""try { [int]$_ } catch { Write-Warning "failed: $($_.Exception.Message)"; throw } finally { $x = 1 }""")]
    [InlineData("""switch -Regex ($_) { '^a' { 'A' } default { $_ } }""")]
    [InlineData("""function Get-Twice($n) { if ($n -lt 2) { return 1 }; (Get-Twice ($n - 1)) + (Get-Twice ($n - 2)) }; Get-Twice 10""")]
    [InlineData("""$t = Get-Date; Start-Sleep -Milliseconds 5; [Threading.Thread]::Sleep(1); ((Get-Date) - $t).TotalMilliseconds""")]
    [InlineData("""Set-Content -Path (Join-Path ([IO.Path]::GetTempPath()) "$_.txt") -Value 'x'; Add-Content "$_.log" 'y'; "z" > "$_.out" """)]
    [InlineData("""& { param($p) $p * 2 } 4""")]
    [InlineData("""$global:x""")]
    [InlineData("""$env:PATH.Length; [Environment]::MachineName""")]
    [InlineData("""Set-Location /; Push-Location .; (Get-Location).Path""")]
    [InlineData("""$a, $b = $_ -split ' '; $b ?? 'none'; $a ? 1 : 2""")]
    [InlineData("""$m = [int[,]]::new(3, 3); $m[0, 1] = 4; $m[0, 1]""")]
    [InlineData("""$lookup = @{ a = { 1 } }; $lookup.Count; ([xml]'<a><b>1</b></a>').a.b""")]
    [InlineData("""$r = [Random]::new(42); $r.Next(10); Get-Random -Maximum 3""")]
    [InlineData("""[datetime]::ParseExact($_, 'yyyy', [cultureinfo]::InvariantCulture).AddDays(3).ToString('o')""")]
    [InlineData("""Invoke-RestMethod "http://example.org/$_" -Headers @{ a = 1 } | Select-Object Name""")]
    [InlineData("""git --version; if ($LASTEXITCODE) { throw 'x' }""")]
    [InlineData("""Write-Host $_; Write-Verbose 'x'; Write-Progress -Activity a -PercentComplete 3; Write-Information 'x'; Write-Output $_""")]
    [InlineData("""$PSVersionTable.PSVersion.Major; $PSCulture; $IsLinux; $HOME""")]
    public void Code_of_its_own_may_move(string body) => Assert.Null(Judge(body, "'a'"));

    // What is given and only read, or cannot be changed.
    [Theory]
    [InlineData("""($using:table)[$_]; ($using:table).ContainsKey($_); ($using:table)['b'].ToUpper()""")]
    [InlineData("""$using:names -contains $_; foreach ($n in $using:names) { $n.Length }; $using:names.Count""")]
    [InlineData("""$t = $using:table; if ($t.ContainsKey($_)) { $t[$_] + 1 }; ($t.Keys | Sort-Object) -join ','""")]
    [InlineData("""($using:list).IndexOf($_); ($using:set).Contains($_); ($using:list | Measure-Object).Count""")]
    [InlineData("""$using:text + $using:number; ($using:regex).Match($_).Value; $using:file.Name""")]
    [InlineData("""$x = $using:number; $x++; $x += 4; $y = $using:text; $y = $y.Replace('x', 'y'); $y""")]
    [InlineData("""$copy = [Collections.Generic.List[object]]::new($using:list); $copy.Add($_); $copy.Count""")]
    [InlineData("""$copy = ($using:table).Clone(); $copy['c'] = 1; $copy.Count""")]
    [InlineData("""$h = @{ n = $using:text }; $h.n = 'y'; $h""")]
    [InlineData("""[BitConverter]::ToString($using:bytes); ($using:bytes)[0]""")]
    public void What_is_read_alone_may_be_given(string body) => Assert.Null(Judge(body, "'a'"));

    [Theory]
    [InlineData("""[pscustomobject]@{ Name = $_.Name; Long = $_.Size.Length }""", "$csv")]
    [InlineData("""$_ | Select-Object Name, @{ n = 'Big'; e = { [int]$_.Size * 2 } }""", "$csv")]
    [InlineData("""$n = $_.Name; $all = @{}; $all[$n] = $_.Size; $all""", "$csv")]
    [InlineData("""$_.Name; $_.Length; Get-Content $_ -TotalCount 1; [IO.File]::ReadAllText($_.FullName).Length; $_.OpenRead().Dispose()""", "$file")]
    [InlineData("""foreach ($x in $_) { $x }; $_.Count""", "$names")]
    [InlineData("""$_['a']; $_.b; $_.Keys.Count""", "$table")]
    [InlineData("""foreach ($p in $_.psobject.Properties) { "$($p.Name)=$($p.Value)" }""", "$csv")]
    [InlineData("""$_ | ConvertTo-Json""", "$nested")]
    [InlineData("""$_; $_.ToUpper(); $_.Replace('x', 'y'); $x = $_; $x""", "$text")]
    public void Items_that_are_only_read_may_be_sent(string body, string item) => Assert.Null(Judge(body, item));

    // The caller has it too, and would see what becomes of it.
    [Theory]
    [InlineData("""($using:table)[$_] = 1""")]
    [InlineData("""($using:table).a++""")]
    [InlineData("""$t = $using:table; $t.c = 3""")]
    [InlineData("""$t = $using:table; & { $t.Remove('a') }""")]
    [InlineData("""$t = $using:table; function Set-It($x) { $x['z'] = 1 }; Set-It $t""")]
    [InlineData("""$holder = @{ t = $using:table }; $holder.t['z'] = 1""")]
    [InlineData("""$all = @(); $all += ,$using:list; $all[0].Add(1)""")]
    [InlineData("""($using:nested).a.n = 2""")]
    [InlineData("""foreach ($x in ($using:nested).Values) { $x.n = 2 }""")]
    [InlineData("""($using:nested).Values | ForEach-Object { $_.n = 2 }""")]
    [InlineData("""($using:list).Add($_)""")]
    [InlineData("""$l = $using:list; $null = $l.Add($_)""")]
    [InlineData("""($using:list).Clear()""")]
    [InlineData("""($using:names)[0] = 'z'""")]
    [InlineData("""[array]::Sort($using:names)""")]
    [InlineData("""[array]::Reverse($using:bytes)""")]
    [InlineData("""$o = $using:object; $o.Name = 'z'""")]
    [InlineData("""$using:object | Add-Member -NotePropertyName Z -NotePropertyValue 1""")]
    [InlineData("""($using:object).psobject.Properties['Name'].Value = 'z'""")]
    [InlineData("""($using:csv).psobject.Properties.Remove('Size')""")]
    [InlineData("""$using:object.Sub""")]
    [InlineData("""$using:object""")]
    [InlineData("""Write-Output $using:list -NoEnumerate""")]
    [InlineData("""($using:nested)[$_]""")]
    [InlineData("""[pscustomobject]@{ X = $using:table }""")]
    [InlineData("""($using:builder).Append('x')""")]
    [InlineData("""($using:builder).Length""")]
    [InlineData("""($using:bag).TryAdd($_, 1)""")]
    [InlineData("""($using:bag)[$_] = 1""")]
    [InlineData("""($using:safe).Count""")]
    [InlineData("""[Threading.Monitor]::Enter($using:gate)""")]
    [InlineData("""($using:stream).WriteByte(1)""")]
    [InlineData("""($using:process).Id""")]
    [InlineData("""($using:method).Twice""")]
    [InlineData("""($using:xml).a""")]
    [InlineData("""$ms = [IO.MemoryStream]::new($using:bytes); $ms.WriteByte(3)""")]
    [InlineData("""[Random]::new(1).Shuffle($using:names)""")]
    [InlineData("""($using:file).Delete()""")]
    [InlineData("""($using:file).LastWriteTime = Get-Date""")]
    [InlineData("""($using:nested).Values.ForEach({ $_.n = 1 })""")]
    [InlineData("""($using:nested).Values.ForEach('Clear')""")]
    [InlineData("""($using:nested).Values | ForEach-Object Clear""")]
    [InlineData("""$x = $null; [void]($using:nested).TryGetValue('a', [ref]$x); $x.n = 3""")]
    [InlineData("""$e = ($using:nested).GetEnumerator(); while ($e.MoveNext()) { $e.Value.n = 1 }""")]
    [InlineData("""$a = @{}; $b = $a; $a.x = $using:table; $b.x.c = 1""")]
    [InlineData("""$x, $y = $using:table, 1; $x.c = 1""")]
    [InlineData("""switch ($using:nested.Values) { { $_.n } { $_.n = 1 } }""")]
    [InlineData("""$($using:table).c = 1""")]
    [InlineData("""($true ? $using:table : @{}).c = 1""")]
    [InlineData("""($null ?? $using:table).c = 1""")]
    [InlineData("""Write-Output $using:table -OutVariable o | Out-Null; $o[0].c = 1""")]
    [InlineData("""$using:list -eq ($using:list)[0]; $using:object -eq ($using:list)[0]""")]
    public void What_the_caller_has_stays(string body) => Assert.NotNull(Judge(body, "'a'"));

    [Theory]
    [InlineData("""$_.Name = 'z'""", "$csv")]
    [InlineData("""$x = $_; $x.Size = 1""", "$csv")]
    [InlineData("""$_""", "$csv")]
    [InlineData("""if ($_.Size -gt 2) { $_ }""", "$csv")]
    [InlineData("""$_ | Where-Object Size -gt 2""", "$csv")]
    [InlineData("""[pscustomobject]@{ Item = $_ }""", "$csv")]
    [InlineData("""$_ | Add-Member X 1""", "$csv")]
    [InlineData("""$_ | Add-Member X 1 -PassThru""", "$csv")]
    [InlineData("""$_.psobject.TypeNames.Insert(0, 'X')""", "$csv")]
    [InlineData("""function Set-X { process { $_.Name = 'z' } }; $_ | Set-X""", "$csv")]
    [InlineData("""function Set-X($o) { $o.Name = 'z' }; Set-X -o $_""", "$csv")]
    [InlineData("""$_.Add(1)""", "$list")]
    [InlineData("""$_[0] = 1""", "$names")]
    [InlineData("""$_.a = 1""", "$table")]
    [InlineData("""$_.a.n = 1""", "$nested")]
    [InlineData("""$_.a""", "$nested")]
    [InlineData("""$_.Values""", "$nested")]
    [InlineData("""$_.Sub.n++""", "$object")]
    [InlineData("""$_.Append('x')""", "$builder")]
    [InlineData("""$_.Length""", "$builder")]
    [InlineData("""$_""", "$file")]
    [InlineData("""$_.Delete()""", "$file")]
    [InlineData("""$_.IsReadOnly = $true""", "$file")]
    [InlineData("""$_ -eq $using:csv""", "$csv")]
    [InlineData("""$_.Id""", "$process")]
    [InlineData("""$_.Twice""", "$method")]
    [InlineData("""$_.a.b""", "$xml")]
    [InlineData("""try { throw $_ } catch { $_.TargetObject.Name = 'z' }""", "$csv")]
    [InlineData("""Set-Content -Path $_ -Value 1""", "'env:X'")]
    [InlineData("""Write-Information $_""", "$csv")]
    public void Items_that_would_be_missed_stay(string body, string item) => Assert.NotNull(Judge(body, item));

    // State of the process or of its session.
    [Theory]
    [InlineData("""$env:X = 1""")]
    [InlineData("""Set-Item Env:X 1""")]
    [InlineData("""Remove-Item -Path "Env:$_" """)]
    [InlineData("""New-Item -Path Env: -Name X -Value 1""")]
    [InlineData("""[Environment]::SetEnvironmentVariable('X', '1')""")]
    [InlineData("""[Environment]::CurrentDirectory = '/'""")]
    [InlineData("""[IO.Directory]::SetCurrentDirectory('/')""")]
    [InlineData("""$PID""")]
    [InlineData("""[Environment]::ProcessId""")]
    [InlineData("""[Diagnostics.Process]::GetCurrentProcess().Id""")]
    [InlineData("""Get-Process -Id $PID""")]
    [InlineData("""$Host.UI.WriteLine('x')""")]
    [InlineData("""[Console]::WriteLine('x')""")]
    [InlineData("""[Console]::SetOut([IO.StringWriter]::new())""")]
    [InlineData("""[Threading.Interlocked]::Increment([ref]$using:number)""")]
    [InlineData("""[Threading.Thread]::CurrentThread.ManagedThreadId""")]
    [InlineData("""[Threading.Mutex]::new($false, 'x')""")]
    [InlineData("""[GC]::Collect()""")]
    [InlineData("""[AppDomain]::CurrentDomain.SetData('x', 1)""")]
    [InlineData("""[AppContext]::SetSwitch('x', $true)""")]
    [InlineData("""[Net.ServicePointManager]::SecurityProtocol = 'Tls12'""")]
    [InlineData("""[cultureinfo]::CurrentCulture = 'de-DE'""")]
    [InlineData("""[regex]::CacheSize = 3""")]
    [InlineData("""Add-Type 'public class X { public static int N; }'; [X]::N++""")]
    [InlineData("""class C { static [int] $N }; [C]::N++""")]
    [InlineData("""[NoSuchType]::N""")]
    [InlineData("""$t = [math]; $t::Abs(-1)""")]
    [InlineData("""Register-ObjectEvent -InputObject $x -EventName y""")]
    [InlineData("""Read-Host""")]
    [InlineData("""Start-Job { 1 }""")]
    [InlineData("""Start-ThreadJob { 1 }""")]
    [InlineData("""1..3 | ForEach-Object -Parallel { $_ }""")]
    [InlineData("""$global:x = 1""")]
    [InlineData("""$script:x++""")]
    [InlineData("""Set-Variable -Name x -Value 1 -Scope Global""")]
    [InlineData("""New-Item Variable:global:x -Value 1""")]
    [InlineData("""function global:f { 1 }""")]
    [InlineData("""${function:f} = { 1 }""")]
    [InlineData("""Import-Module X""")]
    [InlineData("""& $_""")]
    [InlineData(""". $_""")]
    [InlineData("""& "tool-$_" """)]
    [InlineData("""Invoke-Expression $_""")]
    [InlineData("""[scriptblock]::Create($_).Invoke()""")]
    [InlineData("""$ExecutionContext.InvokeCommand.InvokeScript('1')""")]
    [InlineData("""New-Object -ComObject X""")]
    [InlineData("""New-Object -TypeName System.Threading.Mutex""")]
    [InlineData("""exit 3""")]
    [InlineData("""Wait-Debugger""")]
    [InlineData("""Update-TypeData -TypeName X -MemberName Y -MemberType NoteProperty -Value 1""")]
    [InlineData("""No-SuchCommand $_""")]
    [InlineData("""$PSStyle.OutputRendering = 'PlainText'""")]
    [InlineData("""$_.GetHashCode() % 4""")]
    [InlineData("""''.GetType().Assembly.GetType('System.Environment').GetMethod('Exit')""")]
    [InlineData("""'x'.$_()""")]
    [InlineData("""Get-Content /proc/self/status""")]
    [InlineData("""sh -c 'echo $PPID'""")]
    [InlineData("""git status &""")]
    [InlineData("""Invoke-WebRequest http://x -WebSession $using:table""")]
    [InlineData("""$x = 'Parallel'; $p = @{ $x = { 1 } }; 1..3 | ForEach-Object @p""")]
    [InlineData("""Start-Transcript""")]
    [InlineData("""[powershell]::Create()""")]
    public void State_of_the_process_stays(string body) => Assert.NotNull(Judge(body, "'a'"));

    [Fact]
    public void Functions_are_judged_by_what_they_do()
    {
        Dictionary<string, ScriptBlock> functions = new() { ["Get-One"] = ScriptBlock.Create("param($x) Get-Two $x"), ["Get-Two"] = ScriptBlock.Create("param($y) $y.Length") };
        Assert.Null(Judge("Get-One $_", "'a'", functions: functions));
        functions["Get-Two"] = ScriptBlock.Create("param($y) $env:X = $y");
        Assert.NotNull(Judge("Get-One $_", "'a'", functions: functions));
        functions["Get-Two"] = ScriptBlock.Create("param($y) $y.Name = 1");
        Assert.NotNull(Judge("Get-One $_", "$csv", functions: functions));
        Assert.Null(Judge("Get-One $_", "'a'", functions: functions));
    }

    [Fact]
    public void What_prepares_a_session_may_set_its_variables()
    {
        ScriptBlock first = ScriptBlock.Create("$r = [regex]'a'; $global:sha = [Security.Cryptography.SHA256]::Create(); $seen = @{}; function Get-X { $r.Match('a').Value }");
        Assert.Null(Judge("$r.Match($_).Index; Get-X", "'a'", first));
        Assert.NotNull(Judge("$seen[$_] = 1", "'a'", first));
        Assert.NotNull(Judge("1", "'a'", ScriptBlock.Create("Add-Type 'public class X { }'")));
    }

    [Fact]
    public void Variables_and_arguments_are_given_as_values_are()
    {
        Assert.Null(Judge("param($t) $t[$_]", "'a'", arguments: [Value("$table")]));
        Assert.NotNull(Judge("param($t) $t[$_] = 1", "'a'", arguments: [Value("$table")]));
        Assert.NotNull(Judge("$args[0].c = 1", "'a'", arguments: [Value("$table")]));
        Assert.Null(Judge("$v[$_]", "'a'", variables: new() { ["v"] = Value("$table") }));
        Assert.NotNull(Judge("$v[$_] = 1", "'a'", variables: new() { ["v"] = Value("$table") }));
        Assert.NotNull(Judge("1", "'a'", variables: new() { ["v"] = Value("$process") }));
    }

    [Theory]
    [InlineData("1, 'x', 2.5, [datetime]::Now, [guid]::NewGuid(), [DayOfWeek]::Friday, [version]'1.2', $table, $list, $csv, $object, $file, $names, $null", true)]
    [InlineData("$process", false)]
    [InlineData("$builder", false)]
    [InlineData("$xml", false)]
    [InlineData("$bag", false)]
    [InlineData("$method", false)]
    [InlineData("@{ a = $process }", false)]
    [InlineData("[pscustomobject]@{ a = @{ b = $stream } }", false)]
    [InlineData("(Select-String -InputObject 'x' -Pattern 'x')", false)]
    [InlineData("(Get-Date | Get-Member)[0]", false)]
    [InlineData("$(enum Colour { Red }; [Colour]::Red)", false)]
    [InlineData("$(class Thing { $N = 1 }; [Thing]::new())", false)]
    [InlineData("$(try { 1 / 0 } catch { $_ })", true)]
    public void Outputs_arrive_or_stay(string outputs, bool arrive)
    {
        ProcessSafety safety = Make("1", null, null, null, []);
        foreach (PSObject? output in Values(outputs))
        {
            Assert.Equal(arrive, safety.WhyThreadsForOutput(output) is null);
        }
    }

    private static string? Judge(
        string body, string item, ScriptBlock? initialization = null, Dictionary<string, ScriptBlock>? functions = null, Dictionary<string, object?>? variables = null, object?[]? arguments = null)
    {
        ProcessSafety safety = Make(body, initialization, functions, variables, arguments ?? []);
        return safety.WhyThreads ?? safety.WhyThreadsFor(Value(item));
    }

    private static ProcessSafety Make(string body, ScriptBlock? initialization, Dictionary<string, ScriptBlock>? functions, Dictionary<string, object?>? variables, object?[] arguments)
    {
        ScriptBlock block = ScriptBlock.Create(body);
        System.Collections.Hashtable values = new(StringComparer.Ordinal);
        foreach (Ast found in block.Ast.FindAll(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: true))
        {
            UsingExpressionAst given = (UsingExpressionAst)found;
            values[Convert.ToBase64String(Encoding.Unicode.GetBytes(given.ToString().ToLowerInvariant()))] = Value("$" + given.ToString()[7..]);
        }

        SessionSettings settings = new()
        {
            LanguageMode = PSLanguageMode.FullLanguage,
            Host = null!,
            Location = "/",
            ProviderLocation = "/",
            Preferences = new Dictionary<string, object>(),
            UsingValues = values,
            Functions = functions ?? [],
            Variables = variables ?? [],
        };
        return new ProcessSafety(block, initialization, settings, arguments);
    }

    private static object? Value(string expression)
    {
        using PowerShell evaluated = PowerShell.Create(RunspaceMode.CurrentRunspace).AddScript($"@{{ v = {expression} }}");
        return ((System.Collections.Hashtable)evaluated.Invoke()[0].BaseObject)["v"];
    }

    private static IEnumerable<PSObject?> Values(string expression)
    {
        using PowerShell evaluated = PowerShell.Create(RunspaceMode.CurrentRunspace).AddScript(expression, useLocalScope: false);
        return [.. evaluated.Invoke()];
    }
}
