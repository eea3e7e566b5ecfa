using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Provider;

namespace Microsoft.PowerShell.Commands;

/// <summary>Stands in for Get-Content. -Tail reads the whole file and keeps its end.</summary>
[Cmdlet(VerbsCommon.Get, "Content", DefaultParameterSetName = PathSet)]
public sealed class GetContentCommand : ContentPathCommandBase
{
    [Parameter(ValueFromPipelineByPropertyName = true)]
    public long ReadCount { get; set; } = 1;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, long.MaxValue)]
    [Alias("First", "Head")]
    public long TotalCount { get; set; } = -1;

    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateRange(0, int.MaxValue)]
    [Alias("Last")]
    public int Tail { get; set; } = -1;

    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override bool IsForced => Force;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (TotalCount != -1 && Tail != -1)
        {
            var error = new InvalidOperationException(
                "The parameters TotalCount and Tail cannot be used together. Please specify only one parameter.");
            WriteError(new ErrorRecord(error, "TailAndHeadCannotCoexist", ErrorCategory.InvalidOperation, null));
            return;
        }

        if (TotalCount == 0)
        {
            return;
        }

        ForEachPath(Path, path =>
        {
            foreach (PathInfo found in ResolvePaths(path))
            {
                Attempt(() => Read(found));
            }
        });
    }

    private protected override object? GetDynamicParameters(ProviderContext context) => DynamicParameterCall.ForReader(this, FirstPath, context);

    private void Read(PathInfo path)
    {
        foreach (IContentReader reader in InvokeProvider.Content.GetReader(path.Path, CreateContext(literal: true)))
        {
            using (reader)
            {
                if (Tail == -1)
                {
                    ReadForwards(reader, path);
                }
                else
                {
                    ReadTail(reader, path);
                }

                reader.Close();
            }
        }
    }

    private void ReadForwards(IContentReader reader, PathInfo path)
    {
        long read = 0;
        while (!Stopping && (TotalCount == -1 || read < TotalCount))
        {
            long wanted = ReadCount;
            if (TotalCount > 0 && (wanted == 0 || TotalCount - wanted < read))
            {
                wanted = TotalCount - read;
            }

            IList lines = reader.Read(wanted);
            if (lines is not { Count: > 0 })
            {
                return;
            }

            read += lines.Count;
            WriteContent(ReadCount == 1 ? lines[0]! : lines, read, path);
        }
    }

    private void ReadTail(IContentReader reader, PathInfo path)
    {
        var tail = new Queue<object>();
        while (!Stopping && reader.Read(1) is { Count: > 0 } lines)
        {
            if (Tail > 0 && tail.Count == Tail)
            {
                tail.Dequeue();
            }

            if (Tail > 0)
            {
                tail.Enqueue(lines[0]!);
            }
        }

        long read = 0;
        foreach (object line in tail)
        {
            WriteContent(line, ++read, path);
        }
    }

    // What the real command adds to each line, so that file and line number survive the pipeline.
    private void WriteContent(object content, long readCount, PathInfo path)
    {
        var result = PSObject.AsPSObject(content);
        Add(result, "PSPath", path.Path);
        if (path.Drive is not null)
        {
            Add(result, "PSDrive", path.Drive);
        }

        Add(result, "PSProvider", path.Provider);
        Add(result, "ReadCount", readCount);
        WriteObject(result);
    }

    private static void Add(PSObject result, string name, object value)
    {
        if (result.Properties[name] is null)
        {
            result.Properties.Add(new PSNoteProperty(name, value), preValidated: true);
        }
    }
}
