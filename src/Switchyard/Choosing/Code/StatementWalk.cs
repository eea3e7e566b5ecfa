using System.Management.Automation.Language;

namespace Switchyard.Choosing.Code;

/// <summary>Goes through statements.</summary>
internal sealed class StatementWalk(BodyWalk walk, CommandWalk commands)
{
    /// <summary>A statement.</summary>
    /// <returns>What it outputs.</returns>
    public Flow Walk(StatementAst statement)
    {
        switch (statement)
        {
            case PipelineAst pipeline:
                return commands.Walk(pipeline.PipelineElements, pipeline);
            case CommandBaseAst single:
                return commands.Walk([single], single);
            case AssignmentStatementAst assignment:
                Assignment(assignment);
                return Flow.Fresh;
            case IfStatementAst branch:
                Flow output = walk.Statements(branch.ElseClause?.Statements);
                foreach (Tuple<PipelineBaseAst, StatementBlockAst> clause in branch.Clauses)
                {
                    Walk(clause.Item1);
                    output |= walk.Statements(clause.Item2.Statements);
                }

                return output;
            case ForEachStatementAst each:
                return ForEach(each);
            case SwitchStatementAst choice:
                return Switch(choice);
            case ForStatementAst loop:
                _ = loop.Initializer is null ? Flow.Fresh : Walk(loop.Initializer);
                _ = loop.Iterator is null ? Flow.Fresh : Walk(loop.Iterator);
                return Loop(loop);
            case LoopStatementAst loop:
                return Loop(loop);
            case TryStatementAst attempt:
                return Try(attempt);
            case ReturnStatementAst { Pipeline: var value }:
                return value is null ? Flow.Fresh : walk.Value(value);
            case ThrowStatementAst { Pipeline: var value }:
                // What the error is about.
                walk.Findings.HandOn(value is null ? Flow.Fresh : walk.Value(value));
                return Flow.Fresh;
            case BlockStatementAst or ExitStatementAst or TypeDefinitionAst or ConfigurationDefinitionAst or ErrorStatementAst or DynamicKeywordStatementAst:
                walk.Refuse(Messages.ThreadsForSyntax, statement);
                return Flow.Fresh;
            case DataStatementAst data:
                return walk.Statements(data.Body.Statements);
            case FunctionDefinitionAst or BreakStatementAst or ContinueStatementAst or UsingStatementAst:
                return Flow.Fresh;
            default:
                return Chain(statement);
        }
    }

    // Statements that are joined by && and ||; what else a newer engine may have is gone through in the same way.
    private Flow Chain(StatementAst statement)
    {
        Flow output = Flow.Fresh;
        foreach (Ast child in statement.FindAll(ast => ast.Parent == statement, searchNestedScriptBlocks: false))
        {
            output |= child is StatementAst part ? Walk(part) : child is ExpressionAst expression ? walk.Expression(expression) : Flow.Fresh;
        }

        commands.RefuseBackground(statement);
        return output;
    }

    private Flow Loop(LoopStatementAst loop)
    {
        _ = loop.Condition is null ? Flow.Fresh : Walk(loop.Condition);
        return walk.Statements(loop.Body.Statements);
    }

    private Flow ForEach(ForEachStatementAst each)
    {
        Flow elements = walk.Value(each.Condition).Elements;
        walk.AssignTo(each.Variable, elements);
        return walk.Statements(each.Body.Statements);
    }

    private Flow Switch(SwitchStatementAst choice)
    {
        Flow item = walk.Value(choice.Condition).Elements;
        return walk.Within(item, () =>
        {
            Flow output = walk.Statements(choice.Default?.Statements);
            foreach (Tuple<ExpressionAst, StatementBlockAst> clause in choice.Clauses)
            {
                if (clause.Item1 is ScriptBlockExpressionAst block)
                {
                    walk.Block(block.ScriptBlock, item, item);
                }
                else
                {
                    walk.Findings.Compare(item, walk.Expression(clause.Item1));
                }

                output |= walk.Statements(clause.Item2.Statements);
            }

            return output;
        });
    }

    // The error that is caught is made anew.
    private Flow Try(TryStatementAst attempt) =>
        walk.Statements(attempt.Body.Statements) | walk.Statements(attempt.Finally?.Statements)
        | walk.Within(Flow.Fresh, () => attempt.CatchClauses.Aggregate(Flow.Fresh, (flow, clause) => flow | walk.Statements(clause.Body.Statements)));

    /// <summary>An assignment.</summary>
    /// <returns>What is assigned.</returns>
    public Flow Assignment(AssignmentStatementAst assignment)
    {
        Flow value = walk.Value(assignment.Right);
        if (assignment.Operator != TokenKind.Equals)
        {
            value |= walk.Expression(assignment.Left);
        }

        walk.AssignTo(assignment.Left, value);
        return value;
    }
}
