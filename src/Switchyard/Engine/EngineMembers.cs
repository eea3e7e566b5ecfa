using System.Collections.ObjectModel;
using System.Collections.Specialized;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;

namespace Switchyard.Engine;

/// <summary>
/// Every member of the engine and of .NET that is not public to us. They are looked up here and nowhere else, so that none is used unlisted; a test
/// reads the source for that. Where one is missing, its user takes the nearest public way, which is slower.
/// </summary>
internal static class EngineMembers
{
    /// <summary>Set for tests: names of members, separated by commas, that count as missing from the moment that the module is loaded; <c>*</c> for all.</summary>
    public const string HideSwitch = "SWITCHYARD_TEST_HIDE_MEMBERS";

    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    // Above all others, which the first of them needs already.
    private static readonly List<EngineMember> _all = [];
    private static readonly HashSet<string> _hidden =
    [
        .. (AppContext.GetData(HideSwitch) as string ?? Environment.GetEnvironmentVariable(HideSwitch) ?? string.Empty)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
    ];

    // Types that are not there to compile against.
    private static readonly EngineMember<Type> _commandProcessor = Type("CommandProcessor");
    private static readonly EngineMember<Type> _commandProcessorBase = Type("CommandProcessorBase");
    private static readonly EngineMember<Type> _binderController = Type("CmdletParameterBinderController");
    private static readonly EngineMember<Type> _boundParameter = Type("MergedCompiledCommandParameter");
    private static readonly EngineMember<Type> _commandRuntime = Type("MshCommandRuntime");
    private static readonly EngineMember<Type> _pipe = Type("Internal.Pipe");
    private static readonly EngineMember<Type> _memberCollection = Type("PSMemberInfoInternalCollection`1");
    private static readonly EngineMember<Type> _parameter = Type("CompiledCommandParameter");
    private static readonly EngineMember<Type> _classMethod = Type("Internal.ScriptBlockMemberMethodWrapper");
    private static readonly EngineMember<Type> _functionSource = Type("Language.IParameterMetadataProvider");
    private static readonly EngineMember<Type> _internalCommand = Type("Internal.InternalCommand");
    private static readonly EngineMember<Type> _moduleIntrinsics = Type("ModuleIntrinsics");
    private static readonly EngineMember<Type> _pipelineProcessor = Type("Internal.PipelineProcessor");
    private static readonly EngineMember<Type> _range = Type("RangeEnumerator");
    private static readonly EngineMember<Type> _stopUpstream = Type("StopUpstreamCommandsException");
    private static readonly EngineMember<Type> _unix = Type("Platform+Unix");

    public static readonly EngineMember<Type> Context = Type("ExecutionContext");
    public static readonly EngineMember<Type> FunctionFrame = Type("Language.FunctionContext");
    public static readonly EngineMember<Type> Locals = Type("MutableTuple");
    public static readonly EngineMember<Type> Scope = Type("SessionStateScope");
    public static readonly EngineMember<Type> SemanticVersion = Type("SemanticVersion");
    public static readonly EngineMember<Type> SessionState = Type("SessionStateInternal");

    // Sessions.
    public static readonly EngineMember<PropertyInfo> ContextOfRunspace = Property(typeof(Runspace), "ExecutionContext");
    public static readonly EngineMember<PropertyInfo> ContextOfCommand = Property(typeof(Cmdlet), "Context");
    public static readonly EngineMember<PropertyInfo> ContextSessionState = Property(Context, "EngineSessionState");
    public static readonly EngineMember<PropertyInfo> ContextModules = Property(Context, "Modules");
    public static readonly EngineMember<PropertyInfo> ContextQuestionMark = Property(Context, "QuestionMarkVariableValue");
    public static readonly EngineMember<PropertyInfo> ContextStopping = Property(Context, "CurrentPipelineStopping");
    public static readonly EngineMember<PropertyInfo> ModuleTable = Property(_moduleIntrinsics, "ModuleTable");
    public static readonly EngineMember<PropertyInfo> LocationChanged = Property(typeof(CommandInvocationIntrinsics), "LocationChangedAction");
    public static readonly EngineMember<FieldInfo> Runspaces = Field(typeof(Runspace), "s_runspaceDictionary");
    public static readonly EngineMember<FieldInfo> RunspacesLock = Field(typeof(Runspace), "s_syncObject");
    public static readonly EngineMember<MethodInfo> FunctionTable = Method(SessionState, "GetFunctionTable");
    public static readonly EngineMember<MethodInfo> AliasTable = Method(SessionState, "GetAliasTable");
    public static readonly EngineMember<MethodInfo> VariableTable = Method(SessionState, "GetVariableTable");
    public static readonly EngineMember<MethodInfo> SetFunction = Method(SessionState, "SetFunction", typeof(string), typeof(ScriptBlock), typeof(bool));
    public static readonly EngineMember<MethodInfo> SetAlias = Method(SessionState, "SetAliasValue", typeof(string), typeof(string), typeof(bool));
    public static readonly EngineMember<FieldInfo> LocationStacks = Field(SessionState, "_workingLocationStack");

    public static readonly EngineMember<FieldInfo> EventSubscribers = Field(Type("PSLocalEventManager"), "_eventSubscribers");
    public static readonly EngineMember<FieldInfo> JobTable = Field(new Owner("Repository", () => typeof(JobRepository).BaseType), "_repository");
    public static readonly EngineMember<PropertyInfo> IsTranscribing = Property(typeof(System.Management.Automation.Host.PSHostUserInterface), "IsTranscribing");
    public static readonly EngineMember<PropertyInfo> ScopeStrictMode = Property(Scope, "StrictModeVersion");

    public static readonly EngineMember<PropertyInfo> Style = Property(Type("PSStyle"), "Instance");
    public static readonly EngineMember<FieldInfo> StyleExtensions = Field(Type("PSStyle+FileInfoFormatting+FileExtensionDictionary"), "_extensionDictionary");
    public static readonly EngineMember<FieldInfo> AppSwitches = Field(typeof(AppContext), "s_switches");
    public static readonly EngineMember<FieldInfo> TypeAccelerators = Field(Type("TypeAccelerators"), "userTypeAccelerators");

    // Classes and enums of scripts.
    public static readonly EngineMember<PropertyInfo> CurrentScope = Property(SessionState, "CurrentScope");
    public static readonly EngineMember<PropertyInfo> GlobalScope = Property(SessionState, "GlobalScope");
    public static readonly EngineMember<PropertyInfo> ScopeParent = Property(Scope, "Parent");
    public static readonly EngineMember<PropertyInfo> ScopeTypes = Property(Scope, "TypeTable");
    public static readonly EngineMember<PropertyInfo> ScopeTypeResolution = Property(Scope, "TypeResolutionState");
    public static readonly EngineMember<MethodInfo> ScopeAddType = Method(Scope, "AddType", typeof(string), typeof(Type));
    public static readonly EngineMember<MethodInfo> SessionSetTarget = Method(
        new Owner("WeakReference", () => SessionState!.Info is { } state ? typeof(WeakReference<>).MakeGenericType(state) : null), "SetTarget", 1);
    public static readonly EngineMember<FieldInfo> ClassMethodSession = Field(_classMethod, "_defaultSessionStateToUse");
    public static readonly EngineMember<FieldInfo> ClassMethodCode = Field(_classMethod, "_ast");
    public static readonly EngineMember<PropertyInfo> PublicSessionState = Property(SessionState, "PublicSessionState");

    // Commands and their pipelines.
    public static readonly EngineMember<ConstructorInfo> StopUpstream = Constructor(_stopUpstream, () => [_internalCommand.Info]);
    public static readonly EngineMember<PropertyInfo> CurrentCommand = Property(Context, "CurrentCommandProcessor");
    public static readonly EngineMember<PropertyInfo> ParameterBinder = Property(_commandProcessor, "CmdletParameterBinderController");
    public static readonly EngineMember<PropertyInfo> UnboundParameters = Property(_binderController, "UnboundParameters");
    public static readonly EngineMember<PropertyInfo> UnboundParameter = Property(_boundParameter, "Parameter");
    public static readonly EngineMember<PropertyInfo> TakesPipelineInput = Property(_parameter, "IsPipelineParameterInSomeParameterSet");
    public static readonly EngineMember<PropertyInfo> OutputPipe = Property(_commandRuntime, "OutputPipe");
    public static readonly EngineMember<PropertyInfo> InputPipe = Property(_commandRuntime, "InputPipe");
    public static readonly EngineMember<FieldInfo> PipeEnumerator = Field(_pipe, "_enumeratorToProcess");
    public static readonly EngineMember<FieldInfo> EnumeratedArray = Field(
        new Owner("ArrayEnumerator", () => typeof(Array).Assembly.GetType("System.ArrayEnumerator")), "_array");
    public static readonly EngineMember<FieldInfo> RangeStart = Field(_range, "_lowerBound");
    public static readonly EngineMember<FieldInfo> RangeEnd = Field(_range, "_upperBound");
    public static readonly EngineMember<ConstructorInfo> NewPipe = Constructor(_pipe, () => [typeof(Collection<PSObject>)]);
    public static readonly EngineMember<MethodInfo> PipeAdd = Method(_pipe, "Add", typeof(object));
    public static readonly EngineMember<MethodInfo> WriteError = Method(_commandRuntime, "_WriteErrorSkipAllowCheck", typeof(ErrorRecord), typeof(ActionPreference?), typeof(bool));
    public static readonly EngineMember<PropertyInfo> ErrorAction = Property(_commandRuntime, "ErrorAction");
    public static readonly EngineMember<PropertyInfo> RuntimeOfCommand = Property(_commandProcessorBase, "CommandRuntime");
    public static readonly EngineMember<PropertyInfo> WarningPreference = Property(_commandRuntime, "WarningPreference");
    public static readonly EngineMember<PropertyInfo> IsWarningActionSet = Property(_commandRuntime, "IsWarningActionSet");
    public static readonly EngineMember<PropertyInfo> VerbosePreference = Property(_commandRuntime, "VerbosePreference");
    public static readonly EngineMember<PropertyInfo> VerboseFlag = Property(_commandRuntime, "Verbose");
    public static readonly EngineMember<PropertyInfo> DebugPreference = Property(_commandRuntime, "DebugPreference");
    public static readonly EngineMember<PropertyInfo> InformationPreference = Property(_commandRuntime, "InformationPreference");
    public static readonly EngineMember<PropertyInfo> PipelineOfCommand = Property(_commandRuntime, "PipelineProcessor");
    public static readonly EngineMember<FieldInfo> PipelineEnd = Field(_pipelineProcessor, "_firstTerminatingError");
    public static readonly EngineMember<PropertyInfo> PipelineFailed = Property(_pipelineProcessor, "ExecutionFailed");

    // Records and exceptions.
    public static readonly EngineMember<PropertyInfo> PreserveInvocation = Property(typeof(ErrorRecord), "PreserveInvocationInfoOnce");
    public static readonly EngineMember<MethodInfo> SetTarget = Method(typeof(ErrorRecord), "SetTargetObject", typeof(object));
    public static readonly EngineMember<FieldInfo> ErrorInvocation = Field(typeof(ErrorRecord), "_invocationInfo");
    public static readonly EngineMember<FieldInfo> ErrorFullId = Field(typeof(ErrorRecord), "_serializedFullyQualifiedErrorId");
    public static readonly EngineMember<FieldInfo> ErrorTrace = Field(typeof(ErrorRecord), "_scriptStackTrace");
    public static readonly EngineMember<PropertyInfo> ScriptPosition = Property(typeof(InvocationInfo), "ScriptPosition");
    public static readonly EngineMember<MethodInfo> CreateInvocation = Method(typeof(InvocationInfo), "Create", typeof(CommandInfo), typeof(IScriptExtent));
    public static readonly EngineMember<FieldInfo> ExceptionMessage = Field(typeof(Exception), "_message");
    public static readonly EngineMember<FieldInfo> ExceptionInner = Field(typeof(Exception), "_innerException");

    // Objects.
    public static readonly EngineMember<FieldInfo> ObjectMembers = Field(typeof(PSObject), "_instanceMembers");
    public static readonly EngineMember<FieldInfo> ObjectTypeNames = Field(typeof(PSObject), "_typeNames");
    public static readonly EngineMember<FieldInfo> ObjectValue = Field(typeof(PSObject), "_immediateBaseObject");
    public static readonly EngineMember<PropertyInfo> ObjectIsDeserialized = Property(typeof(PSObject), "IsDeserialized");
    public static readonly EngineMember<PropertyInfo> ObjectIsLocal = Property(typeof(PSObject), "StoreTypeNameAndInstanceMembersLocally");
    public static readonly EngineMember<MethodInfo> HasMembers = Method(typeof(PSObject), "HasInstanceMembers", 2);
    public static readonly EngineMember<MethodInfo> HasTypeName = Method(typeof(PSObject), "HasInstanceTypeName", 2);
    public static readonly EngineMember<PropertyInfo> OwnMembers = Property(typeof(PSObject), "InstanceMembers");
    public static readonly EngineMember<FieldInfo> MemberTable = Field(
        new Owner("PSMemberInfoInternalCollection", () => _memberCollection!.Info?.MakeGenericType(typeof(PSMemberInfo))), "_members");
    public static readonly EngineMember<ConstructorInfo> NewMemberCollection = Constructor(_memberCollection, () => []);
    public static readonly EngineMember<PropertyInfo> HashtableComparer = Property(typeof(Hashtable), "EqualityComparer");
    public static readonly EngineMember<FieldInfo> OrderedComparer = Field(typeof(OrderedDictionary), "_comparer");
    public static readonly EngineMember<MethodInfo>? UnixStat = OperatingSystem.IsWindows() ? null : Method(_unix, "GetLStat", typeof(string));

    // Script blocks, and the steps by which the engine runs one.
    public static readonly EngineMember<MethodInfo> InvokeUsingCmdlet = Method(typeof(ScriptBlock), "InvokeUsingCmdlet", 7);
    public static readonly EngineMember<PropertyInfo> BlockSession = Property(typeof(ScriptBlock), "SessionStateInternal");
    public static readonly EngineMember<FieldInfo> CompiledConstants = Field(
        new Owner("Closure", () => typeof(System.Linq.Expressions.Expression).Assembly.GetType("System.Runtime.CompilerServices.Closure")), "Constants");

    public static readonly EngineMember<MethodInfo> CopyCommand = Method(typeof(CommandInfo), "CreateGetCommandCopy", typeof(object[]));
    public static readonly EngineMember<FieldInfo> FunctionBlock = Field(typeof(FunctionInfo), "_scriptBlock");
    public static readonly EngineMember<ConstructorInfo> BlockOfFunction = Constructor(typeof(ScriptBlock), () => [_functionSource.Info, typeof(bool)]);
    public static readonly EngineMember<PropertyInfo> CleanBlock = Property(typeof(ScriptBlockAst), "CleanBlock");
    public static readonly EngineMember<MethodInfo> NewScope = Method(SessionState, "NewScope", 1);
    public static readonly EngineMember<MethodInfo> RemoveScope = Method(SessionState, "RemoveScope", 1);
    public static readonly EngineMember<PropertyInfo> ScopeLocals = Property(Scope, "LocalsTuple");
    public static readonly EngineMember<MethodInfo> ScopeAutomaticVariable = Method(Scope, "GetAutomaticVariableValue", 1);
    public static readonly EngineMember<MethodInfo> LocalsSetVariable = Method(Locals, "SetAutomaticVariable", 3);
    public static readonly EngineMember<MethodInfo> BlockCode = Method(typeof(ScriptBlock), "GetCodeToInvoke", 2);
    public static readonly EngineMember<MethodInfo> BlockLogStart = Method(typeof(ScriptBlock), "LogScriptBlockStart", 2);
    public static readonly EngineMember<MethodInfo> BlockLogEnd = Method(typeof(ScriptBlock), "LogScriptBlockEnd", 2);
    public static readonly EngineMember<MethodInfo> BlockMakeLocals = Method(typeof(ScriptBlock), "MakeLocalsTuple", 1);
    public static readonly EngineMember<MethodInfo> BlockSetPaths = Method(typeof(ScriptBlock), "SetPSScriptRootAndPSCommandPath", 2);
    public static readonly EngineMember<PropertyInfo> BlockLanguageMode = Property(typeof(ScriptBlock), "LanguageMode");
    public static readonly EngineMember<PropertyInfo> BlockFile = Property(typeof(ScriptBlock), "File");
    public static readonly EngineMember<PropertyInfo> BlockDebuggerHidden = Property(typeof(ScriptBlock), "DebuggerHidden");
    public static readonly EngineMember<PropertyInfo> BlockDebuggerStepThrough = Property(typeof(ScriptBlock), "DebuggerStepThrough");
    public static readonly EngineMember<PropertyInfo> BlockSequencePoints = Property(typeof(ScriptBlock), "SequencePoints");
    public static readonly EngineMember<PropertyInfo> ContextErrorPipe = Property(Context, "ShellFunctionErrorOutputPipe");
    public static readonly EngineMember<PropertyInfo> ContextErrorOutput = Property(Context, "ExternalErrorOutput");
    public static readonly EngineMember<PropertyInfo> ContextLanguageMode = Property(Context, "LanguageMode");
    public static readonly EngineMember<PropertyInfo> ContextRunspace = Property(Context, "CurrentRunspace");
    public static readonly EngineMember<FieldInfo> ContextDebugging = Field(Context, "_debuggingMode");
    public static readonly EngineMember<FieldInfo> FrameContext = Field(FunctionFrame, "_executionContext");
    public static readonly EngineMember<FieldInfo> FramePipe = Field(FunctionFrame, "_outputPipe");
    public static readonly EngineMember<FieldInfo> FrameLocals = Field(FunctionFrame, "_localsTuple");
    public static readonly EngineMember<FieldInfo> FrameBlock = Field(FunctionFrame, "_scriptBlock");
    public static readonly EngineMember<FieldInfo> FrameFile = Field(FunctionFrame, "_file");
    public static readonly EngineMember<FieldInfo> FrameDebuggerHidden = Field(FunctionFrame, "_debuggerHidden");
    public static readonly EngineMember<FieldInfo> FrameDebuggerStepThrough = Field(FunctionFrame, "_debuggerStepThrough");
    public static readonly EngineMember<FieldInfo> FrameSequencePoints = Field(FunctionFrame, "_sequencePoints");

    public static IReadOnlyList<EngineMember> All => _all;

    /// <summary>Names of the members that this engine lacks; with them, of what was made of members that are other than expected. Empty where all is well.</summary>
    public static IReadOnlyList<string> Missing =>
    [
        .. _all.Where(member => member.IsMissing).Select(member => member.FullName),
        .. new (string Name, bool IsBound)[]
        {
            ("InvokeUsingCmdlet (bound)", BodyRunner.IsBound),
            ("SessionStateScope (bound)", ReusedScope.IsBound),
            ("PSObject (bound)", EnginePipelines.CanTellBare),
            ("InstanceMembers (bound)", InstanceMembers.IsBound),
        }.Where(binding => !binding.IsBound).Select(binding => binding.Name),
    ];

    /// <summary>The fields of an object of a type.</summary>
    /// <exception cref="MissingMemberException">There is no such type.</exception>
    public static FieldInfo[] FieldsOf(EngineMember<Type> type) => type.Required.GetFields(Any & ~BindingFlags.Static);

    /// <summary>Where an object of a class that was defined in PowerShell, or of its bases, keeps the session that its methods run in.</summary>
    public static IEnumerable<FieldInfo> SessionFieldsOf(Type type) =>
        type.GetFields(Any & ~BindingFlags.Static | BindingFlags.DeclaredOnly).Where(field => field.FieldType == SessionState.Info);

    /// <summary>The other fields of such an object.</summary>
    public static IEnumerable<FieldInfo> ValueFieldsOf(Type type) =>
        type.GetFields(Any & ~BindingFlags.Static | BindingFlags.DeclaredOnly).Where(field => field.FieldType != SessionState.Info && !field.Name.Equals("__sessionState", StringComparison.Ordinal));

    /// <summary>The engine's callers of the methods of a class that was defined in PowerShell: it keeps them in a type beside it.</summary>
    public static IEnumerable<object> MethodsOf(Type type) =>
        from field in type.Assembly.GetType(type.FullName + "_<staticHelpers>")?.GetFields(BindingFlags.Static | BindingFlags.NonPublic) ?? []
        where field.FieldType == _classMethod.Info
        let method = field.GetValue(null)
        where method is not null
        select method;

    /// <summary>Makes a collection of members, whose constructor is <see cref="NewMemberCollection"/>.</summary>
    public static T MakeMemberCollection<T>()
        where T : PSMemberInfoCollection<PSMemberInfo> => (T)Activator.CreateInstance(typeof(T), nonPublic: true)!;

    /// <summary>Makes something of members; null where one is missing or does not fit.</summary>
    public static T? TryBind<T>(Func<T> bind)
        where T : class
    {
        try
        {
            return bind();
        }
        catch (Exception exception) when (exception is MissingMemberException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static EngineMember<Type> Type(string name) =>
        Listed(new EngineMember<Type>(string.Empty, name, _hidden, () => typeof(PSObject).Assembly.GetType("System.Management.Automation." + name)));

    private static EngineMember<PropertyInfo> Property(Owner owner, string name) =>
        Listed(new EngineMember<PropertyInfo>(owner.Name, name, _hidden, () => owner.Type()?.GetProperty(name, Any)));

    private static EngineMember<FieldInfo> Field(Owner owner, string name) =>
        Listed(new EngineMember<FieldInfo>(owner.Name, name, _hidden, () => owner.Type()?.GetField(name, Any)));

    private static EngineMember<MethodInfo> Method(Owner owner, string name, params Type[] parameters) =>
        Listed(new EngineMember<MethodInfo>(owner.Name, name, _hidden, () => owner.Type()?.GetMethod(name, Any, parameters)));

    // Whose parameters are of types that are not public: by how many there are.
    private static EngineMember<MethodInfo> Method(Owner owner, string name, int parameters) => Listed(new EngineMember<MethodInfo>(
        owner.Name,
        name,
        _hidden,
        () => owner.Type()?.GetMethods(Any).Where(method => method.Name == name && method.GetParameters().Length == parameters).ToArray() is [{ } only] ? only : null));

    private static EngineMember<ConstructorInfo> Constructor(Owner owner, Func<Type?[]> parameters) => Listed(new EngineMember<ConstructorInfo>(
        owner.Name,
        ".ctor",
        _hidden,
        () => parameters() is var types && types.Contains(null) ? null : owner.Type()?.GetConstructor(Any & ~BindingFlags.Static, types!)));

    private static T Listed<T>(T member)
        where T : EngineMember
    {
        _all.Add(member);
        return member;
    }

    // A type that can be compiled against, or one that has to be looked up itself.
    private readonly record struct Owner(string Name, Func<Type?> Type)
    {
        public static implicit operator Owner(Type type) => new(type.Name, () => type);

        public static implicit operator Owner(EngineMember<Type> type) => new(type.Name, () => type.Info);
    }
}
