using System.Collections.ObjectModel;
using System.Management.Automation.Language;
using Switchyard.Choosing.Known;

namespace Switchyard.Choosing.Code;

/// <summary>Goes through calls of methods.</summary>
internal sealed class InvocationWalk(BodyWalk walk, ExpressionWalk expressions)
{
    private static readonly ReadOnlyCollection<ExpressionAst> _none = new([]);

    public Flow Walk(InvokeMemberExpressionAst call)
    {
        ReadOnlyCollection<ExpressionAst> arguments = call.Arguments ?? _none;
        if ((call.Member as StringConstantExpressionAst)?.Value is not { } name || KnownMembers.IsForbidden(name))
        {
            walk.Refuse(Messages.ThreadsForCall, call);
            return Flow.Fresh;
        }

        return call.Static ? Static(call, name, arguments)
            : (name.Equals("Where", StringComparison.OrdinalIgnoreCase) || name.Equals("ForEach", StringComparison.OrdinalIgnoreCase)) && arguments.Count > 0
                ? OfElements(walk.Expression(call.Expression), arguments)
            : Instance(call, walk.Expression(call.Expression), name, arguments);
    }

    /// <summary>What is made of arguments.</summary>
    public static Flow Made(Type type, Flow arguments) =>
        KnownTypes.IsValue(type) ? Flow.Fresh
            : (KnownTypes.Copies(type) ? arguments.Elements.Held : arguments | arguments.Held) with { IsLive = arguments.IsLive || !KnownTypes.ComesBack(type), IsTable = arguments.IsTable || type == typeof(Hashtable) };

    private Flow Static(InvokeMemberExpressionAst call, string name, ReadOnlyCollection<ExpressionAst> arguments)
    {
        Flow given = Arguments(arguments);
        if (call.Expression is not TypeExpressionAst expression)
        {
            walk.Refuse(Messages.ThreadsForSyntax, call);
            return Flow.Fresh;
        }

        if (name.Equals("new", StringComparison.OrdinalIgnoreCase))
        {
            return expressions.CheckType(expression.TypeName, mayMake: true) is { } made ? Made(made, given) : Flow.Fresh;
        }

        if (expressions.CheckType(expression.TypeName, mayMake: false) is not { } type)
        {
            return Flow.Fresh;
        }

        if (!KnownTypes.IsPure(type, name, out bool isPassing))
        {
            walk.Refuse(Messages.ThreadsForStatic, call);
        }

        if (type == typeof(Array) && !KnownMembers.IsReader(name))
        {
            walk.Findings.Change(given);
        }

        if (isPassing)
        {
            walk.Findings.Compare(given.Elements, given);
        }

        Flow result = !isPassing ? Flow.Fresh with { IsLive = KnownTypes.ReturnsLive(type, name) } : type == typeof(Array) && KnownMembers.IsReader(name) ? given.Elements : given | given.Elements | given.Held;
        References(arguments, result);
        return result;
    }

    private Flow Instance(InvokeMemberExpressionAst call, Flow target, string name, ReadOnlyCollection<ExpressionAst> arguments)
    {
        Flow given = Arguments(arguments);
        bool reads = KnownMembers.IsReader(name);
        if (!reads)
        {
            walk.Findings.Change(target);
            walk.Store(given);
        }
        else
        {
            // Objects by what they are.
            walk.Findings.Compare(name.StartsWith("Equals", StringComparison.OrdinalIgnoreCase) ? target : target.Member, given);
        }

        if (!KnownMembers.IsTaker(name))
        {
            walk.Findings.Release(given);
        }

        if (name.ToUpperInvariant() is "GETENUMERATOR" or "GET_KEYS" or "GET_VALUES" && TableOrder.Matters(call))
        {
            walk.Findings.Order(target, call.Extent.Text);
        }

        Flow result = name.Equals("ToString", StringComparison.OrdinalIgnoreCase) || name.Equals("GetType", StringComparison.OrdinalIgnoreCase) ? Flow.Fresh
            : KnownMembers.IsCopier(name) ? target.Member.Held
            : reads ? target.Member with { IsLive = name.ToUpperInvariant() is "GETENUMERATOR" or "MATCH" or "MATCHES" or "OPENREAD" or "OPENTEXT" }
            : (target | target.Elements | given) with { IsLive = false };
        References(arguments, result);
        return result;
    }

    // .Where({ }) and .ForEach({ }), which the engine gives to everything.
    private Flow OfElements(Flow target, ReadOnlyCollection<ExpressionAst> arguments)
    {
        Flow elements = target.Elements;
        Flow output = elements;
        foreach (ExpressionAst argument in arguments)
        {
            if (argument is ScriptBlockExpressionAst block)
            {
                output |= walk.Block(block.ScriptBlock, elements, elements);
            }
            else
            {
                // Perhaps the name of a method.
                output |= walk.Expression(argument);
                if (argument is not (TypeExpressionAst or ConstantExpressionAst { Value: int }) && arguments[0] is not ScriptBlockExpressionAst)
                {
                    walk.Findings.Change(elements);
                }
            }
        }

        return output | output.Held;
    }

    private Flow Arguments(ReadOnlyCollection<ExpressionAst> arguments) =>
        arguments.Aggregate(Flow.Fresh, (flow, argument) => flow | walk.Expression(argument));

    // [ref] variables are given what the call has found.
    private void References(ReadOnlyCollection<ExpressionAst> arguments, Flow result)
    {
        foreach (ExpressionAst argument in arguments)
        {
            if (argument is ConvertExpressionAst { Type.TypeName: var type, Child: var variable } && type.FullName.Equals("ref", StringComparison.OrdinalIgnoreCase))
            {
                expressions.AssignTo(variable, result);
            }
        }
    }
}
