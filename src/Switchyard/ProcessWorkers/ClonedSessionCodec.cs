using System.Collections.ObjectModel;
using Switchyard.Codec;
using Switchyard.Core.Protocol;
using Switchyard.Errors;
using Switchyard.Runspaces.Cloning;

namespace Switchyard.ProcessWorkers;

/// <summary>What -CloneSession takes from the caller, on its way to a worker process. A variable that cannot be sent is left out.</summary>
internal static class ClonedSessionCodec
{
    /// <summary>Writes a session.</summary>
    /// <param name="session">The session; null if none was asked for.</param>
    /// <param name="batch">What it is for: takes the one warning about what cannot be sent.</param>
    public static void Write(WireWriter writer, ClonedSession? session, ValueWriter values, ProcessBatch batch)
    {
        Action<string> warn = batch.Warn;
        writer.WriteBoolean(session is not null);
        if (session is null)
        {
            return;
        }

        writer.WriteCount(session.Modules.Count);
        foreach (ClonedModule module in session.Modules)
        {
            writer.WriteString(module.Path);
            writer.WriteString(module.Prefix);
        }

        WarnOfClasses(session, warn);
        if (TypeDataCodec.Write(writer, session.TypeData, values) is { Count: > 0 } incomplete)
        {
            warn(SessionErrors.TypeDataNotSent(incomplete));
        }

        WriteDrives(writer, session.Drives);
        BatchCodec.WriteFunctions(writer, session.Functions, batch.PlaceUsing);
        writer.WriteCount(session.Aliases.Count);
        foreach ((string name, string definition) in session.Aliases)
        {
            writer.WriteString(name);
            writer.WriteString(definition);
        }

        WriteVariables(writer, session.Variables, values, warn);
        writer.WriteBoolean(session.DefaultParameters is not null);
        if (session.DefaultParameters is not null)
        {
            writer.WriteCount(session.DefaultParameters.Count);
            foreach (object key in session.DefaultParameters.Keys)
            {
                writer.WriteString((string)key);
                values.Write(writer, session.DefaultParameters[key]);
            }
        }
    }

    /// <summary>Reads a session.</summary>
    /// <returns>The session; null if none was asked for.</returns>
    public static ClonedSession? Read(WireReader reader, ValueReader values)
    {
        if (!reader.ReadBoolean())
        {
            return null;
        }

        ClonedModule[] modules = new ClonedModule[reader.ReadCount(2)];
        for (int i = 0; i < modules.Length; i++)
        {
            modules[i] = new ClonedModule(reader.ReadText(), reader.ReadText());
        }

        ClonedTypeData[] typeData = TypeDataCodec.Read(reader, values);
        ClonedDrive[] drives = ReadDrives(reader);
        Dictionary<string, ScriptBlock> functions = BatchCodec.ReadFunctions(reader);
        Dictionary<string, string> aliases = new(StringComparer.OrdinalIgnoreCase);
        for (int count = reader.ReadCount(2); count > 0; count--)
        {
            string name = reader.ReadText();
            aliases[name] = reader.ReadText();
        }

        ClonedVariable[] variables = new ClonedVariable[reader.ReadCount(2)];
        for (int i = 0; i < variables.Length; i++)
        {
            variables[i] = new ClonedVariable(reader.ReadText(), values.Read(reader), (ScopedItemOptions)reader.ReadCount(0), new Collection<Attribute>());
        }

        DefaultParameterDictionary? defaults = reader.ReadBoolean() ? [] : null;
        for (int count = defaults is null ? 0 : reader.ReadCount(2); count > 0; count--)
        {
            string key = reader.ReadText();
            defaults![key] = values.Read(reader);
        }

        return new ClonedSession
        {
            Modules = modules,
            TypeData = typeData,
            Drives = drives,
            Functions = functions,
            Aliases = aliases,
            Variables = variables,
            DefaultParameters = defaults,
            Types = null,
        };
    }

    // Those of a using module statement come with it, in the text of the body and of each function.
    private static void WarnOfClasses(ClonedSession session, Action<string> warn)
    {
        HashSet<string> modules = new(session.Modules.Select(module => Path.GetFileNameWithoutExtension(module.Path)), StringComparer.OrdinalIgnoreCase);
        List<string> left = [.. session.Types?.Types.Keys.Where(name => !modules.Contains(Path.GetFileNameWithoutExtension(name))) ?? []];
        if (left.Count > 0)
        {
            warn(SessionErrors.ClassesNotSent(left));
        }
    }

    private static void WriteDrives(WireWriter writer, IReadOnlyList<ClonedDrive> drives)
    {
        writer.WriteCount(drives.Count);
        foreach (ClonedDrive drive in drives)
        {
            writer.WriteString(drive.Name);
            writer.WriteString(drive.Provider);
            writer.WriteString(drive.Root);
            writer.WriteString(drive.Description);
            writer.WriteString(drive.DisplayRoot);
            writer.WriteString(drive.CurrentLocation);
        }
    }

    private static ClonedDrive[] ReadDrives(WireReader reader)
    {
        ClonedDrive[] drives = new ClonedDrive[reader.ReadCount(6)];
        for (int i = 0; i < drives.Length; i++)
        {
            // A credential stays where it is: the drives that need one say so, once, by not being made.
            drives[i] = new ClonedDrive(
                reader.ReadText(), reader.ReadText(), reader.ReadText(), reader.ReadString(), null, reader.ReadString(), reader.ReadString());
        }

        return drives;
    }

    private static void WriteVariables(WireWriter writer, IReadOnlyList<ClonedVariable> variables, ValueWriter values, Action<string> warn)
    {
        List<string> left = [];
        WireWriter one = new();
        List<ClonedVariable> sent = [];
        foreach (ClonedVariable variable in variables)
        {
            one.Clear();
            try
            {
                values.Write(one, variable.Value);
                sent.Add(variable);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Whatever the value's own code throws while it is read.
                left.Add(variable.Name);
            }
        }

        writer.WriteCount(sent.Count);
        foreach (ClonedVariable variable in sent)
        {
            writer.WriteString(variable.Name);
            values.Write(writer, variable.Value);
            writer.WriteCount((int)variable.Options);
        }

        if (left.Count > 0)
        {
            warn(SessionErrors.VariablesNotSent(left));
        }
    }
}
