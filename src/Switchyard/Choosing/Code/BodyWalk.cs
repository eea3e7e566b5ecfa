using System.Management.Automation.Language;

namespace Switchyard.Choosing.Code;

/// <summary>
/// Goes through code without running it, and finds what becomes of what it is given: which variables may hold it, what is changed, what is output.
/// In which order statements run is not looked at: a variable may hold whatever is assigned to it anywhere.
/// </summary>
internal sealed class BodyWalk
{
    // A value is known in a few rounds; code that needs more is strange.
    private const int MaxRounds = 12;
    private const int MaxDepth = 60;

    private readonly Dictionary<string, Flow> _variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ScriptBlockAst> _functions;
    private readonly Dictionary<ScriptBlockAst, (Flow Given, Flow Output, int Round)> _calls = [];
    private readonly HashSet<string> _references = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _initialized = new(StringComparer.OrdinalIgnoreCase);
    private readonly ExpressionWalk _expressions;
    private readonly StatementWalk _statements;
    private bool _isInitialization;
    private bool _hasNews;
    private Flow _stored;
    private int _round;
    private int _depth;

    public BodyWalk(GivenValues given, IReadOnlyDictionary<string, ScriptBlock> functions, string folder)
    {
        Given = given;
        _functions = new Dictionary<string, ScriptBlockAst>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, ScriptBlock function) in functions)
        {
            AddFunction(name, function.Ast as ScriptBlockAst ?? (function.Ast as FunctionDefinitionAst)?.Body);
            AddFunctionsOf(function.Ast);
        }

        _expressions = new ExpressionWalk(this);
        _statements = new StatementWalk(this, new CommandWalk(this, folder));
    }

    public GivenValues Given { get; }

    public BodyFindings Findings { get; } = new();

    /// <summary>Whether a variable of another scope may be set: only by what prepares the session.</summary>
    public bool MaySetGlobal => _isInitialization;

    /// <summary>What <c>$_</c> may be.</summary>
    public Flow Item { get; private set; }

    /// <summary>What <c>$args</c> may hold.</summary>
    public Flow Arguments { get; private set; }

    /// <summary>Goes through what prepares a session: what it makes is that session's.</summary>
    public void WalkInitialization(ScriptBlockAst code)
    {
        _isInitialization = true;
        Walk(code, Flow.Fresh, Flow.Fresh);
        _isInitialization = false;
        _initialized.UnionWith(_variables.Keys);
    }

    /// <summary>Goes through what runs for each item.</summary>
    public void Walk(ScriptBlockAst code, Flow item, Flow arguments)
    {
        AddFunctionsOf(code);
        if (code.Find(ast => ast is TrapStatementAst { Parent: StatementBlockAst }, searchNestedScriptBlocks: true) is { } trap)
        {
            Refuse(Messages.ThreadsForSyntax, trap);
        }

        Flow output = Flow.Fresh;
        for (int round = 0; round == 0 || (_hasNews && Findings.Reason is null); round++)
        {
            if (round == MaxRounds)
            {
                Refuse(Messages.ThreadsForSyntax, code);
                return;
            }

            _hasNews = false;
            _round++;
            output |= Block(code, item, arguments);
        }

        Findings.HandOn(output);
    }

    public void Refuse(string message, Ast ast)
    {
        string text = ast.Extent.Text;
        int end = text.AsSpan().IndexOfAny('\r', '\n');
        Findings.Refuse(MessageText.Format(message, end > 0 || text.Length > 80 ? text[..Math.Min(end > 0 ? end : 80, 80)] + "..." : text));
    }

    /// <summary>A block that is called where it stands.</summary>
    /// <returns>What it outputs.</returns>
    public Flow Block(ScriptBlockAst code, Flow item, Flow arguments)
    {
        if (Findings.Reason is not null)
        {
            return Flow.Fresh;
        }

        if (++_depth > MaxDepth)
        {
            Refuse(Messages.ThreadsForSyntax, code);
        }

        (Flow outerItem, Flow outerArguments) = (Item, Arguments);
        (Item, Arguments) = (item, arguments);
        Parameters(code.ParamBlock?.Parameters, arguments | item);
        if (code.DynamicParamBlock is { } dynamic)
        {
            Refuse(Messages.ThreadsForSyntax, dynamic);
        }

        Flow output = Flow.Fresh;
        foreach (NamedBlockAst block in BlocksOf(code))
        {
            output |= Statements(block.Statements);
            output |= Within(Flow.Fresh, () => block.Traps?.Aggregate(Flow.Fresh, (flow, trap) => flow | Statements(trap.Body.Statements)) ?? Flow.Fresh);
        }

        (Item, Arguments) = (outerItem, outerArguments);
        _depth--;
        return output;
    }

    /// <summary>Finds a function that the code calls.</summary>
    public bool TryFindFunction(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ScriptBlockAst? code) => _functions.TryGetValue(name, out code);

    /// <summary>A function that is called. What it is given from anywhere, it may be given here.</summary>
    public Flow Call(ScriptBlockAst function, Flow input, Flow arguments)
    {
        (Flow given, Flow output, int round) = _calls.GetValueOrDefault(function);
        Flow all = given | input | arguments;
        if (round == _round && all == given)
        {
            return output;
        }

        // Set before, for a function that calls itself.
        _calls[function] = (all, output, _round);
        Parameters((function.Parent as FunctionDefinitionAst)?.Parameters, all);
        Flow found = output | Block(function, all, all);
        _hasNews |= found != output;
        _calls[function] = (all, found, _round);
        return found;
    }

    public Flow Expression(ExpressionAst? expression) => expression is null ? Flow.Fresh : _expressions.Walk(expression);

    /// <summary>Something is assigned to what is on the left of an assignment.</summary>
    public void AssignTo(ExpressionAst target, Flow value) => _expressions.AssignTo(target, value);

    public Flow Statements(IEnumerable<StatementAst>? statements)
    {
        Flow output = Flow.Fresh;
        foreach (StatementAst statement in statements ?? [])
        {
            output |= Statement(statement);
        }

        return output;
    }

    /// <summary>What a variable may be.</summary>
    public Flow Read(string name)
    {
        Flow flow = _variables.GetValueOrDefault(name) | Given.Variable(name) | _stored;
        return _initialized.Contains(name) && !_isInitialization ? flow | Flow.Of(GivenValues.Initialized) : flow;
    }

    public void Assign(string name, Flow value)
    {
        Flow known = _variables.GetValueOrDefault(name);
        _variables[name] = known | value;
        _hasNews |= (known | value) != known;
    }

    /// <summary>A variable is given by reference: what is put into that is the variable's.</summary>
    public void Refer(string name) => _references.Add(name);

    /// <summary>Something is put into an object that the code has made. Which one is not looked at: any variable may lead to it.</summary>
    public void Store(Flow value)
    {
        Flow held = value.Held with { IsLive = false };
        _hasNews |= (_stored | held) != _stored;
        _stored |= held;
        foreach (string name in _references)
        {
            Assign(name, value);
        }
    }

    public Flow Statement(StatementAst statement) => _statements.Walk(statement);

    /// <summary>What a statement in parentheses is, or one that is assigned.</summary>
    public Flow Value(StatementAst statement) => statement is AssignmentStatementAst assignment ? _statements.Assignment(assignment) : Statement(statement);

    /// <summary>Statements that stand where <c>$_</c> is something else.</summary>
    public Flow Within(Flow item, Func<Flow> walk)
    {
        Flow outer = Item;
        Item = item;
        Flow output = walk();
        Item = outer;
        return output;
    }

    private void Parameters(IEnumerable<ParameterAst>? parameters, Flow given)
    {
        foreach (ParameterAst parameter in parameters ?? [])
        {
            Assign(parameter.Name.VariablePath.UserPath, given | Expression(parameter.DefaultValue));
            foreach (AttributeBaseAst attribute in parameter.Attributes)
            {
                _expressions.Attribute(attribute);
            }
        }
    }

    // The tree of 5.1 does not tell of a block that cleans up.
    private static IEnumerable<NamedBlockAst> BlocksOf(ScriptBlockAst code) =>
        code.Extent.Text.Contains("clean", StringComparison.OrdinalIgnoreCase)
            ? code.FindAll(ast => ast is NamedBlockAst && ast.Parent == code, searchNestedScriptBlocks: false).Cast<NamedBlockAst>()
            : new[] { code.BeginBlock, code.ProcessBlock, code.EndBlock }.Where(block => block is not null);

    private void AddFunctionsOf(Ast code)
    {
        foreach (Ast definition in code.FindAll(ast => ast is FunctionDefinitionAst && ast != code, searchNestedScriptBlocks: true))
        {
            AddFunction(((FunctionDefinitionAst)definition).Name, ((FunctionDefinitionAst)definition).Body);
        }
    }

    private void AddFunction(string name, ScriptBlockAst? code)
    {
        if (code is null || (name.Contains(':', StringComparison.Ordinal) && !_isInitialization))
        {
            Findings.Refuse(MessageText.Format(Messages.ThreadsForSyntax, name));
            return;
        }

        // Of two of one name either may be called.
        name = name[(name.LastIndexOf(':') + 1)..];
        if (_functions.TryGetValue(name, out ScriptBlockAst? known) && known != code)
        {
            Refuse(Messages.ThreadsForSyntax, code);
        }

        _functions[name] = code;
    }
}
