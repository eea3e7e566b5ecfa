using Switchyard.Tests.Harness;
using Xunit;

namespace Switchyard.Tests.Host;

/// <summary>The scripts in docs/examples run where there is no more than the .NET SDK. What they write in full is looked at by the Pester suite.</summary>
public sealed class ExampleScriptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchyard-scripts-");

    [Fact]
    public async Task Crawl_loads_each_page_once() =>
        Assert.Single((await RunAsync("crawl.ps1")).Lines, line => line.StartsWith("/40 ", StringComparison.Ordinal));

    [Fact]
    public async Task Downloads_has_all_files_in_the_end()
    {
        HostResult result = await RunAsync("downloads.ps1", "-Destination", Folder("files"));

        Assert.Matches("^40 of 40 files, .* 42 tries$", Assert.Single(result.Lines));
        Assert.Equal(40, Directory.EnumerateFiles(Folder("files")).Count());
    }

    [Fact]
    public async Task Archive_tree_packs_each_file_and_lists_it()
    {
        Directory.CreateDirectory(Folder("tree/a b"));
        File.WriteAllText(Folder("tree/a b/it's 1.txt"), "text");
        File.WriteAllText(Folder("tree/2.txt"), "text");

        HostResult result = await RunAsync("archive-tree.ps1", "-Path", Folder("tree"), "-Destination", Folder("packed"));

        Assert.StartsWith("2 files", Assert.Single(result.Lines), StringComparison.Ordinal);
        Assert.Equal(3, File.ReadLines(Folder("packed/files.csv")).Count());
        Assert.True(File.Exists(Folder("packed/a b/it's 1.txt.gz")));
    }

    [Fact]
    public async Task Log_analysis_counts_over_all_files()
    {
        Directory.CreateDirectory(Folder("logs"));
        for (int i = 0; i < 3; i++)
        {
            File.WriteAllText(Folder($"logs/{i}.log"), "2026-01-31T10:00:00Z GET /orders/1 500 100ms\nnoise\n");
        }

        HostResult result = await RunAsync("log-analysis.ps1", "-Path", Folder("logs"));

        Assert.Contains(result.Lines, line => line.StartsWith("/orders", StringComparison.Ordinal) && line.Contains('3', StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nightly_goes_on_and_ends_with_an_exit_code()
    {
        Directory.CreateDirectory(Folder("in"));
        File.WriteAllText(Folder("in/good.csv"), "a\n1\n");
        File.WriteAllText(Folder("in/bad.csv"), "a\n");

        HostResult first = await RunAsync("nightly.ps1", "-Path", Folder("in"), "-Destination", Folder("out"));
        File.WriteAllText(Folder("in/bad.csv"), "a\n1\n");
        HostResult second = await RunAsync("nightly.ps1", "-Path", Folder("in"), "-Destination", Folder("out"));

        Assert.Equal((1, "1 files done in all, 1 to be tried again"), (first.ExitCode, Assert.Single(first.Lines)));
        Assert.Equal((0, "2 files done in all, 0 to be tried again"), (second.ExitCode, Assert.Single(second.Lines)));
    }

    [Fact]
    public async Task Nightly_says_when_nothing_could_be_done()
    {
        HostResult result = await RunAsync("nightly.ps1", "-Path", Folder("nowhere"), "-Destination", Folder("out"));

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("nowhere", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Folder(string name) => Path.Combine(_folder.FullName, name);

    private static async Task<HostResult> RunAsync(string script, params string[] arguments) =>
        await HostProcess.RunAsync(["-NoProfile", "-File", Path.Combine(Repository.Root, "docs", "examples", script), .. arguments]);
}
