using System.Management.Automation.Language;

namespace Switchyard.Engine;

/// <summary>
/// Passes a body's output on as it comes, where the engine's only public call of a block keeps it until the block has ended, and drops it if
/// <c>break</c>, <c>exit</c> or <c>throw</c> ended it.
/// </summary>
[Cmdlet(VerbsCommunications.Write, "ForwardedOutput")]
internal sealed class ForwardOutputCommand : Cmdlet
{
    private static readonly CmdletInfo _info = new("Write-ForwardedOutput", typeof(ForwardOutputCommand));

    [Parameter(Mandatory = true)]
    public Cmdlet Target { get; set; } = null!;

    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>Makes a block that calls another and forwards what it writes: <c>&amp; block @args | Write-ForwardedOutput -Target target</c>.</summary>
    /// <remarks>Of parts and not of text, as no name of ours may be seen in the body.</remarks>
    public static ScriptBlock BlockFor(ScriptBlock block, Cmdlet target)
    {
        IScriptExtent extent = block.Ast.Extent;
        CommandAst call = new(
            extent, [new ConstantExpressionAst(extent, block), new VariableExpressionAst(extent, "args", splatted: true)], TokenKind.Ampersand, null);
        CommandAst forward = new(
            extent,
            [new ConstantExpressionAst(extent, _info), new CommandParameterAst(extent, nameof(Target), new ConstantExpressionAst(extent, target), extent)],
            TokenKind.Ampersand,
            null);
        StatementBlockAst statements = new(extent, [new PipelineAst(extent, [call, forward])], null);
        return new ScriptBlockAst(extent, null, statements, isFilter: false).GetScriptBlock();
    }

    protected override void ProcessRecord() => Target.WriteObject(InputObject);
}
