using System.Reflection;
using System.Runtime.Loader;
using Switchyard.Core.Analysis;
using Switchyard.Engine;

namespace Switchyard.Measuring;

/// <summary>
/// An assembly that is loaded when it is first needed, and whose libraries no other module sees: whatever version of them another has loaded, both
/// go on. It lies in a folder beside this module's own.
/// </summary>
internal sealed class IsolatedAssembly : AssemblyLoadContext
{
    private readonly string _folder;
    private readonly Lazy<Assembly> _assembly;

    /// <summary>Names an assembly; nothing is loaded yet.</summary>
    public IsolatedAssembly(string name)
        : base(name)
    {
        _folder = Path.Combine(ModuleFolders.Own, name);
        _assembly = new Lazy<Assembly>(() => LoadFromAssemblyPath(Path.Combine(_folder, name + ".dll")));
    }

    public T Bind<T>(string type, string method)
        where T : Delegate =>
        _assembly.Value.GetType(type, throwOnError: true)!.GetMethod(method)!.CreateDelegate<T>();

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        Assembly core = typeof(Findings).Assembly;
        if (assemblyName.Name == core.GetName().Name)
        {
            return core;
        }

        string path = Path.Combine(_folder, assemblyName.Name + ".dll");
        return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
