using System.Collections;
using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace Switchyard.Host.Hosting;

/// <summary>Questions to the user, answered from standard input.</summary>
internal sealed class HostPrompts(PSHostUserInterface console, bool nonInteractive)
{
    /// <summary>Reads a line, or null at the end of the input.</summary>
    public string? ReadLine()
    {
        RefuseIfNonInteractive();
        return Console.In.ReadLine();
    }

    /// <summary>Reads a line without showing it.</summary>
    public SecureString ReadSecureLine()
    {
        RefuseIfNonInteractive();
        var secret = new SecureString();
        if (Console.IsInputRedirected)
        {
            foreach (char character in Console.In.ReadLine() ?? string.Empty)
            {
                secret.AppendChar(character);
            }

            return secret;
        }

        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key != ConsoleKey.Backspace)
            {
                secret.AppendChar(key.KeyChar);
            }
            else if (secret.Length > 0)
            {
                secret.RemoveAt(secret.Length - 1);
            }
        }

        console.WriteLine();
        return secret;
    }

    /// <summary>Asks for the values of missing mandatory parameters and the like.</summary>
    public Dictionary<string, PSObject> AskFields(string caption, string message, Collection<FieldDescription> fields)
    {
        RefuseIfNonInteractive();
        ShowHeading(caption, message);
        var answers = new Dictionary<string, PSObject>(StringComparer.OrdinalIgnoreCase);
        foreach (FieldDescription field in fields)
        {
            Type type = LanguagePrimitives.TryConvertTo(field.ParameterAssemblyFullName, out Type? known) && known is not null
                ? known
                : typeof(string);
            answers[field.Name] = PSObject.AsPSObject(type.IsArray ? AskList(field, type.GetElementType()!) : AskOne(field.Name, type));
        }

        return answers;
    }

    /// <summary>Asks for one of several answers.</summary>
    public int AskChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        RefuseIfNonInteractive();
        ShowHeading(caption, message);
        string[] keys = [.. choices.Select(KeyOf)];
        string offer = string.Join("  ", choices.Select((choice, index) => $"[{keys[index]}] {choice.Label.Replace("&", string.Empty, StringComparison.Ordinal)}"));
        string prompt = defaultChoice >= 0 ? $"{offer} (default is \"{keys[defaultChoice]}\"): " : $"{offer}: ";
        while (true)
        {
            console.Write(prompt);
            string? answer = ReadLine()?.Trim();
            if (answer is null or "")
            {
                return defaultChoice >= 0 || answer is "" ? defaultChoice : throw EndOfInput();
            }

            for (int i = 0; i < choices.Count; i++)
            {
                string label = choices[i].Label.Replace("&", string.Empty, StringComparison.Ordinal);
                if (answer.Equals(keys[i], StringComparison.OrdinalIgnoreCase) || answer.Equals(label, StringComparison.OrdinalIgnoreCase))
                {
                    return i;
                }
            }
        }
    }

    /// <summary>Asks for user name and password.</summary>
    public PSCredential AskCredential(string caption, string message, string userName)
    {
        RefuseIfNonInteractive();
        ShowHeading(caption, message);
        string user = userName;
        if (string.IsNullOrEmpty(user))
        {
            console.Write("User: ");
            user = ReadLine() ?? throw EndOfInput();
        }

        console.Write($"Password for user {user}: ");
        return new PSCredential(user, ReadSecureLine());
    }

    private object AskOne(string name, Type type)
    {
        console.Write($"{name}: ");
        if (type == typeof(SecureString))
        {
            return ReadSecureLine();
        }

        string answer = ReadLine() ?? throw EndOfInput();
        return LanguagePrimitives.ConvertTo(answer, type, CultureInfo.CurrentCulture);
    }

    // An empty line ends the list, as in pwsh.
    private Array AskList(FieldDescription field, Type type)
    {
        var values = new ArrayList();
        while (true)
        {
            console.Write(string.Create(CultureInfo.InvariantCulture, $"{field.Name}[{values.Count}]: "));
            string? answer = ReadLine();
            if (string.IsNullOrEmpty(answer))
            {
                return values.ToArray(type);
            }

            values.Add(LanguagePrimitives.ConvertTo(answer, type, CultureInfo.CurrentCulture));
        }
    }

    private void ShowHeading(string caption, string message)
    {
        foreach (string line in new[] { caption, message })
        {
            if (!string.IsNullOrEmpty(line))
            {
                console.WriteLine(line);
            }
        }
    }

    private static string KeyOf(ChoiceDescription choice)
    {
        int mark = choice.Label.IndexOf('&', StringComparison.Ordinal);
        return mark >= 0 && mark + 1 < choice.Label.Length
            ? char.ToUpperInvariant(choice.Label[mark + 1]).ToString()
            : choice.Label;
    }

    private static HostException EndOfInput() => new("Standard input ended before the question was answered.");

    private void RefuseIfNonInteractive()
    {
        if (nonInteractive)
        {
            throw new HostException(
                "Switchyard.Host is in NonInteractive mode. Read and Prompt functionality is not available.");
        }
    }
}
