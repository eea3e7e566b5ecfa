@{
    RootModule        = 'TestModule.psm1'
    ModuleVersion     = '1.0.0'
    GUID              = '9a6a3a0b-7a5f-4d27-8a55-3c5b5f6d4e11'
    Author            = 'The Switchyard authors'
    Description       = 'A module for the tests of Switchyard to import into workers.'
    FunctionsToExport = @('Get-TestGreeting', 'Get-TestCallCount', 'Invoke-TestBatch')
    CmdletsToExport   = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
