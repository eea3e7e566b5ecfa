using Switchyard.Engine;
using Xunit;

namespace Switchyard.Tests.Engine;

/// <summary>What the engine keeps to itself may be gone in its next version: then all is slower, and nothing is wrong or without end.</summary>
public sealed class HiddenMembersTests(HiddenMembersProcess process) : IClassFixture<HiddenMembersProcess>
{
    // Of those only the steps are made that run a body in the engine's place, so that one of them stands for all.
    private static readonly string[] _ofSteps =
    [
        "Language.FunctionContext", "MutableTuple", "SessionStateScope.GetAutomaticVariableValue", "SessionStateScope.LocalsTuple", "SessionStateInternal.RemoveScope",
        "ScriptBlock.GetCodeToInvoke", "ScriptBlock.Log", "ScriptBlock.MakeLocals", "ScriptBlock.SetPS", "ScriptBlock.LanguageMode", "ScriptBlock.File",
        "ScriptBlock.Debugger", "ScriptBlock.SequencePoints", "ExecutionContext.ShellFunction", "ExecutionContext.External", "ExecutionContext.LanguageMode",
        "ExecutionContext.CurrentRunspace", "ExecutionContext._debuggingMode",
    ];

    /// <summary>Members by themselves (without a type, its members are missing), those that stand in for each other, and all.</summary>
    public static TheoryData<string> Hidden =>
    [
        .. EngineMembers.All.Where(member => member is not EngineMember<Type>).Select(member => member.FullName)
            .Where(name => !Array.Exists(_ofSteps, name.StartsWith)),
        "ScriptBlock.InvokeUsingCmdlet,NewScope", "HasInstanceMembers,HasInstanceTypeName,InstanceMembers", "*",
    ];

    [Theory]
    [MemberData(nameof(Hidden))]
    public async Task Without_a_member_all_is_as_with_it(string hidden)
    {
        IReadOnlyList<string> expected = await (process.WithAll ??= OutcomeAsync(string.Empty));

        // All of it, as what failed stands at its end.
        IReadOnlyList<string> actual = await OutcomeAsync(hidden);
        Assert.True(expected.SequenceEqual(actual), string.Join('\n', actual));
    }

    [Fact]
    public async Task Without_any_of_the_steps_that_run_a_body_the_engines_own_call_does()
    {
        string[] steps = [.. EngineMembers.All.Select(member => member.FullName).Where(name => Array.Exists(_ofSteps, name.StartsWith))];

        Assert.True(steps.Length >= 24);
        foreach (string step in steps)
        {
            HiddenMembersAnswer answer = await process.AskAsync(step, runsChecks: false, TestContext.Current.CancellationToken);
            Assert.Contains(step, answer.Missing);
            Assert.False(answer.ReusesScopes);
        }
    }

    private async Task<IReadOnlyList<string>> OutcomeAsync(string hidden)
    {
        HiddenMembersAnswer answer = await process.AskAsync(hidden, runsChecks: true, TestContext.Current.CancellationToken);
        Assert.Equal(hidden.Length > 0, answer.Missing.Count > 0);
        return answer.Lines;
    }
}
