<#
.SYNOPSIS
    Tests of a script that uses a batch: its output, its order, and what becomes of a file that cannot be read.
.EXAMPLE
    Invoke-Pester ./docs/examples/checksums.Tests.ps1
#>
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0.0' }

BeforeAll {
    if (-not (Get-Command Invoke-ThreadedBatch -ErrorAction Ignore)) {
        Import-Module (Join-Path $PSScriptRoot '..' '..' 'out' 'Switchyard')
    }

    $script = Join-Path $PSScriptRoot 'checksums.ps1'
}

Describe 'checksums.ps1' {
    BeforeEach {
        $files = 1..5 | ForEach-Object { New-Item -ItemType File -Force (Join-Path $TestDrive "file $_.txt") -Value "text $_" }
    }

    It 'writes a hash for each file, in their order' {
        $hashes = $files | & $script
        $hashes.Name | Should -Be $files.Name
        $hashes[0].Sha256 | Should -Be (Get-FileHash $files[0]).Hash
        ($hashes.Sha256 | Sort-Object -Unique).Count | Should -Be 5
    }

    It 'loses no other file to one that is gone' {
        Remove-Item -LiteralPath $files[2]
        $hashes = $files | & $script -ErrorVariable problems -ErrorAction SilentlyContinue
        $hashes.Name | Should -Be 'file 1.txt', 'file 2.txt', 'file 4.txt', 'file 5.txt'
    }

    # A mock is a command of the test's own session. The body runs in a worker's, so what it calls there is put in its place by a function
    # that the worker is given: -FunctionName in the script, or the batch itself is mocked and its body run here.
    It 'can be tested without a worker: the batch is mocked by a plain loop' {
        Mock Get-FileHash { [pscustomobject]@{ Hash = 'mocked' } }
        Mock Invoke-ThreadedBatch { $InputObject | ForEach-Object $ScriptBlock }
        $hashes = $files | & $script
        $hashes.Sha256 | Should -Be (@('mocked') * 5)
    }
}
