using System.Management.Automation.Runspaces;
using Switchyard.Codec;
using Switchyard.Core.Protocol;
using Switchyard.Runspaces.Cloning;

namespace Switchyard.ProcessWorkers;

/// <summary>Type data on their way to a worker process: all but code of assemblies, which that process may not have.</summary>
internal static class TypeDataCodec
{
    private enum Kind
    {
        Note,
        Alias,
        Script,
        Method,
    }

    /// <summary>Writes the steps.</summary>
    /// <returns>The types of which something was left out.</returns>
    public static IReadOnlyCollection<string> Write(WireWriter writer, IReadOnlyList<ClonedTypeData> steps, ValueWriter values)
    {
        HashSet<string> incomplete = [];
        writer.WriteCount(steps.Count);
        foreach (ClonedTypeData step in steps)
        {
            writer.WriteBoolean(step.IsRemoved);
            writer.WriteString(step.FileName);
            writer.WriteBoolean(step.Data is not null);
            if (step.Data is { } data && !WriteData(writer, data, values))
            {
                incomplete.Add(data.TypeName);
            }
        }

        return incomplete;
    }

    public static ClonedTypeData[] Read(WireReader reader, ValueReader values)
    {
        ClonedTypeData[] steps = new ClonedTypeData[reader.ReadCount(3)];
        for (int i = 0; i < steps.Length; i++)
        {
            bool isRemoved = reader.ReadBoolean();
            string? file = reader.ReadString();
            steps[i] = new ClonedTypeData(file, reader.ReadBoolean() ? ReadData(reader, values) : null, isRemoved);
        }

        return steps;
    }

    private static bool WriteData(WireWriter writer, TypeData data, ValueWriter values)
    {
        writer.WriteString(data.TypeName);
        writer.WriteString(data.DefaultDisplayProperty);
        WriteNames(writer, data.DefaultDisplayPropertySet);
        WriteNames(writer, data.DefaultKeyPropertySet);
        WriteNames(writer, data.PropertySerializationSet);
        writer.WriteString(data.SerializationMethod);
        writer.WriteString(data.StringSerializationSource);
        writer.WriteCount((int)data.SerializationDepth);
        writer.WriteBoolean(data.InheritPropertySerializationSet);
        List<TypeMemberData> sent = [.. data.Members.Values.Where(CanSend)];
        writer.WriteCount(sent.Count);
        foreach (TypeMemberData member in sent)
        {
            WriteMember(writer, member, values);
        }

        return sent.Count == data.Members.Count && data.TypeConverter is null && data.TypeAdapter is null && data.TargetTypeForDeserialization is null;
    }

    private static TypeData ReadData(WireReader reader, ValueReader values)
    {
        TypeData data = new(reader.ReadText())
        {
            DefaultDisplayProperty = reader.ReadString(),
            DefaultDisplayPropertySet = ReadNames(reader),
            DefaultKeyPropertySet = ReadNames(reader),
            PropertySerializationSet = ReadNames(reader),
            SerializationMethod = reader.ReadString(),
            StringSerializationSource = reader.ReadString(),
        };

        // These count once they are set, whatever to.
        if (reader.ReadCount(0) is > 0 and int depth)
        {
            data.SerializationDepth = (uint)depth;
        }

        if (reader.ReadBoolean())
        {
            data.InheritPropertySerializationSet = true;
        }

        for (int count = reader.ReadCount(2); count > 0; count--)
        {
            TypeMemberData member = ReadMember(reader, values);
            data.Members[member.Name] = member;
        }

        return data;
    }

    private static bool CanSend(TypeMemberData member) =>
        member is NotePropertyData or AliasPropertyData or ScriptPropertyData or ScriptMethodData;

    private static void WriteMember(WireWriter writer, TypeMemberData member, ValueWriter values)
    {
        writer.WriteString(member.Name);
        switch (member)
        {
            case NotePropertyData note:
                WriteKind(writer, Kind.Note, note.IsHidden);
                values.Write(writer, note.Value);
                break;
            case AliasPropertyData alias:
                WriteKind(writer, Kind.Alias, alias.IsHidden);
                writer.WriteString(alias.ReferencedMemberName);
                writer.WriteString(alias.MemberType?.AssemblyQualifiedName);
                break;
            case ScriptPropertyData script:
                WriteKind(writer, Kind.Script, script.IsHidden);
                BodyText.Write(writer, script.GetScriptBlock);
                BodyText.Write(writer, script.SetScriptBlock);
                break;
            case ScriptMethodData method:
                WriteKind(writer, Kind.Method, isHidden: false);
                BodyText.Write(writer, method.Script);
                break;
        }
    }

    private static TypeMemberData ReadMember(WireReader reader, ValueReader values)
    {
        string name = reader.ReadText();
        Kind kind = (Kind)reader.ReadCount(0);
        bool isHidden = reader.ReadBoolean();
        return kind switch
        {
            Kind.Note => new NotePropertyData(name, values.Read(reader)) { IsHidden = isHidden },
            Kind.Alias => ReadAlias(reader, name, isHidden),
            Kind.Script => new ScriptPropertyData(name, BodyText.Read(reader), BodyText.Read(reader)) { IsHidden = isHidden },
            Kind.Method => new ScriptMethodData(name, BodyText.Read(reader)),
            _ => throw new MalformedFrameException(Messages.TypeDataOfNoKind),
        };
    }

    // A type of an assembly that this process does not have only converts the value.
    private static AliasPropertyData ReadAlias(WireReader reader, string name, bool isHidden)
    {
        AliasPropertyData alias = new(name, reader.ReadText()) { IsHidden = isHidden };
        if (reader.ReadString() is { } type)
        {
            alias.MemberType = Type.GetType(type, throwOnError: false);
        }

        return alias;
    }

    private static void WriteKind(WireWriter writer, Kind kind, bool isHidden)
    {
        writer.WriteCount((int)kind);
        writer.WriteBoolean(isHidden);
    }

    private static void WriteNames(WireWriter writer, PropertySetData? set)
    {
        writer.WriteCount(set?.ReferencedProperties.Count ?? 0);
        foreach (string name in set?.ReferencedProperties ?? Enumerable.Empty<string>())
        {
            writer.WriteString(name);
        }
    }

    private static PropertySetData? ReadNames(WireReader reader)
    {
        string[] names = new string[reader.ReadCount()];
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = reader.ReadText();
        }

        return names.Length == 0 ? null : new PropertySetData(names);
    }
}
