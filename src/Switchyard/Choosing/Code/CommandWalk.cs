using System.Management.Automation.Language;
using Switchyard.Choosing.Known;

namespace Switchyard.Choosing.Code;

/// <summary>Goes through pipelines and the commands in them.</summary>
internal sealed class CommandWalk(BodyWalk walk, string folder)
{
    /// <summary>A pipeline, or one command or expression by itself.</summary>
    public Flow Walk(IEnumerable<CommandBaseAst> elements, StatementAst pipeline)
    {
        Flow output = Flow.Fresh;
        foreach (CommandBaseAst element in elements)
        {
            foreach (RedirectionAst redirection in element.Redirections)
            {
                _ = redirection is FileRedirectionAst file ? walk.Expression(file.Location) : Flow.Fresh;
            }

            output = element is CommandExpressionAst value ? walk.Expression(value.Expression) : Command((CommandAst)element, output);
        }

        RefuseBackground(pipeline);
        return output;
    }

    /// <summary>Refuses what is a job by an ampersand behind it, which the tree of 5.1 does not tell.</summary>
    public void RefuseBackground(StatementAst statement)
    {
        ReadOnlySpan<char> rest = statement.Extent.StartScriptPosition.GetFullScript().AsSpan(statement.Extent.EndOffset).TrimStart();
        if (rest is ['&', ..] and not ['&', '&', ..])
        {
            walk.Refuse(Messages.ThreadsForSyntax, statement);
        }
    }

    private Flow Command(CommandAst command, Flow input)
    {
        CommandArguments arguments = new(command);
        Flow given = arguments.Values.Aggregate(Flow.Fresh, (flow, value) => flow | walk.Expression(value));
        if (command.CommandElements[0] is ScriptBlockExpressionAst block)
        {
            given = Blocks(arguments, given | input) | given;
            return walk.Block(block.ScriptBlock, input.Elements, given | given.Elements | input.Elements);
        }

        if (command.GetCommandName() is not { } name || arguments.SetsUnknown)
        {
            walk.Refuse(Messages.ThreadsForSyntax, command);
            return Flow.Fresh;
        }

        Flow output;
        if (walk.TryFindFunction(name, out ScriptBlockAst? function))
        {
            given |= Unknown(arguments);
            output = walk.Call(function, input.Elements, given | given.Elements);
        }
        else
        {
            output = Known(command, name, arguments, input, given);
        }

        if (arguments.Variable is { } variable)
        {
            walk.Assign(variable, output | output.Held);
        }

        return output;
    }

    private Flow Known(CommandAst command, string name, CommandArguments arguments, Flow input, Flow given)
    {
        CommandKind kind = KnownCommands.KindOf(name);
        if (kind == CommandKind.Unknown && (KnownCommands.IsOther(name) || !Programs.IsOne(name, folder)))
        {
            walk.Findings.Refuse(MessageText.Format(Messages.ThreadsForCommand, name));
            return Flow.Fresh;
        }

        Flow elements = input.Elements | (arguments.Has("InputObject") ? given | given.Elements : Flow.Fresh);
        Flow made = Blocks(arguments, elements);
        if (arguments.Has("PassThru") && kind == CommandKind.Holds)
        {
            walk.Findings.Change(elements | given.Elements);
            return (elements | given).Elements;
        }

        switch (kind)
        {
            case CommandKind.Reads:
                walk.Findings.TakesPaths |= name.Contains("Item", StringComparison.OrdinalIgnoreCase) || name.Contains("Content", StringComparison.OrdinalIgnoreCase)
                    || name.Contains("Location", StringComparison.OrdinalIgnoreCase) || !name.Contains('-', StringComparison.Ordinal);
                if (TableOrder.IsWritten(name))
                {
                    walk.Findings.Order(elements | given, name);
                }

                if (arguments.Has("TargetObject"))
                {
                    walk.Findings.HandOn(given);
                }

                if (arguments.Has("WebSession") || arguments.IsSplat)
                {
                    walk.Findings.Release(given);
                }

                return made with { IsLive = KnownCommands.OutputsLive(name), IsTable = name.EndsWith("StringData", StringComparison.OrdinalIgnoreCase) };
            case CommandKind.Passes:
                if (arguments.Has("Variable") && name.StartsWith("Tee", StringComparison.OrdinalIgnoreCase))
                {
                    walk.Refuse(Messages.ThreadsForSyntax, command);
                }

                return name.EndsWith("Output", StringComparison.OrdinalIgnoreCase) || name.Equals("echo", StringComparison.OrdinalIgnoreCase) || name.Equals("write", StringComparison.OrdinalIgnoreCase)
                    ? elements | (arguments.Has("NoEnumerate") ? given.Held : given.Elements) : Compared(elements, given);
            case CommandKind.Holds:
                return (elements | given | made).Held with { IsLive = KnownCommands.OutputsLive(name), IsTable = elements.IsTable || arguments.Has("AsHashTable") };
            case CommandKind.Changes:
                walk.Findings.Change(elements);
                walk.Store(given | Unknown(arguments));
                return elements;
            case CommandKind.HandsOn:
                walk.Findings.HandOn(elements | given);
                return Flow.Fresh;
            case CommandKind.RunsForEach:
                return ForEach(command, arguments, elements, given, made);
            case CommandKind.Selects:
                return Select(arguments, elements, made);
            case CommandKind.Makes:
                return Make(command, arguments, given);
            default:
                return Flow.Fresh;
        }
    }

    private Flow ForEach(CommandAst command, CommandArguments arguments, Flow elements, Flow given, Flow made)
    {
        if (arguments.IsSplat || arguments.Has("Parallel") || arguments.Has("AsJob") || arguments.Has("ThrottleLimit"))
        {
            walk.Refuse(Messages.ThreadsForSyntax, command);
        }

        // The name of a property or method; a variable may hold a block.
        if (arguments.Blocks.Count == 0)
        {
            if (arguments.Values.FirstOrDefault() is not StringConstantExpressionAst { Value: var name } || KnownMembers.IsForbidden(name))
            {
                walk.Refuse(Messages.ThreadsForSyntax, command);
            }
            else if (!KnownMembers.IsReader(name))
            {
                walk.Findings.Change(elements);
                walk.Store(given);
            }

            return elements.Elements | given;
        }

        return made;
    }

    private Flow Select(CommandArguments arguments, Flow elements, Flow made)
    {
        bool hasProperties = arguments.Has("Property") || arguments.Positional.Count > 0;
        if (arguments.Has("ExpandProperty") || arguments.IsSplat)
        {
            if (hasProperties || arguments.IsSplat)
            {
                // They are added to what is expanded.
                walk.Findings.Change(elements.Member.Elements);
            }

            return elements.Member | elements.Member.Elements | made | made.Held | (arguments.IsSplat ? elements : Flow.Fresh);
        }

        return hasProperties ? elements.Member.Held | made.Held : elements;
    }

    private Flow Make(CommandAst command, CommandArguments arguments, Flow given)
    {
        StringConstantExpressionAst? name = arguments.ValueOf("TypeName") as StringConstantExpressionAst
            ?? (arguments.Has("TypeName") ? null : arguments.Positional.FirstOrDefault() as StringConstantExpressionAst);
        if (name is null || arguments.IsSplat || arguments.Has("ComObject"))
        {
            walk.Refuse(Messages.ThreadsForSyntax, command);
            return Flow.Fresh;
        }

        if (!LanguagePrimitives.TryConvertTo(name.Value, out Type? type) || type is null || !KnownTypes.IsMakeable(type))
        {
            walk.Findings.Refuse(MessageText.Format(Messages.ThreadsForType, name.Value));
            return Flow.Fresh;
        }

        return InvocationWalk.Made(type, given.Elements);
    }

    // Such as by Where-Object Name -eq $value.
    private Flow Compared(Flow elements, Flow given)
    {
        walk.Findings.Compare(elements.Member, given);
        return elements;
    }

    // Each is run for what comes in.
    private Flow Blocks(CommandArguments arguments, Flow elements) =>
        arguments.Blocks.Aggregate(Flow.Fresh, (flow, block) => flow | walk.Block(block.ScriptBlock, elements, elements));

    // It is not known what they are given.
    private Flow Unknown(CommandArguments arguments) => arguments.Blocks.Aggregate(Flow.Fresh, (flow, block) => flow | walk.Expression(block));
}
