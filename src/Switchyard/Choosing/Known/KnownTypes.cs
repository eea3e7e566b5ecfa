using System.Reflection;
using System.Runtime.CompilerServices;
using Switchyard.Codec;
using Switchyard.Engine;

namespace Switchyard.Choosing.Known;

/// <summary>The types that do the same in any process: those that are not listed may have a state that threads share, or be of this session.</summary>
/// <remarks>By their names, so that knowing a type loads nothing.</remarks>
internal static class KnownTypes
{
    private static readonly string _runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
    private static readonly string _engine = Path.GetDirectoryName(typeof(PSObject).Assembly.Location)!;

    // Static members are functions of their arguments, or of the machine. What they return is new.
    private static readonly HashSet<string> _pure = Set(
        "System.",
        "Math MathF String Char Boolean Byte SByte Int16 UInt16 Int32 UInt32 Int64 UInt64 Int128 UInt128 Single Double Decimal Half Convert BitConverter DateTime DateTimeOffset "
        + "DateOnly TimeOnly TimeSpan TimeZoneInfo Guid Version Uri UriBuilder Enum StringComparer Random DBNull Nullable Numerics.BigInteger Numerics.Complex Numerics.BitOperations "
        + "Numerics.Vector IO.Path IO.File Text.RegularExpressions.Regex Text.Rune Net.WebUtility Net.IPAddress Net.Dns Diagnostics.Stopwatch Management.Automation.WildcardPattern "
        + "Management.Automation.SemanticVersion Runtime.InteropServices.RuntimeInformation Web.HttpUtility Xml.XmlConvert Xml.XmlReader Xml.XmlWriter Xml.Linq.XDocument Xml.Linq.XElement "
        + "Text.Json.JsonDocument Security.SecurityElement IO.Compression.ZipFile Globalization.StringInfo Globalization.CharUnicodeInfo");

    // Of these only the static members that are named.
    private static readonly Dictionary<string, HashSet<string>> _partlyPure = new()
    {
        ["System.Environment"] = Set(
            string.Empty,
            "MachineName NewLine ProcessorCount OSVersion UserName UserDomainName Is64BitProcess Is64BitOperatingSystem Version SystemDirectory CurrentDirectory "
            + "GetEnvironmentVariable ExpandEnvironmentVariables GetFolderPath TickCount TickCount64 SystemPageSize"),
        ["System.IO.Directory"] = Set(
            string.Empty,
            "CreateDirectory Delete EnumerateDirectories EnumerateFiles EnumerateFileSystemEntries Exists GetCreationTime GetCreationTimeUtc GetCurrentDirectory GetDirectories "
            + "GetDirectoryRoot GetFiles GetFileSystemEntries GetLastAccessTime GetLastAccessTimeUtc GetLastWriteTime GetLastWriteTimeUtc GetLogicalDrives GetParent Move "
            + "SetLastWriteTime SetLastWriteTimeUtc CreateTempSubdirectory"),
        ["System.Text.Encoding"] = Set(string.Empty, "ASCII UTF8 UTF7 UTF32 Unicode BigEndianUnicode Latin1 Default GetEncoding Convert"),
        ["System.Globalization.CultureInfo"] = Set(
            string.Empty, "InvariantCulture CurrentCulture CurrentUICulture InstalledUICulture GetCultureInfo GetCultures CreateSpecificCulture"),
        ["System.Threading.Thread"] = Set(string.Empty, "Sleep SpinWait Yield"),
        ["System.Management.Automation.PSObject"] = Set(string.Empty, "AsPSObject"),
        ["System.Management.Automation.PSSerializer"] = Set(string.Empty, "Serialize Deserialize"),
        ["System.Management.Automation.LanguagePrimitives"] = Set(string.Empty, "ConvertTo IsTrue Compare IsObjectEnumerable"),
        ["System.Text.Json.JsonSerializer"] = Set(string.Empty, "Serialize Deserialize"),
    };

    // What these return may be what they are given.
    private static readonly HashSet<string> _passing = Set(
        "System.",
        "Array Tuple ValueTuple Linq.Enumerable Collections.Generic.KeyValuePair Collections.ArrayList Collections.Hashtable Management.Automation.PSObject "
        + "Management.Automation.LanguagePrimitives");

    // Objects of these, made in a body, are no more than what is in them.
    private static readonly HashSet<string> _namespaces = Set(
        "System.",
        "Collections Collections.Generic Collections.Specialized Collections.ObjectModel Collections.Concurrent Collections.Immutable Text Text.RegularExpressions Text.Json "
        + "Text.Json.Nodes IO IO.Compression Xml Xml.Linq Xml.XPath Xml.Schema Xml.Xsl Security.Cryptography Security.Cryptography.X509Certificates Numerics Net Net.Http "
        + "Net.Http.Headers Net.Sockets Globalization Data Linq");

    private static readonly HashSet<string> _makeable = Set(
        "System.",
        "Object Array Void Type Attribute Nullable`1 Lazy`1 Security.SecureString Management.Automation.PSObject Management.Automation.PSCustomObject "
        + "Management.Automation.PSNoteProperty Management.Automation.PSReference Management.Automation.PSCredential Management.Automation.ErrorRecord "
        + "Management.Automation.SwitchParameter Management.Automation.Internal.AutomationNull");

    private static readonly HashSet<string> _excluded = Set("System.", "IO.FileSystemWatcher Net.ServicePointManager");

    /// <summary>Whether a static member does the same in any process.</summary>
    /// <param name="isPassing">Whether what it returns may be what it was given.</param>
    public static bool IsPure(Type type, string member, out bool isPassing)
    {
        string name = type.FullName ?? type.Name;
        isPassing = _passing.Contains(name);
        return IsOfFramework(type)
            && (_partlyPure.TryGetValue(name, out HashSet<string>? members) ? members.Contains(member)
                : isPassing || _pure.Contains(name) || type.IsEnum
                    || (type.Namespace == "System.Security.Cryptography" && !member.StartsWith("Set", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Whether objects of a type can be made, or values made such, without anything that another process would not have.</summary>
    public static bool IsMakeable(Type type)
    {
        if (type.IsArray)
        {
            return IsMakeable(type.GetElementType()!);
        }

        if (type.IsGenericType && !type.IsGenericTypeDefinition)
        {
            return type.GenericTypeArguments.All(IsMakeable) && IsMakeable(type.GetGenericTypeDefinition());
        }

        string name = type.FullName ?? type.Name;
        return IsOfFramework(type) && !_excluded.Contains(name)
            && (type.IsEnum || _pure.Contains(name) || _makeable.Contains(name) || _passing.Contains(name) || _namespaces.Contains(type.Namespace ?? string.Empty)
                || typeof(Exception).IsAssignableFrom(type) || typeof(ITuple).IsAssignableFrom(type)
                || (typeof(Delegate).IsAssignableFrom(type) && type.Namespace == "System"));
    }

    /// <summary>Whether a new object of a type has copied what it was made of, and is not a way to change it.</summary>
    public static bool Copies(Type type) =>
        type.Namespace is "System.Collections.Generic" or "System.Collections" or "System.Collections.Concurrent" or "System.Collections.Specialized" or "System.Net.Http"
        || IsValue(type) || type == typeof(StringBuilder) || type == typeof(PSNoteProperty) || typeof(Exception).IsAssignableFrom(type);

    /// <summary>Whether a value that was made of this type is held by nothing else.</summary>
    public static bool IsValue(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(void) || type == EngineMembers.SemanticVersion.Info || (_pure.Contains(type.FullName ?? type.Name) && type != typeof(Random));

    /// <summary>Whether an object of a type comes from another process as what it was, as far as the type says.</summary>
    public static bool ComesBack(Type type) =>
        IsValue(type) || LiveTypes.Contain(type) || type == typeof(PSCustomObject) || type == typeof(Array) || type == typeof(Type) || type.IsGenericParameter
        || typeof(Exception).IsAssignableFrom(type) || type.Namespace is "System.Linq" || (type.IsInterface && type.Namespace is "System.Collections.Generic" or "System.Collections");

    /// <summary>Whether a static member may return what does not.</summary>
    public static bool ReturnsLive(Type type, string member) => type
        .GetMember(member, BindingFlags.Public | BindingFlags.Static | BindingFlags.IgnoreCase)
        .Any(found => (found as MethodInfo)?.ReturnType is { } returned && !ComesBack(returned)
            || (found as PropertyInfo)?.PropertyType is { } property && !ComesBack(property)
            || (found as FieldInfo)?.FieldType is { } field && !ComesBack(field));

    /// <summary>Whether a type is of .NET or of PowerShell itself.</summary>
    public static bool IsOfFramework(Type type) =>
        !type.Assembly.IsDynamic && Path.GetDirectoryName(type.Assembly.Location) is { } folder && (folder == _runtime || folder == _engine);

    private static HashSet<string> Set(string prefix, string names) => new(names.Split(' ').Select(name => prefix + name), StringComparer.OrdinalIgnoreCase);
}
