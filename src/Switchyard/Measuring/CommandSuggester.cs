using System.Management.Automation.Language;
using Switchyard.Core.Analysis;
using Switchyard.Engine;
using Switchyard.Parameters;
using Switchyard.Results;

namespace Switchyard.Measuring;

/// <summary>Makes the command to run instead of a measurement: the same work, in the recommended way.</summary>
/// <param name="far">The other machines to use; null for none.</param>
internal sealed class CommandSuggester(InvocationInfo measured, FarCommand? far)
{
    private const string Sequential = "ForEach-Object";
    private const string Threads = "Invoke-ThreadedBatch";
    private const string Processes = "Invoke-ProcessBatch";

    // What belongs to measuring, and to no batch.
    private static readonly HashSet<string> _ownParameters = new(StringComparer.OrdinalIgnoreCase)
    {
        "SampleCount", "MaxDurationSeconds", "Validate", "PassThru", "ReportPath", "ReportVariable", "Fresh", "AutoThrottle", "ThrottleLimit", "InputObject", "TotalCount",
        "WhatIf", "Confirm", "HostName",
    };

    // How other machines are reached: of the batch that uses some.
    private static readonly HashSet<string> _hostParameters = new(StringComparer.OrdinalIgnoreCase) { "UserName", "KeyFilePath", "Port", "Options" };

    public SuggestedCommand Suggest(Advice advice, bool isShort)
    {
        Hashtable parameters = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, object value) in measured.BoundParameters)
        {
            if (!IsOwn(name))
            {
                parameters[name] = value;
            }
        }

        CommandAst? source = FindSource(out string before);
        if (advice.Recommendation == Recommendation.Sequential && IsForForEach(parameters, advice, isShort))
        {
            string body = WithoutUsing(Body!.Ast);
            Hashtable simple = new(StringComparer.OrdinalIgnoreCase) { ["Process"] = ScriptBlock.Create(body[1..^1]) };
            return new SuggestedCommand(Sequential, simple, $"{before}{Sequential} {body}");
        }

        string batch = BatchFor(advice);
        Hashtable added = new(StringComparer.OrdinalIgnoreCase);
        if (far is null)
        {
            added["ThrottleLimit"] = advice.ThrottleLimit;
        }
        else
        {
            // Each has as many workers as it has cores.
            added["HostName"] = far.HostName;
            if (far.SendsFiles)
            {
                added["SendFile"] = new[] { "{}" };
            }
        }

        foreach (DictionaryEntry entry in added)
        {
            parameters[entry.Key] = entry.Value;
        }

        string arguments = source is null ? Write(parameters) : Arguments(source) + Write(added);
        return new SuggestedCommand(batch, parameters, $"{before}{batch} {arguments.TrimStart()}");
    }

    /// <summary>The name of the command that runs items in the recommended way.</summary>
    public static string BatchFor(Advice advice) => advice.Recommendation == Recommendation.Processes ? Processes : Threads;

    private bool IsOwn(string name) =>
        _ownParameters.Contains(name) || Cmdlet.CommonParameters.Contains(name) || (far is null && _hostParameters.Contains(name));

    private ScriptBlock? Body => measured.BoundParameters.TryGetValue("ScriptBlock", out object? block) ? block as ScriptBlock : null;

    /// <summary>
    /// ForEach-Object does it where nothing is given to the body but the item, and where it does not matter that ForEach-Object looks variables
    /// up by name: a loop takes many times as long there.
    /// </summary>
    private bool IsForForEach(Hashtable parameters, Advice advice, bool isShort) =>
        Body is { Ast: ScriptBlockAst { ParamBlock: null, BeginBlock: null, EndBlock: not null, ProcessBlock: null } body }
        && parameters.Count == 1
        && body.Find(ast => ast is LoopStatementAst, searchNestedScriptBlocks: true) is null
        && (isShort || advice.Split[TimeKind.Cpu] < 0.5);

    /// <summary>Finds the command in the text that it was called by, and its input.</summary>
    private CommandAst? FindSource(out string before)
    {
        before = "$items | ";
        if (EngineErrors.PositionOf(measured) is not { } position || position.StartScriptPosition.GetFullScript() is not { Length: > 0 } text)
        {
            return null;
        }

        int offset = position.StartOffset;
        CommandAst? found = Parser.ParseInput(text, out _, out _)
            .Find(ast => ast is CommandAst call && call.Extent.StartOffset == offset, searchNestedScriptBlocks: true) as CommandAst;
        if (found?.Parent is not PipelineAst pipeline || found.CommandElements.Any(element => element is VariableExpressionAst { Splatted: true }))
        {
            return null;
        }

        if (pipeline.PipelineElements[0] != found)
        {
            before = text[pipeline.Extent.StartOffset..offset];
        }
        else if (Argument(found, "InputObject") is { } input)
        {
            before = input + " | ";
        }

        return found;
    }

    private string? Argument(CommandAst source, string parameter)
    {
        for (int i = 1; i < source.CommandElements.Count; i++)
        {
            if (source.CommandElements[i] is CommandParameterAst given && Resolve(given.ParameterName)?.Name == parameter)
            {
                return (given.Argument ?? source.CommandElements.ElementAtOrDefault(i + 1) as Ast)?.Extent.Text;
            }
        }

        return null;
    }

    /// <summary>The arguments as they were written, without those that belong to measuring.</summary>
    private string Arguments(CommandAst source)
    {
        StringBuilder text = new();
        for (int i = 1; i < source.CommandElements.Count; i++)
        {
            CommandElementAst element = source.CommandElements[i];
            if (element is CommandParameterAst given && Resolve(given.ParameterName) is { } parameter)
            {
                bool takesNext = given.Argument is null && !parameter.SwitchParameter && i + 1 < source.CommandElements.Count;
                if (!IsOwn(parameter.Name))
                {
                    text.Append(' ').Append(element.Extent.Text);
                    text.Append(takesNext ? " " + source.CommandElements[i + 1].Extent.Text : string.Empty);
                }

                i += takesNext ? 1 : 0;
            }
            else
            {
                text.Append(' ').Append(element.Extent.Text);
            }
        }

        return text.ToString();
    }

    private ParameterMetadata? Resolve(string name)
    {
        try
        {
            return measured.MyCommand.ResolveParameter(name);
        }
        catch (ParameterBindingException)
        {
            return null;
        }
    }

    /// <summary>A body's text in which what is asked of the caller is simply there.</summary>
    private static string WithoutUsing(Ast body)
    {
        string text = body.Extent.Text;
        int start = body.Extent.StartOffset;
        foreach (UsingExpressionAst expression in UsingValues.Find(body).OrderByDescending(found => found.Extent.StartOffset))
        {
            int at = expression.Extent.StartOffset - start;
            int sigil = text.IndexOf("using:", at, StringComparison.OrdinalIgnoreCase);
            text = text.Remove(sigil, "using:".Length);
        }

        return text;
    }

    // What a variable holds has no text that makes it again: then it is named, as in the splatted table.
    private static string Write(Hashtable parameters)
    {
        StringBuilder text = new();
        foreach (string name in parameters.Keys.Cast<string>().Order())
        {
            text.Append(" -").Append(name).Append(parameters[name] switch
            {
                SwitchParameter given => given.IsPresent ? string.Empty : ":$false",
                ScriptBlock block => " {" + block + "}",
                object[] names when names.All(name => PSObjects.Unwrap(name) is string) => " " + string.Join(", ", names.Select(name => PowerShellText.Argument($"{name}"))),
                string value => " " + PowerShellText.Quote(value),
                int number => " " + number.ToString(System.Globalization.CultureInfo.InvariantCulture),
                _ => $" $report.Parameters.{name}",
            });
        }

        return text.ToString();
    }
}
