namespace Switchyard.Choosing.Known;

/// <summary>What methods do by their names, whatever object they are called on.</summary>
internal static class KnownMembers
{
    // They only read, of whatever has them.
    private static readonly HashSet<string> _readers = Set(
        "ToString", "Contains", "ContainsKey", "ContainsValue", "TryGetValue", "GetValueOrDefault", "IndexOf", "LastIndexOf", "BinarySearch", "GetEnumerator", "GetType",
        "Equals", "CompareTo", "get_Item", "Item", "GetValue", "GetLength", "GetLongLength", "GetUpperBound", "GetLowerBound", "IsSubsetOf", "IsSupersetOf",
        "IsProperSubsetOf", "IsProperSupersetOf", "Overlaps", "SetEquals", "Exists", "Find", "FindAll", "FindIndex", "FindLast", "FindLastIndex", "TrueForAll", "Peek",
        "IsMatch", "Match", "Matches", "StartsWith", "EndsWith", "Substring", "Trim", "TrimStart", "TrimEnd", "ToLower", "ToUpper", "ToLowerInvariant",
        "ToUpperInvariant", "PadLeft", "PadRight", "Split", "ToCharArray", "OpenRead", "OpenText", "EnumerateFiles", "EnumerateDirectories",
        "EnumerateFileSystemInfos", "GetFiles", "GetDirectories", "GetFileSystemInfos", "AddDays", "AddHours", "AddMinutes", "AddSeconds", "AddMonths", "AddYears",
        "get_Keys", "get_Values", "get_Count", "get_Length");

    // They make another of the same.
    private static readonly HashSet<string> _copiers = Set("Clone", "ToArray", "GetRange", "ToHashtable");

    // They keep or read what they are given and do not change it.
    private static readonly HashSet<string> _takers = Set(
        "Add", "AddRange", "Append", "AppendLine", "AppendFormat", "AppendJoin", "Insert", "InsertRange", "Push", "Enqueue", "Set", "set_Item", "SetValue", "TryAdd", "AddLast",
        "AddFirst", "Remove", "RemoveRange", "UnionWith", "IntersectWith", "ExceptWith", "ComputeHash", "TransformFinalBlock", "AppendData", "GetBytes", "GetString",
        "GetByteCount", "GetCharCount", "GetChars", "Write", "WriteLine", "Replace", "Format", "Join", "Concat", "AppendChild", "SetAttribute", "SelectNodes",
        "SelectSingleNode", "Load", "LoadXml", "GetOrAdd", "AddOrUpdate");

    // They lead to code that was not read, or to what is one process's own.
    private static readonly HashSet<string> _forbidden = Set(
        "Invoke", "InvokeReturnAsIs", "InvokeWithContext", "InvokeScript", "DynamicInvoke", "InvokeMember", "InvokeCommand", "GetMethod", "GetMethods", "GetField",
        "GetFields", "GetProperty", "GetConstructor", "GetConstructors", "GetMember", "GetMembers", "CreateInstance", "MakeGenericType", "MakeGenericMethod",
        "CreateDelegate", "GetHashCode", "GetNewClosure", "GetSteppablePipeline", "BeginInvoke", "GetNestedType", "GetTypeInfo", "CreateType");

    public static bool IsReader(string name) => _readers.Contains(name) || IsCopier(name);

    public static bool IsCopier(string name) => _copiers.Contains(name);

    public static bool IsTaker(string name) => _takers.Contains(name) || IsReader(name);

    public static bool IsForbidden(string name) =>
        _forbidden.Contains(name) || name.StartsWith("GetRuntime", StringComparison.OrdinalIgnoreCase) || name.StartsWith("add_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("remove_", StringComparison.OrdinalIgnoreCase);

    private static HashSet<string> Set(params string[] names) => new(names, StringComparer.OrdinalIgnoreCase);
}
