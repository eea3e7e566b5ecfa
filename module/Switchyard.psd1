@{
    # In this order: the first loads the native code of the second, where there is some for this system. A root module would be loaded before either.
    # The first has the module's version in its name.
    NestedModules          = @('Switchyard.Loader.1.0.0.dll', 'Switchyard.dll')
    ModuleVersion          = '1.0.0'
    GUID                   = '5b0b0c5e-2f5e-4f1c-9a0e-7d3f6d1c2a94'
    Author                 = 'The Switchyard authors'
    CompanyName            = 'The Switchyard authors'
    Copyright              = 'Copyright (c) The Switchyard authors. MIT licence.'
    Description            = 'Runs a script block or a program over piped input where it pays: on threads when it waits, on processes when it computes, on neither when concurrency would not help.'
    PowerShellVersion      = '7.4'
    CompatiblePSEditions   = @('Core')
    FormatsToProcess       = @('Switchyard.format.ps1xml')
    CmdletsToExport        = @('Invoke-Batch', 'Invoke-ThreadedBatch', 'Invoke-ProcessBatch', 'Measure-Bottleneck', 'Get-BatchError', 'Get-BatchJournal', 'New-SharedState',
        'Get-Batch', 'Set-Batch', 'Suspend-Batch', 'Resume-Batch', 'Stop-Batch', 'Watch-Batch')
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()
    PrivateData            = @{
        PSData = @{
            Tags                     = @('parallel', 'concurrency', 'performance', 'thread', 'runspace', 'process', 'batch', 'pipeline', 'xargs', 'foreach-parallel', 'job', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri               = 'https://github.com/switchyard-ps/switchyard/blob/main/LICENSE'
            ProjectUri               = 'https://github.com/switchyard-ps/switchyard'
            ReleaseNotes             = 'https://github.com/switchyard-ps/switchyard/blob/main/CHANGELOG.md'
            RequireLicenseAcceptance = $false
        }
    }
}
