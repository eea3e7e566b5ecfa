using System.Management.Automation.Host;
using System.Management.Automation.Language;
using Switchyard.Codec;
using Switchyard.Codec.Providers;
using Switchyard.Core.Protocol;
using Switchyard.Errors;
using Switchyard.Hosting;
using Switchyard.Runspaces.Sessions;

namespace Switchyard.ProcessWorkers;

/// <summary>What a worker process has to know of a batch, on its way there: the code, and the session that it runs in.</summary>
internal static class BatchCodec
{
    /// <summary>Writes a batch.</summary>
    /// <exception cref="BatchException">A value cannot be sent.</exception>
    public static void Write(WireWriter writer, ProcessBatch batch)
    {
        ValueWriter values = new() { ReaderHasSession = false };
        SessionSettings settings = batch.Settings;
        WriteHost(writer, settings.Host);
        writer.WriteCount((int)settings.LanguageMode);
        writer.WriteString(settings.Location);
        writer.WriteString(settings.ProviderLocation);
        writer.WriteBoolean(batch.IsFar);
        writer.WriteCount(batch.WorkersPerHost);
        writer.WriteString(batch.CurrentDirectory);
        WriteEnvironment(writer, batch.Environment);
        writer.WriteCount(batch.CodePages.Output);
        writer.WriteCount(batch.CodePages.Input);
        writer.WriteBoolean(batch.HonoursRetryAfter);
        writer.WriteBoolean(batch.SendsGroups);
        BodyText.Write(writer, batch.Body, batch.PlaceUsing);
        BodyText.Write(writer, settings.Initialization, batch.PlaceUsing);
        BodyText.Write(writer, settings.Completion, batch.PlaceUsing);
        WriteNamed(writer, values, settings.Preferences.Select(pair => KeyValuePair.Create(pair.Key, (object?)pair.Value)), settings.Preferences.Count, "$");
        WriteNamed(writer, values, settings.Variables, settings.Variables.Count, "-Variable ");
        WriteUsing(writer, values, settings.UsingValues);
        writer.WriteCount(batch.Arguments.Length);
        foreach (object? argument in batch.Arguments)
        {
            WriteValue(writer, values, argument, "-ArgumentList");
        }

        WriteFunctions(writer, settings.Functions, batch.PlaceUsing);
        writer.WriteCount(settings.Modules.Count);
        foreach (string module in settings.Modules)
        {
            writer.WriteString(module);
        }

        ClonedSessionCodec.Write(writer, settings.Cloned, values, batch);
    }

    public static ProcessBatch Read(WireReader reader, CallerHost host)
    {
        ValueReader values = new(new ProviderObjects([], []), SharedObject.ReadOfCaller);
        ReadHost(reader, host);
        PSLanguageMode languageMode = (PSLanguageMode)reader.ReadCount(0);
        string location = reader.ReadText();
        string providerLocation = reader.ReadText();
        bool isFar = reader.ReadBoolean();
        int workersPerHost = reader.ReadCount(0);
        string? currentDirectory = reader.ReadString();
        Dictionary<string, string?> environment = ReadEnvironment(reader);
        (int, int) codePages = (reader.ReadCount(0), reader.ReadCount(0));
        bool honoursRetryAfter = reader.ReadBoolean();
        bool sendsGroups = reader.ReadBoolean();
        ScriptBlock body = BodyText.Read(reader) ?? throw new MalformedFrameException(Messages.BatchWithoutCode);
        ScriptBlock? initialization = BodyText.Read(reader);
        ScriptBlock? completion = BodyText.Read(reader);
        Dictionary<string, object?> preferences = ReadNamed(reader, values);
        Dictionary<string, object?> variables = ReadNamed(reader, values);
        Hashtable? usingValues = ReadUsing(reader, values);
        object?[] arguments = new object?[reader.ReadCount()];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = values.Read(reader);
        }

        Dictionary<string, ScriptBlock> functions = ReadFunctions(reader);
        string[] modules = new string[reader.ReadCount()];
        for (int i = 0; i < modules.Length; i++)
        {
            modules[i] = reader.ReadText();
        }

        return new ProcessBatch
        {
            Body = body,
            Arguments = arguments,
            IsFar = isFar,
            WorkersPerHost = workersPerHost,
            CurrentDirectory = currentDirectory,
            Environment = environment,
            CodePages = codePages,
            HonoursRetryAfter = honoursRetryAfter,
            SendsGroups = sendsGroups,
            Settings = new SessionSettings
            {
                LanguageMode = languageMode,
                Host = host,
                Location = location,
                ProviderLocation = providerLocation,
                Preferences = preferences.ToDictionary(pair => pair.Key, pair => pair.Value!),
                Variables = variables,
                Functions = functions,
                Modules = modules,
                Initialization = initialization,
                Completion = completion,
                UsingValues = usingValues,
                Cloned = ClonedSessionCodec.Read(reader, values),
            },
        };
    }

    public static void WriteFunctions(WireWriter writer, IReadOnlyDictionary<string, ScriptBlock> functions, Func<UsingStatementAst, string?>? place)
    {
        writer.WriteCount(functions.Count);
        foreach ((string name, ScriptBlock function) in functions)
        {
            writer.WriteString(name);
            BodyText.Write(writer, function, place);
        }
    }

    public static Dictionary<string, ScriptBlock> ReadFunctions(WireReader reader)
    {
        Dictionary<string, ScriptBlock> functions = new(StringComparer.OrdinalIgnoreCase);
        for (int count = reader.ReadCount(2); count > 0; count--)
        {
            string name = reader.ReadText();
            functions[name] = BodyText.Read(reader) ?? throw new MalformedFrameException(Messages.FunctionWithoutCode);
        }

        return functions;
    }

    private static void WriteHost(WireWriter writer, PSHost host)
    {
        writer.WriteString(host.Name);
        writer.WriteString(host.Version.ToString());
        writer.WriteString(host.CurrentCulture.Name);
        writer.WriteString(host.CurrentUICulture.Name);
    }

    private static void ReadHost(WireReader reader, CallerHost host) =>
        host.Become(reader.ReadText(), new Version(reader.ReadText()), reader.ReadText(), reader.ReadText());

    private static void WriteEnvironment(WireWriter writer, IReadOnlyDictionary<string, string?> environment)
    {
        writer.WriteCount(environment.Count);
        foreach ((string name, string? value) in environment)
        {
            writer.WriteString(name);
            writer.WriteString(value);
        }
    }

    private static Dictionary<string, string?> ReadEnvironment(WireReader reader)
    {
        Dictionary<string, string?> environment = [];
        for (int count = reader.ReadCount(2); count > 0; count--)
        {
            string name = reader.ReadText();
            environment[name] = reader.ReadString();
        }

        return environment;
    }

    private static void WriteNamed(
        WireWriter writer, ValueWriter values, IEnumerable<KeyValuePair<string, object?>> named, int count, string what)
    {
        writer.WriteCount(count);
        foreach ((string name, object? value) in named)
        {
            writer.WriteString(name);
            WriteValue(writer, values, value, what + name);
        }
    }

    private static Dictionary<string, object?> ReadNamed(WireReader reader, ValueReader values)
    {
        Dictionary<string, object?> named = new(StringComparer.OrdinalIgnoreCase);
        for (int count = reader.ReadCount(2); count > 0; count--)
        {
            string name = reader.ReadText();
            named[name] = values.Read(reader);
        }

        return named;
    }

    private static void WriteUsing(WireWriter writer, ValueWriter values, Hashtable? usingValues)
    {
        writer.WriteCount(usingValues?.Count ?? 0);
        foreach (DictionaryEntry entry in usingValues ?? [])
        {
            string key = (string)entry.Key;
            writer.WriteString(key);
            WriteValue(writer, values, entry.Value, System.Text.Encoding.Unicode.GetString(Convert.FromBase64String(key)));
        }
    }

    private static Hashtable? ReadUsing(WireReader reader, ValueReader values)
    {
        int count = reader.ReadCount(2);
        Hashtable? usingValues = count == 0 ? null : new Hashtable(StringComparer.Ordinal);
        for (; count > 0; count--)
        {
            string key = reader.ReadText();
            usingValues![key] = values.Read(reader);
        }

        return usingValues;
    }

    private static void WriteValue(WireWriter writer, ValueWriter values, object? value, string what)
    {
        try
        {
            values.Write(writer, value);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever the value's own code throws while it is read: the batch cannot begin without it.
            throw SessionErrors.ValueNotSent(what, exception);
        }
    }
}
