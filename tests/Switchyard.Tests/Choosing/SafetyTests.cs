using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text;
using Switchyard.Choosing;
using Switchyard.Runspaces.Sessions;
using Xunit;

namespace Switchyard.Tests.Choosing;

/// <summary>Asks whether bodies may move to processes.</summary>
public abstract class SafetyTests : IClassFixture<GivenSession>, IDisposable
{
    private readonly Runspace? _outer = Runspace.DefaultRunspace;

    protected SafetyTests(GivenSession session) => Runspace.DefaultRunspace = session.Runspace;

    public void Dispose()
    {
        Runspace.DefaultRunspace = _outer;
        GC.SuppressFinalize(this);
    }

    protected static string? Judge(
        string body, string item, ScriptBlock? initialization = null, Dictionary<string, ScriptBlock>? functions = null, Dictionary<string, object?>? variables = null, object?[]? arguments = null)
    {
        ProcessSafety safety = Make(body, initialization, functions, variables, arguments ?? []);
        return safety.WhyThreads ?? safety.WhyThreadsFor(Value(item));
    }

    private protected static ProcessSafety Make(string body, ScriptBlock? initialization, Dictionary<string, ScriptBlock>? functions, Dictionary<string, object?>? variables, object?[] arguments)
    {
        ScriptBlock block = ScriptBlock.Create(body);
        System.Collections.Hashtable values = new(StringComparer.Ordinal);
        foreach (Ast found in block.Ast.FindAll(ast => ast is UsingExpressionAst, searchNestedScriptBlocks: true))
        {
            UsingExpressionAst given = (UsingExpressionAst)found;
            values[Convert.ToBase64String(Encoding.Unicode.GetBytes(given.ToString().ToLowerInvariant()))] = Value("$" + given.ToString()[7..]);
        }

        return new ProcessSafety(block, initialization, Settings(values, functions, variables), arguments);
    }

    private protected static SessionSettings Settings(System.Collections.Hashtable values, Dictionary<string, ScriptBlock>? functions, Dictionary<string, object?>? variables) => new()
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

    protected static object? Value(string expression)
    {
        using PowerShell evaluated = PowerShell.Create(RunspaceMode.CurrentRunspace).AddScript($"@{{ v = {expression} }}");
        return ((System.Collections.Hashtable)evaluated.Invoke()[0].BaseObject)["v"];
    }
}
