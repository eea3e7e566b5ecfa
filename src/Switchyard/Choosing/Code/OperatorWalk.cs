using System.Management.Automation.Language;
using Switchyard.Choosing.Known;

namespace Switchyard.Choosing.Code;

/// <summary>Goes through operators, conversions and tables.</summary>
internal sealed class OperatorWalk(BodyWalk walk, ExpressionWalk expressions)
{
    public Flow Binary(BinaryExpressionAst binary)
    {
        Flow left = expressions.Walk(binary.Left);
        Flow right = expressions.Walk(binary.Right);
        switch (binary.Operator)
        {
            case TokenKind.Is or TokenKind.IsNot or TokenKind.And or TokenKind.Or or TokenKind.Xor or TokenKind.Join or TokenKind.Format or TokenKind.Minus or TokenKind.Divide
                or TokenKind.Rem or TokenKind.Band or TokenKind.Bor or TokenKind.Bxor or TokenKind.Shl or TokenKind.Shr or TokenKind.DotDot
                or TokenKind.Isplit or TokenKind.Csplit or TokenKind.Ireplace or TokenKind.Creplace:
                return Flow.Fresh;
            case TokenKind.As:
                return Converted(left, (binary.Right as TypeExpressionAst)?.TypeName, binary);
            case TokenKind.Plus or TokenKind.Multiply:
                return left | right | (left.Member | right.Member).Held;
            case TokenKind.Ilike or TokenKind.Clike or TokenKind.Inotlike or TokenKind.Cnotlike or TokenKind.Imatch or TokenKind.Cmatch or TokenKind.Inotmatch or TokenKind.Cnotmatch:
                return left.Member;
            case TokenKind.Ieq or TokenKind.Ceq or TokenKind.Ine or TokenKind.Cne:
                walk.Findings.Compare(left.Elements, right);
                return left.Member;
            case TokenKind.Ige or TokenKind.Cge or TokenKind.Igt or TokenKind.Cgt or TokenKind.Ile or TokenKind.Cle or TokenKind.Ilt or TokenKind.Clt:
                return left.Member;
            case TokenKind.Icontains or TokenKind.Ccontains or TokenKind.Inotcontains or TokenKind.Cnotcontains or TokenKind.Iin or TokenKind.Cin or TokenKind.Inotin or TokenKind.Cnotin:
                walk.Findings.Compare(left.Elements, right.Elements);
                return Flow.Fresh;
            default:
                return left | right;
        }
    }

    public Flow Unary(UnaryExpressionAst unary)
    {
        Flow value = expressions.Walk(unary.Child);
        switch (unary.TokenKind)
        {
            case TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus:
                expressions.AssignTo(unary.Child, Flow.Fresh);
                return value;
            case TokenKind.Comma:
                return value.Held;
            default:
                return Flow.Fresh;
        }
    }

    // Entries that are made an object, or said to be ordered, are as they are written.
    public Flow Conversion(ConvertExpressionAst conversion) => Converted(
        conversion.Child is HashtableAst table && conversion.Type.TypeName.FullName.ToUpperInvariant() is "ORDERED" or "PSCUSTOMOBJECT" ? Table(table) : expressions.Walk(conversion.Child),
        conversion.Type.TypeName,
        conversion);

    public Flow Table(HashtableAst table) =>
        table.KeyValuePairs.Aggregate(Flow.Fresh, (flow, pair) => flow | expressions.Walk(pair.Item1) | walk.Value(pair.Item2)).Held;

    private Flow Converted(Flow value, ITypeName? name, Ast ast)
    {
        if (name is null)
        {
            walk.Refuse(Messages.ThreadsForSyntax, ast);
            return value;
        }

        Type? type = expressions.CheckType(name, mayMake: true);
        if (type == typeof(PSReference) && (ast as ConvertExpressionAst)?.Child is VariableExpressionAst variable)
        {
            walk.Refer(ExpressionWalk.NameOf(variable.VariablePath));
        }

        return type is not null && KnownTypes.IsValue(type) ? Flow.Fresh
            : (value | value.Held | value.Member.Held) with { IsLive = value.IsLive || (type is not null && !KnownTypes.ComesBack(type)) };
    }
}
