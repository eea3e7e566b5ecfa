# Exports nothing, on purpose. The host's folder stands beside the module's, and PowerShell takes a folder with an assembly of
# its own name for a module: without this file, whoever has the parent folder on PSModulePath would find the stand-ins there.
@{
    ModuleVersion     = '0.1.0'
    GUID              = 'd2f0f6f3-2d0e-4b6e-8f0c-0b9d6a4f5b1d'
    Author            = 'The Switchyard authors'
    Description       = 'Not a module: the embedded PowerShell host.'
    CmdletsToExport   = @()
    FunctionsToExport = @()
    AliasesToExport   = @()
    VariablesToExport = @()
}
