using Xunit;

namespace Switchyard.Tests.Engine;

/// <summary>
/// Tests that load the module once more. The engine knows the parameters of both copies' commands by the same name, so that a command run
/// beside them would be bound with the other copy's.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ModuleCopies
{
    public const string Name = "Copies of the module";
}
