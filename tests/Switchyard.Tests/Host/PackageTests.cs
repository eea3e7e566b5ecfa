using System.IO.Compression;
using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests.Host;

/// <summary>What is installed is what was built, to the file.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task The_package_and_the_archive_hold_the_module_and_nothing_else()
    {
        HostResult result = await HostProcess.RunAsync(["-NoProfile", "-File", Path.Combine(Repository.Root, "build.ps1"), "-Task", "Package", "-NoBuild"]);

        Assert.Empty(result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(2, result.Lines.Length);
        string module = Path.Combine(HostProcess.OutFolder, "Switchyard");
        string[] built = [.. Directory.EnumerateFiles(module, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(module, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
        Assert.Equal(built.Select(file => "Switchyard/" + file), Entries(result.Lines[0]));
        string[] ofTheFormat = ["_rels/.rels", "Switchyard.nuspec", "[Content_Types].xml"];
        Assert.Equal(built, Entries(result.Lines[1]).Except(ofTheFormat).Where(entry => !entry.StartsWith("package/", StringComparison.Ordinal)));
        Assert.All(result.Lines, File.Delete);
    }

    private static IEnumerable<string> Entries(string archive)
    {
        using ZipArchive zip = ZipFile.OpenRead(archive);
        return [.. zip.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal)];
    }
}
