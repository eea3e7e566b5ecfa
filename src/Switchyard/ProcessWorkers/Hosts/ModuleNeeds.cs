using System.Management.Automation.Language;
using Switchyard.Parameters;

namespace Switchyard.ProcessWorkers.Hosts;

/// <summary>What a module needs besides what is in its folder, as its file says.</summary>
/// <param name="Modules">Names or specifications of other modules. They may be there already, or nowhere.</param>
/// <param name="Outside">A part of it that is in no module and elsewhere; null if there is none.</param>
internal sealed record ModuleNeeds(IReadOnlyList<object> Modules, string? Outside)
{
    private static readonly string[] _modules = ["RequiredModules", "NestedModules", "RootModule", "ModuleToProcess"];
    private static readonly string[] _files = ["ScriptsToProcess", "TypesToProcess", "FormatsToProcess", "RequiredAssemblies"];
    private static readonly string[] _extensions = [string.Empty, ".psd1", ".psm1", ".dll", ".cdxml", ".ps1"];

    /// <param name="file">The module's manifest or script.</param>
    public static ModuleNeeds Read(string file)
    {
        if (!file.EndsWith(".psd1", StringComparison.OrdinalIgnoreCase) && !file.EndsWith(".psm1", StringComparison.OrdinalIgnoreCase))
        {
            return new ModuleNeeds([], null);
        }

        string folder = Path.GetDirectoryName(file)!;
        ScriptBlockAst script = Parser.ParseFile(file, out _, out _);
        List<object> modules = [.. script.ScriptRequirements?.RequiredModules ?? Enumerable.Empty<object>()];
        string? outside = null;
        if (file.EndsWith(".psd1", StringComparison.OrdinalIgnoreCase) && script.Find(ast => ast is HashtableAst, searchNestedScriptBlocks: false) is HashtableAst manifest)
        {
            modules.AddRange(ValuesOf(manifest, _modules).Where(value => value is not string name || !(SessionModules.IsPath(name) || IsPart(folder, name))));
            outside = ValuesOf(manifest, [.. _modules, .. _files]).OfType<string>().FirstOrDefault(name => IsOutside(folder, name));
        }

        return new ModuleNeeds(modules, outside);
    }

    private static bool IsPart(string folder, string name) => Array.Exists(_extensions, extension => Path.Exists(PathOf(folder, name + extension)));

    private static string PathOf(string folder, string name) => Path.GetFullPath(name.Replace('\\', '/'), folder);

    private static bool IsOutside(string folder, string name) =>
        name.AsSpan().IndexOfAny('/', '\\') >= 0 && !Engine.ModuleFolders.IsWithin(PathOf(folder, name), folder);

    private static IEnumerable<object> ValuesOf(HashtableAst manifest, string[] keys) => manifest.KeyValuePairs
        .Where(pair => pair.Item1 is StringConstantExpressionAst { Value: var key } && keys.Contains(key, StringComparer.OrdinalIgnoreCase))
        .SelectMany(pair => ValuesOf(pair.Item2));

    // What only a session can say counts for nothing.
    private static IEnumerable<object> ValuesOf(StatementAst statement)
    {
        try
        {
            return (statement as PipelineAst)?.GetPureExpression()?.SafeGetValue() switch
            {
                IEnumerable<object> values => values.OfType<object>(),
                null or "" => [],
                { } value => [value],
            };
        }
        catch (InvalidOperationException exception)
        {
            Debug.WriteLine(exception);
            return [];
        }
    }
}
