using System.Globalization;
using System.Management.Automation;

namespace Microsoft.PowerShell.Commands;

/// <summary>Makes the objects that Select-Object writes: some of the properties, computed ones, one expanded, no two alike.</summary>
internal sealed class PropertySelection
{
    private readonly PSCmdlet _command;
    private readonly PropertyArgument[] _properties;
    private readonly WildcardPattern[] _excluded;
    private readonly string? _expand;
    private readonly List<(PSObject Object, int NoteCount)>? _unique;
    private readonly ValueComparer _comparer;

    public PropertySelection(PSCmdlet command, object[]? properties, string[]? excluded, string? expand, bool unique, bool caseInsensitive)
    {
        _command = command;
        _expand = expand;
        _excluded = [.. (excluded ?? []).Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase))];
        _properties = PropertyArgument.Parse(command, _excluded.Length > 0 && properties is null or [] && excluded is not null ? ["*"] : properties);
        _unique = unique ? [] : null;
        _comparer = new ValueComparer(CultureInfo.CurrentCulture, !caseInsensitive);
    }

    /// <summary>Writes what is selected of an object.</summary>
    public void Write(PSObject input)
    {
        if (_properties.Length == 0 && string.IsNullOrEmpty(_expand))
        {
            Emit(input, input, []);
            return;
        }

        List<PSNoteProperty> notes = [.. _properties.SelectMany(property => Evaluate(property, input))];
        if (string.IsNullOrEmpty(_expand))
        {
            var result = new PSObject();
            AddNotes(result, notes, input, "AlreadyExistingUserSpecifiedPropertyNoExpand");
            Emit(result, input, notes);
        }
        else
        {
            Expand(_expand, input, notes);
        }
    }

    /// <summary>Writes what -Unique kept.</summary>
    public void WriteUnique()
    {
        foreach ((PSObject item, _) in _unique ?? [])
        {
            _command.WriteObject(item);
        }

        _unique?.Clear();
    }

    private IEnumerable<PSNoteProperty> Evaluate(PropertyArgument property, PSObject input)
    {
        List<PSPropertyExpressionResult> results =
            [.. property.Expression.ResolveNames(input).Where(name => !IsExcluded(name)).SelectMany(name => name.GetValues(input))];
        if (results.Count == 0 && !property.Expression.HasWildCardCharacters)
        {
            // What an object does not have is selected as an empty property.
            results.Add(new PSPropertyExpressionResult(null, property.Expression, null));
        }
        else if (property.Name is not null && results.Count > 1)
        {
            Error("RenamingMultipleResults", "A property cannot be renamed because multiple properties match.", ErrorCategory.InvalidOperation, input);
            return [];
        }

        return [.. results
            .Where(result => !IsExcluded(result.ResolvedExpression))
            .Select(result => new PSNoteProperty(property.Name ?? result.ResolvedExpression.ToString(), result.Result))];
    }

    private bool IsExcluded(PSPropertyExpression name) => name.Script is null && _excluded.Any(pattern => pattern.IsMatch(name.ToString()));

    private void Expand(string name, PSObject input, List<PSNoteProperty> notes)
    {
        List<PSPropertyExpressionResult> results = new PSPropertyExpression(name).GetValues(input);
        if (results.Count != 1)
        {
            bool none = results.Count == 0;
            Error(
                none ? "ExpandPropertyNotFound" : "MutlipleExpandProperties",
                none ? $"Property \"{name}\" cannot be found." : $"Multiple properties cannot be expanded. Matching properties: \"{name}\".",
                ErrorCategory.InvalidArgument,
                input);
            return;
        }

        if (results[0].Exception is { } exception)
        {
            _command.WriteError(new ErrorRecord(exception, "PropertyEvaluationExpand", ErrorCategory.InvalidResult, input));
            return;
        }

        object? value = results[0].Result;
        foreach (object? element in LanguagePrimitives.GetEnumerable(value) ?? new[] { value })
        {
            if (element is not null)
            {
                PSObject expanded = notes.Count == 0 ? PSObject.AsPSObject(element) : PSObject.AsPSObject(element).Copy();
                AddNotes(expanded, notes, input, "AlreadyExistingUserSpecifiedPropertyExpand");
                Emit(expanded, input, notes);
            }
        }
    }

    private void AddNotes(PSObject result, List<PSNoteProperty> notes, PSObject input, string errorId)
    {
        foreach (PSNoteProperty note in notes)
        {
            if (result.Properties[note.Name] is null)
            {
                result.Properties.Add(new PSNoteProperty(note.Name, note.Value), preValidated: true);
            }
            else
            {
                Error(errorId, $"The property cannot be processed because the property \"{note.Name}\" already exists.", ErrorCategory.InvalidOperation, input);
            }
        }
    }

    private void Emit(PSObject result, PSObject input, List<PSNoteProperty> notes)
    {
        if (_unique is not null && _unique.Exists(other => IsSame(other, result, notes)))
        {
            return;
        }

        if (result.BaseObject is PSCustomObject && notes.Count > 0)
        {
            result.TypeNames.Insert(0, $"Selected.{input.BaseObject.GetType()}");
        }

        if (_unique is null)
        {
            _command.WriteObject(result);
        }
        else
        {
            _unique.Add((result, notes.Count));
        }
    }

    private bool IsSame((PSObject Object, int NoteCount) other, PSObject result, List<PSNoteProperty> notes)
        => other.NoteCount == notes.Count
            && (result.BaseObject is PSCustomObject && other.Object.BaseObject is PSCustomObject && notes.Count > 0
                || _comparer.Compare(result, other.Object) == 0)
            && notes.TrueForAll(note => other.Object.Properties[note.Name] is { } same && _comparer.Compare(same.Value, note.Value) == 0);

    private void Error(string id, string message, ErrorCategory category, PSObject input)
        => _command.WriteError(new ErrorRecord(new PSArgumentException(message), id, category, input));
}
