using System.Management.Automation.Language;
using Switchyard.Choosing.Known;
using Switchyard.Core.Executables;

namespace Switchyard.Choosing.Code;

/// <summary>Goes through expressions.</summary>
internal sealed class ExpressionWalk
{
    // They lead back to the object itself.
    private static readonly HashSet<string> _views = new(["psobject", "psbase", "psadapted", "psextended", "pstypenames", "SyncRoot"], StringComparer.OrdinalIgnoreCase);

    private const string TargetObject = "TargetObject";

    private readonly BodyWalk _walk;
    private readonly InvocationWalk _invocations;
    private readonly OperatorWalk _operators;

    public ExpressionWalk(BodyWalk walk)
    {
        _walk = walk;
        _invocations = new InvocationWalk(walk, this);
        _operators = new OperatorWalk(walk, this);
    }

    /// <summary>An expression.</summary>
    /// <returns>What it may be.</returns>
    public Flow Walk(ExpressionAst expression)
    {
        switch (expression)
        {
            case StringConstantExpressionAst text:
                return Text(text.Value, text);
            case ConstantExpressionAst:
                return Flow.Fresh;
            case ExpandableStringExpressionAst text:
                foreach (ExpressionAst nested in text.NestedExpressions)
                {
                    Walk(nested);
                }

                return Text(text.Value, text);
            case UsingExpressionAst given:
                return _walk.Given.Using(given.ToString());
            case VariableExpressionAst variable:
                return Variable(variable);
            case InvokeMemberExpressionAst call:
                return _invocations.Walk(call);
            case MemberExpressionAst member:
                return Member(member);
            case IndexExpressionAst index:
                Flow element = Walk(index.Target).Member;
                _walk.Findings.Compare(element, Walk(index.Index));
                return element;
            case ParenExpressionAst paren:
                return _walk.Value(paren.Pipeline);
            case SubExpressionAst sub:
                return _walk.Statements(sub.SubExpression.Statements);
            case ArrayExpressionAst array:
                return _walk.Statements(array.SubExpression.Statements) is var output ? output | output.Held : default;
            case ArrayLiteralAst literal:
                return literal.Elements.Aggregate(Flow.Fresh, (flow, element) => flow | Walk(element)).Held;
            case HashtableAst table:
                return _operators.Table(table) with { IsTable = true };
            case BinaryExpressionAst binary:
                return _operators.Binary(binary);
            case UnaryExpressionAst unary:
                return _operators.Unary(unary);
            case ConvertExpressionAst conversion:
                return _operators.Conversion(conversion);
            case AttributedExpressionAst attributed:
                Attribute(attributed.Attribute);
                return Walk(attributed.Child);
            case TypeExpressionAst type:
                CheckType(type.TypeName, mayMake: false);
                return Flow.Fresh;
            case ScriptBlockExpressionAst block:
                // Its caller may give it anything.
                return (_walk.Block(block.ScriptBlock, GivenValues.Anything, GivenValues.Anything) | GivenValues.Anything) with { IsLive = true };
            case BaseCtorInvokeMemberExpressionAst or ErrorExpressionAst:
                _walk.Refuse(Messages.ThreadsForSyntax, expression);
                return Flow.Fresh;
            default:
                // What a newer engine may have, such as a choice by a question mark: one of its parts.
                return expression.FindAll(ast => ast.Parent == expression, searchNestedScriptBlocks: false)
                    .Aggregate(Flow.Fresh, (flow, part) => flow | (part is ExpressionAst inner ? Walk(inner) : part is StatementAst statement ? _walk.Value(statement) : default));
        }
    }

    /// <summary>What is on the left of an assignment.</summary>
    public void AssignTo(ExpressionAst target, Flow value)
    {
        switch (target)
        {
            case VariableExpressionAst variable:
                VariablePath path = variable.VariablePath;
                if (path.IsDriveQualified || ((path.IsGlobal || path.IsScript) && !_walk.MaySetGlobal))
                {
                    _walk.Refuse(Messages.ThreadsForSessionVariable, variable);
                }

                _walk.Assign(NameOf(path), value);
                break;
            case MemberExpressionAst { Static: true }:
                _walk.Refuse(Messages.ThreadsForStatic, target);
                break;
            case MemberExpressionAst member:
                Flow holder = Walk(member.Expression);
                _ = member.Member is ExpressionAst name ? Walk(name) : Flow.Fresh;
                _walk.Findings.Change(_views.Contains(member.Member.Extent.Text) ? holder.AsView : holder);
                _walk.Store(value);
                break;
            case IndexExpressionAst index:
                Walk(index.Index);
                _walk.Findings.Change(Walk(index.Target));
                _walk.Store(value);
                break;
            case ArrayLiteralAst several:
                foreach (ExpressionAst each in several.Elements)
                {
                    AssignTo(each, value.Elements);
                }

                break;
            case ConvertExpressionAst conversion:
                CheckType(conversion.Type.TypeName, mayMake: true);
                AssignTo(conversion.Child, value);
                break;
            case AttributedExpressionAst attributed:
                Attribute(attributed.Attribute);
                AssignTo(attributed.Child, value);
                break;
            case ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst inner] } }:
                AssignTo(inner.Expression, value);
                break;
            default:
                _walk.Refuse(Messages.ThreadsForSyntax, target);
                break;
        }
    }

    /// <summary>A type or attribute before a parameter or variable.</summary>
    public void Attribute(AttributeBaseAst attribute)
    {
        if (attribute is TypeConstraintAst type)
        {
            CheckType(type.TypeName, mayMake: true);
            return;
        }

        foreach (ExpressionAst argument in ((AttributeAst)attribute).PositionalArguments)
        {
            Walk(argument);
        }
    }

    /// <summary>Finds a type that the code names, and refuses it if it may be of this process alone.</summary>
    /// <param name="mayMake">Whether an object of it is made, or a value made one.</param>
    public Type? CheckType(ITypeName name, bool mayMake)
    {
        Type? type = name.FullName.Equals("ordered", StringComparison.OrdinalIgnoreCase) ? typeof(System.Collections.Specialized.OrderedDictionary) : name.GetReflectionType();
        if (type is null || (mayMake ? !KnownTypes.IsMakeable(type) : !KnownTypes.IsOfFramework(type)))
        {
            _walk.Findings.Refuse(MessageText.Format(Messages.ThreadsForType, name.FullName));
            return null;
        }

        return type;
    }

    public static string NameOf(VariablePath path) => path.UserPath[(path.UserPath.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private Flow Variable(VariableExpressionAst variable)
    {
        VariablePath path = variable.VariablePath;
        if (path.IsDriveQualified)
        {
            if (!path.DriveName.Equals("env", StringComparison.OrdinalIgnoreCase) || ThreadCountVariables.Names.Contains(NameOf(path), StringComparer.OrdinalIgnoreCase))
            {
                _walk.Refuse(Messages.ThreadsForVariable, variable);
            }

            _walk.Findings.EnvironmentNames.Add(NameOf(path));
            return Flow.Fresh;
        }

        string name = NameOf(path);
        switch (name.ToUpperInvariant())
        {
            case "_" or "PSITEM" or "INPUT":
                return name.Length == 5 ? _walk.Item | _walk.Item.Held : _walk.Item;
            case "ARGS" or "PSBOUNDPARAMETERS":
                return (_walk.Arguments | _walk.Item).Held;
            case "FOREACH" or "SWITCH":
                return GivenValues.Anything;
            default:
                if (KnownNames.IsOfProcessVariable(name))
                {
                    _walk.Refuse(Messages.ThreadsForVariable, variable);
                }

                return KnownNames.IsOfSessionVariable(name) ? Flow.Of(GivenValues.Initialized) : _walk.Read(name);
        }
    }

    private Flow Member(MemberExpressionAst member)
    {
        _ = member.Member is ExpressionAst inner ? Walk(inner) : Flow.Fresh;
        string? name = (member.Member as StringConstantExpressionAst)?.Value;
        if (member.Static)
        {
            if (member.Expression is not TypeExpressionAst expression || name is null)
            {
                _walk.Refuse(Messages.ThreadsForSyntax, member);
            }
            else if (CheckType(expression.TypeName, mayMake: false) is not { } type || !KnownTypes.IsPure(type, name, out _))
            {
                _walk.Refuse(Messages.ThreadsForStatic, member);
            }
            else
            {
                return Flow.Fresh with { IsLive = KnownTypes.ReturnsLive(type, name) };
            }

            return Flow.Fresh;
        }

        Flow target = Walk(member.Expression);
        if (name?.ToUpperInvariant() is "KEYS" or "VALUES" && TableOrder.Matters(member))
        {
            _walk.Findings.Order(target, member.Extent.Text);
        }

        return name is null ? target.Member
            : name.Equals(TargetObject, StringComparison.OrdinalIgnoreCase) ? target.Member | GivenValues.Anything
            : _views.Contains(name) ? target.AsView
            : target.Property;
    }

    private Flow Text(string value, Ast ast)
    {
        if (KnownNames.IsOfProcess(value))
        {
            _walk.Refuse(Messages.ThreadsForText, ast);
        }

        return Flow.Fresh;
    }
}
