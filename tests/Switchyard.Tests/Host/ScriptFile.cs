namespace Switchyard.Tests.Host;

/// <summary>A script file in a folder of its own, both gone after the test.</summary>
internal sealed class ScriptFile : IDisposable
{
    public ScriptFile(string text, string name = "script.ps1")
    {
        Folder = Directory.CreateTempSubdirectory("switchyard-host-").FullName;
        Path = System.IO.Path.Combine(Folder, name);
        File.WriteAllText(Path, text);
    }

    /// <summary>The script's full path.</summary>
    public string Path { get; }

    /// <summary>The folder that it is alone in.</summary>
    public string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
