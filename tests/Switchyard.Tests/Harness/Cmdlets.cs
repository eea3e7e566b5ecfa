using System.Management.Automation;
using System.Reflection;
using Switchyard.Runspaces.Sessions;
using Xunit;

namespace Switchyard.Tests.Harness;

/// <summary>The module's commands, as the engine sees them.</summary>
internal static class Cmdlets
{
    /// <summary>The names of all, for theories.</summary>
    public static TheoryData<string> Names => [.. All.Select(cmdlet => cmdlet.Name)];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CmdletInfo> All { get; } = Find();

    /// <summary>One of them.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>What the engine knows of it.</returns>
    public static CmdletInfo Get(string name) => All.Single(cmdlet => cmdlet.Name == name);

    /// <summary>The parameters of a command that are its own, and not common to all.</summary>
    /// <param name="name">The command's name.</param>
    /// <returns>They.</returns>
    public static IReadOnlyList<ParameterMetadata> ParametersOf(string name) =>
        [.. Get(name).Parameters.Values.Where(parameter => !Cmdlet.CommonParameters.Contains(parameter.Name))];

    private static List<CmdletInfo> Find() =>
    [
        .. from type in typeof(ModuleCommands).Assembly.GetExportedTypes()
           let cmdlet = type.GetCustomAttribute<CmdletAttribute>()
           where cmdlet is not null
           select new CmdletInfo($"{cmdlet.VerbName}-{cmdlet.NounName}", type),
    ];
}
