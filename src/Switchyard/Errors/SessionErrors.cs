using System.Management.Automation.Language;
using Switchyard.Engine;
using static Switchyard.Errors.ErrorRecords;

namespace Switchyard.Errors;

/// <summary>Errors of what a worker's session is to be given. One method each.</summary>
internal static class SessionErrors
{
    public static BatchException UsingVariableUndefined(string variable, UsingExpressionAst expression) => Fatal(
        new RuntimeException(MessageText.Format(Messages.UsingVariableUndefined, variable, expression.Extent.Text)),
        ErrorCategory.InvalidOperation,
        expression.Extent.Text);

    public static BatchException ScriptBlockNotAllowed(string what, object? block) =>
        Fatal(new PSArgumentException(MessageText.Format(Messages.ScriptBlockNotAllowed, what)), ErrorCategory.InvalidType, block);

    /// <param name="what">Where it was given, and where in that it is.</param>
    /// <param name="kind">What it is.</param>
    public static BatchException SessionObjectNotAllowed(string what, string kind, string why, object? value) =>
        Fatal(new PSArgumentException(MessageText.Format(Messages.SessionObjectNotAllowed, what, kind, why)), ErrorCategory.InvalidType, value);

    public static BatchException FunctionNotFound(string name) =>
        Fatal(new CommandNotFoundException(MessageText.Format(Messages.FunctionNotFound, name)), ErrorCategory.ObjectNotFound, name);

    public static string CalledFunctionsMissing(IReadOnlyDictionary<string, string> modulesByFunction) => MessageText.Format(
        Messages.CalledFunctionsMissing,
        string.Join(", ", modulesByFunction.Select(pair => MessageText.Format(Messages.CalledFunctionMissing, pair.Key, pair.Value))));

    public static string FunctionVariablesMissing(IReadOnlyDictionary<string, string> functionsByVariable) => MessageText.Format(
        Messages.FunctionVariablesMissing,
        string.Join(", ", functionsByVariable.Select(pair => MessageText.Format(Messages.FunctionVariableMissing, pair.Key, pair.Value))));

    public static BatchException ModuleNotFound(string name) =>
        Fatal(new ItemNotFoundException(MessageText.Format(Messages.ModuleNotFound, name)), ErrorCategory.ObjectNotFound, name);

    public static BatchException ModulePathNotFileSystem(string path, string provider) =>
        Fatal(new NotSupportedException(MessageText.Format(Messages.ModulePathNotFileSystem, path, provider)), ErrorCategory.InvalidArgument, path);

    public static BatchException ModuleImportFailed(string module, Exception cause) => Fatal(
        new InvalidOperationException(MessageText.Format(Messages.ModuleImportFailed, module, cause.Message), cause),
        ErrorCategory.OpenError,
        module);

    public static BatchException SendModuleNotFound(object? module) =>
        Fatal(new ItemNotFoundException(MessageText.Format(Messages.SendModuleNotFound, module)), ErrorCategory.ObjectNotFound, module);

    public static BatchException SendModuleWithoutFile(string name) =>
        Fatal(new InvalidOperationException(MessageText.Format(Messages.SendModuleWithoutFile, name)), ErrorCategory.InvalidArgument, name);

    public static BatchException SendModuleAmongOthers(string name, string folder) =>
        Fatal(new InvalidOperationException(MessageText.Format(Messages.SendModuleAmongOthers, name, folder)), ErrorCategory.InvalidArgument, name);

    public static BatchException SendModuleIncomplete(string name, string part) =>
        Fatal(new InvalidOperationException(MessageText.Format(Messages.SendModuleIncomplete, name, part)), ErrorCategory.InvalidArgument, name);

    public static BatchException SendModuleNotReadable(string name, Exception cause) =>
        Fatal(new IOException(MessageText.Format(Messages.SendModuleNotReadable, name, cause.Message), cause), ErrorCategory.ReadError, name);

    public static BatchException ModuleNotReceived(string name, string machine, Exception cause) =>
        Fatal(new IOException(MessageText.Format(Messages.ModuleNotReceived, name, machine, cause.Message), cause), ErrorCategory.WriteError, name);

    public static BatchException VariableNameNotAllowed(object? name, string why) =>
        Fatal(new PSArgumentException(MessageText.Format(Messages.VariableNameNotAllowed, name, why)), ErrorCategory.InvalidArgument, name);

    public static BatchException InitializationFailed(Exception cause)
    {
        ErrorRecord? inner = (cause as IContainsErrorRecord)?.ErrorRecord;
        ErrorRecord record = Record(
            new InvalidOperationException(MessageText.Format(Messages.InitializationFailed, inner?.ToString() ?? cause.Message), cause),
            inner?.CategoryInfo.Category ?? ErrorCategory.InvalidOperation,
            null);
        return new BatchException(record);
    }

    public static ErrorRecord CompletionFailed(ErrorRecord cause)
    {
        ErrorRecord record = Record(
            new InvalidOperationException(MessageText.Format(Messages.CompletionFailed, cause.ToString()), cause.Exception), cause.CategoryInfo.Category, null);
        EngineErrors.Restore(record, record.FullyQualifiedErrorId, cause.InvocationInfo, cause.ScriptStackTrace);
        return record;
    }

    public static string CloneIncomplete(IReadOnlyCollection<string> variables, IReadOnlyCollection<string> modules)
    {
        List<string> parts = [];
        if (variables.Count > 0)
        {
            parts.Add(MessageText.Format(Messages.CloneIncompleteVariables, string.Join(", ", variables.Select(name => "$" + name))));
        }

        if (modules.Count > 0)
        {
            parts.Add(MessageText.Format(Messages.CloneIncompleteModules, string.Join(", ", modules)));
        }

        return MessageText.Format(Messages.CloneIncomplete, string.Join("; ", parts));
    }

    public static string CloneStepFailed(string what, Exception cause) => MessageText.Format(Messages.CloneStepFailed, what, cause.Message);

    public static string VariablesNotSent(IEnumerable<string> names) => MessageText.Format(Messages.VariablesNotSent, string.Join(", ", names));

    public static string TypeDataNotSent(IEnumerable<string> names) => MessageText.Format(Messages.TypeDataNotSent, string.Join(", ", names));

    public static string ClassesNotSent(IEnumerable<string> names) => MessageText.Format(Messages.ClassesNotSent, string.Join(", ", names));

    public static BatchException ValueNotSent(string what, Exception cause) =>
        Fatal(new InvalidOperationException(MessageText.Format(Messages.ValueNotSent, what, cause.Message), cause), ErrorCategory.InvalidType, what);
}
