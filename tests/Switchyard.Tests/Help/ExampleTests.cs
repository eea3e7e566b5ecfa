using System.Globalization;
using System.Text;
using Switchyard.Tests.Harness;
using Switchyard.Tests.Host;
using Xunit;

namespace Switchyard.Tests.Help;

/// <summary>The examples of the pages run, and write what the pages say. Those that need commands of a full PowerShell are the Pester suite's.</summary>
public sealed class ExampleTests : IDisposable
{
    private const string Mark = "#-- ";
    private static readonly string[] _notInTheHost = ["Invoke-RestMethod"];
    private static readonly string[] _programs = ["gzip", "cp", "python3"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchyard-examples-");

    public static TheoryData<string> Names => Cmdlets.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_examples_of_a_page_run_and_write_what_it_says(string name)
    {
        ExampleText[] examples = [.. HelpPage.Read(name).Examples.Where(CanRun)];
        StringBuilder script = new();
        for (int i = 0; i < examples.Length; i++)
        {
            string folder = Path.Combine(_folder.FullName, $"{i}");
            LayOut(folder);
            script.Append(CultureInfo.InvariantCulture, $"'{Mark}'\nSet-Location -LiteralPath '{folder}'\n& {{\n{examples[i].Code}\n}}\n");
        }

        HostResult result = await HostProcess.CommandAsync(script.ToString());
        string[] outputs = result.Output.Split(Mark + "\n")[1..];

        Assert.True(examples.Length >= 3, $"Only {examples.Length} examples can be run here.");
        Assert.Empty(result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(examples.Length, outputs.Length);
        Assert.All(examples.Zip(outputs).Where(pair => pair.First.Output is not null), pair => Assert.Equal(
            pair.First.Output,
            string.Join('\n', pair.Second.TrimEnd().Split('\n').Select(line => line.TrimEnd()))));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static bool CanRun(ExampleText example) =>
        !_notInTheHost.Any(command => example.Code.Contains(command, StringComparison.Ordinal))
        && !_programs.Any(program => example.Code.Contains("-FilePath " + program, StringComparison.Ordinal) && !IsOnPath(program));

    private static bool IsOnPath(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));

    // What the examples find in their folder.
    private static void LayOut(string root)
    {
        foreach (string name in new[] { "photos", "logs", "data", "docs/examples" })
        {
            Directory.CreateDirectory(Path.Combine(root, name));
        }

        for (int i = 1; i <= 3; i++)
        {
            File.WriteAllBytes(Path.Combine(root, "photos", $"it's {i}.jpg"), [(byte)i, 1, 2, 3]);
            File.WriteAllText(Path.Combine(root, "logs", $"app {i}.log"), string.Concat(Enumerable.Repeat("fine\nan error\n", 50 * i)));
            File.WriteAllText(Path.Combine(root, "data", $"{i}.csv"), $"Name,Price\na,{i}\nb,{2 * i}\n");
        }

        File.Copy(Path.Combine(Repository.Root, "docs", "examples", "line-worker.py"), Path.Combine(root, "docs", "examples", "line-worker.py"));
    }
}
