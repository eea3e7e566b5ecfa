#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.5.0' }

# Workers that a scheduler starts by a script of the user's. The scheduler is a stand-in: 'qsub' and 'kubectl' that run their jobs at once.

Describe 'Workers by a job template' -Skip:$IsWindows {
    BeforeAll {
        Import-Module (Join-Path $PSScriptRoot 'Common.psm1') -Force
        Import-BuiltModule
        $pathBefore, $cacheBefore = $env:PATH, $env:XDG_CACHE_HOME
        $bin = "$TestDrive/bin"
        $null = New-Item -ItemType Directory $bin
        $env:XDG_CACHE_HOME = "$TestDrive/cache"
        $env:PATH = "${bin}:$env:PATH"
        $pwsh = Get-Pwsh
        $programs = @{
            pwsh    = "exec $(@(@($pwsh.Program) + $pwsh.Before | ForEach-Object { "'$_'" }) -join ' ') `"`$@`""
            qsub    = "n=`$(sed -n 's/^#PBS -J 1-//p' `"`$1`"); cp `"`$1`" $bin/job.`$`$; echo `"`$n`" >>$bin/counts; while [ `$n -gt 0 ]; do sh $bin/job.`$`$ </dev/null >/dev/null 2>&1 & n=`$((n - 1)); done; echo job.`$`$"
            qdel    = "echo `"`$1`" >>$bin/canceled"
            kubectl = "if [ `$1 = delete ]; then echo `"`$3`" >>$bin/canceled; exit; fi; export SWITCHYARD_CONNECTION=`$(sed -n 's/^ *value: `"\(.*\)`"`$/\1/p' `$5); sh -c `"`$(sed -n 's/^ *command: .*, `"\(exec .*\)`"]`$/\1/p' `$5)`" </dev/null >/dev/null 2>&1 & echo job.batch/switchyard-1"
        }
        foreach ($name in $programs.Keys) {
            Set-Content "$bin/$name" "#!/bin/sh`n$($programs[$name])"
            & chmod 755 "$bin/$name"
        }

        $templates = Join-Path $PSScriptRoot '..' '..' 'docs' 'examples' 'schedulers'
    }

    AfterAll {
        $env:PATH, $env:XDG_CACHE_HOME = $pathBefore, $cacheBefore
    }

    BeforeEach {
        Remove-Item "$bin/canceled", "$bin/counts", "$bin/job.*" -ErrorAction Ignore
    }

    It 'run, and their job is canceled at the end' {
        1..6 | Invoke-ProcessBatch { $_ * 2 } -JobTemplate "$templates/pbs.sh" -ThrottleLimit 2 -CallbackInterface 127.0.0.1 -KeepOrder | Should -Be 2, 4, 6, 8, 10, 12
        Get-Content "$bin/counts" | Should -Be '2'
        Get-Content "$bin/canceled" | Should -BeLike 'job.*'
    }

    It 'run by Kubernetes' {
        1..2 | Invoke-ProcessBatch { $_ * 2 } -JobTemplate "$templates/kubernetes.yaml" -ThrottleLimit 1 -CallbackInterface 127.0.0.1 | Should -Be 2, 4
        Get-Content "$bin/canceled" | Should -Be 'job.batch/switchyard-1'
    }

    It 'are replaced by a job of one where they are lost' {
        $flag = "$TestDrive/once"
        1..3 | Invoke-ProcessBatch { if ($_ -eq 2 -and -not (Test-Path $using:flag)) { $null = New-Item $using:flag; [Environment]::Exit(9) }; $_ } -JobTemplate "$templates/pbs.sh" -ThrottleLimit 1 -CallbackInterface 127.0.0.1 -KeepOrder -WarningAction Ignore | Should -Be 1, 2, 3
        Get-Content "$bin/counts" | Should -Be '1', '1'
        (Get-Content "$bin/canceled").Count | Should -Be 2
    }

    It 'say what the submit command said' {
        Set-Content "$TestDrive/bad.sh" "# switchyard-submit: echo no queue for you >&2; exit 3`n# switchyard-cancel: true`n{{Command}} {{Connection}}"
        { 1 | Invoke-ProcessBatch { $_ } -JobTemplate "$TestDrive/bad.sh" -WarningAction Ignore } | Should -Throw '*no queue for you*'
    }

    It 'refuse a template without <_>' -ForEach '{{Command}}', '{{Connection}}', 'switchyard-submit:', 'switchyard-cancel:' {
        Set-Content "$TestDrive/lacks.sh" ((Get-Content "$templates/pbs.sh" -Raw) -replace [regex]::Escape($_))
        { 1 | Invoke-ProcessBatch { $_ } -JobTemplate "$TestDrive/lacks.sh" } | Should -Throw "*'$_'*" -ErrorId 'Switchyard.JobTemplateNotAllowed,Switchyard.Commands.InvokeProcessBatchCommand'
    }
}
