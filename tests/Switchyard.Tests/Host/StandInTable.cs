using System.Text;
using Xunit;

namespace Switchyard.Tests.Host;

/// <summary>Runs all cases of the stand-ins in one process of the host, in one folder that is gone afterwards.</summary>
public sealed class StandInTable : IAsyncLifetime
{
    private const string Separator = "----next----";
    private readonly Dictionary<string, string> _results = [];

    /// <summary>What a case wrote, its lines joined by "|".</summary>
    public string this[string script] => _results[script];

    public async ValueTask InitializeAsync()
    {
        string[] scripts = [.. StandInCases.All.Select(row => row.Data.Item1).Distinct()];
        var text = new StringBuilder("Set-Location -LiteralPath $PSScriptRoot\n$PSStyle.OutputRendering = 'PlainText'\n");
        foreach (string script in scripts)
        {
            // Each in a scope of its own; what it throws is its result.
            text.Append("try { & {\n").Append(script).Append("\n} | Out-String -Stream } catch { \"THROWN $_\" }\n'").Append(Separator).Append("'\n");
        }

        using var file = new ScriptFile(text.ToString());
        HostResult result = await HostProcess.RunAsync(["-NoProfile", "-NonInteractive", "-File", file.Path]);
        string[] outputs = result.Output.Split(Separator + "\n");
        Assert.True(outputs.Length == scripts.Length + 1, $"The table ended early:\n{result.Output}\n{result.Error}");
        for (int i = 0; i < scripts.Length; i++)
        {
            _results.Add(scripts[i], string.Join('|', outputs[i].Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
