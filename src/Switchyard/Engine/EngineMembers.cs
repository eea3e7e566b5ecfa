namespace Switchyard.Engine;

/// <summary>All that is bound of the engine's own.</summary>
internal static class EngineMembers
{
    /// <summary>Names of the members that this engine lacks; empty where everything is as expected.</summary>
    public static IReadOnlyList<string> Missing =>
    [
        .. EngineBodies.Missing, .. EngineErrors.Missing, .. EnginePipelines.Missing, .. EngineSessions.Missing, .. EngineTypes.Missing,
        .. EngineFiles.Missing, .. InstanceMembers.Missing,
    ];
}
