using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Switchyard.Core.Control;

namespace Switchyard.Terminal;

/// <summary>Draws the screen: the batches, one of them in full, and the keys. It fits into the terminal, whatever its size.</summary>
internal sealed class Frame(int width, int height, bool hasColours)
{
    private const int LeastWidth = 20;

    // Beside what always stands there: below it only the workers are shown.
    private const int LeastRowsForItems = 8;
    private const int MostItems = 5;

    // What the columns before the last take of a line.
    private const int ListWidth = 84;
    private const int WorkerWidth = 46;
    private const int PlaceWidth = 18;
    private const int MostHost = 16;
    private const int MostTimeLeft = 18;
    private const int TimeWidth = 12;

    private static readonly CultureInfo _culture = CultureInfo.CurrentCulture;

    /// <summary>Makes the lines of the screen, the last of them at its foot.</summary>
    public IReadOnlyList<string> Draw(ScreenState state)
    {
        List<string> lines = [.. Render(Head(state))];
        if (state.Selected is { } batch)
        {
            lines.AddRange(Render(Summary(batch)));
            int left = height - lines.Count - 2;
            int items = left >= LeastRowsForItems ? Math.Min(MostItems, (left - 4) / 3) : 0;
            int itemLines = ItemLines(batch, items);
            lines.AddRange(Render(Workers(batch, state.Worker, Math.Max(1, left - itemLines - 2))));
            if (itemLines > 0)
            {
                lines.AddRange(Render(Items(batch, items)));
            }
        }

        List<string> shown = [.. lines.Take(Math.Max(0, height - 1))];
        while (shown.Count < height - 1)
        {
            shown.Add(string.Empty);
        }

        shown.Add(Render(Foot(state))[0]);
        return shown;
    }

    private static int ItemLines(BatchStatus batch, int most) =>
        most <= 0 ? 0 : Math.Max(Math.Min(most, batch.Slowest.Count), Math.Min(most, batch.FailedItems.Count)) is var rows and > 0 ? rows + 2 : 0;

    private string[] Render(IRenderable what)
    {
        using StringWriter writer = new(CultureInfo.InvariantCulture);
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = hasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = Math.Max(LeastWidth, width);
        console.Profile.Height = Math.Max(1, height);
        console.Profile.Capabilities.Unicode = true;
        console.Write(what);
        string[] lines = writer.ToString().ReplaceLineEndings("\n").Split('\n');
        return lines.Length > 1 && lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    private Rows Head(ScreenState state)
    {
        string count = state.Batches.Count == 1 ? "1 batch" : string.Create(_culture, $"{state.Batches.Count} batches");
        Markup title = new(string.Create(_culture, $"[bold]Switchyard[/] [grey]{count}, {DateTime.Now:T}[/]"));
        if (state.Batches.Count < 2)
        {
            return new Rows(title);
        }

        // Where there is no room for all, what is shown below of the selected one is left out.
        int commandWidth = width - ListWidth;
        List<string> heads = ["", "Id", "State", ">Done", ">Failed", ">Rate", "Time left"];
        if (commandWidth >= LeastWidth)
        {
            heads.Add("Command");
        }

        Table table = Plain([.. heads]);
        foreach (BatchStatus batch in state.Batches)
        {
            bool isSelected = batch.Id == state.Selected?.Id;
            List<IRenderable> cells =
            [
                Text(isSelected ? ">" : " ", "aqua bold"),
                Text(batch.Id, isSelected ? "bold" : null),
                Text(batch.State.ToString(), StateStyle(batch.State)),
                Text(batch.Total is { } total ? string.Create(_culture, $"{batch.Done:N0}/{total:N0}") : batch.Done.ToString("N0", _culture)),
                Text(batch.Failed.ToString("N0", _culture), batch.Failed > 0 ? "red" : "grey"),
                Text(Rate(batch.Rate)),
                Text(Clip(batch.TimeLeftText, MostTimeLeft)),
            ];
            if (commandWidth >= LeastWidth)
            {
                cells.Add(Text(Clip($"{batch.Command} {batch.Work}", commandWidth), "grey"));
            }

            table.AddRow(cells);
        }

        return new Rows(title, table);
    }

    private Rows Summary(BatchStatus batch)
    {
        string job = batch.JobName is { } name ? $" [grey]job[/] {Markup.Escape(name)}" : string.Empty;
        string failed = batch.Failed > 0 ? string.Create(_culture, $", [red bold]{batch.Failed:N0} failed[/]") : string.Empty;
        string waiting = batch.Waiting > 0 ? string.Create(_culture, $", {batch.Waiting:N0} to be retried") : string.Empty;
        string done = batch.Total is { } total ? string.Create(_culture, $"{batch.Done:N0} of {total:N0} done") : string.Create(_culture, $"{batch.Done:N0} done");
        string[] figures =
        [
            Rate(batch.Rate),
            batch.TimeLeftText,
            string.Create(_culture, $"throttle {batch.ThrottleLimit}{(batch.IsAdjusted ? " (auto)" : string.Empty)}"),
            string.Create(_culture, $"CPU {batch.CpuPercent:N0} %"),
            Memory(batch.Memory),
        ];
        List<IRenderable> rows =
        [
            new Rule { Style = Style.Parse("grey") },
            new Markup(string.Create(
                _culture,
                $"[bold aqua]{batch.Id}[/] {Markup.Escape(batch.Command)}{job}  [{StateStyle(batch.State)}]{batch.State}[/] [grey]for {Span(batch.Elapsed)} since {batch.StartedAt.ToLocalTime():T}[/]")).Overflow(Overflow.Ellipsis),
            Text(Clip(batch.Work, width), "grey"),
            new Markup($"{Bar(batch)}{done}{failed}, {batch.Running.ToString("N0", _culture)} running{waiting}").Overflow(Overflow.Ellipsis),
            Text(Clip(string.Join("  ", figures.Where(figure => figure.Length > 0)), width)),
        ];
        return new Rows(rows);
    }

    private string Bar(BatchStatus batch)
    {
        int length = Math.Clamp(width / 3, 10, 40);
        if (batch.Total is not > 0)
        {
            return string.Empty;
        }

        double share = (double)batch.Done / batch.Total.Value;
        int filled = (int)(share * length);
        int bad = batch.Failed == 0 ? 0 : Math.Min(filled, Math.Max(1, (int)Math.Round((double)batch.Failed / batch.Total.Value * length)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"[green]{new string('━', filled - bad)}[/][red]{new string('━', bad)}[/][grey]{new string('─', length - filled)}[/] [bold]{share * 100,5:0.0} %[/]  ");
    }

    private Table Workers(BatchStatus batch, WorkerStatus? selected, int most)
    {
        bool hasHosts = batch.Workers.Any(worker => worker.HostName is not null);
        bool hasProcesses = batch.Workers.Any(worker => worker.ProcessId is not null);
        List<string> heads = ["", ">Worker", "State", ">For", ">CPU", ">Wait"];
        if (hasProcesses)
        {
            heads.AddRange([">Memory", ">Process"]);
        }

        if (hasHosts)
        {
            heads.Add("Host");
        }

        int itemWidth = Math.Max(LeastWidth, width - WorkerWidth - (hasProcesses ? PlaceWidth : 0) - (hasHosts ? PlaceWidth : 0));
        Table table = Plain([.. heads, ">#", "Item"]);
        int skipped = selected is null ? 0 : Math.Max(0, batch.Workers.ToList().FindIndex(worker => worker.Number == selected.Number) - most + 1);
        foreach (WorkerStatus worker in batch.Workers.Skip(skipped).Take(most))
        {
            bool isSelected = worker.Number == selected?.Number;
            List<IRenderable> cells =
            [
                Text(isSelected ? ">" : " ", "aqua bold"),
                Text(worker.Number.ToString(_culture), isSelected ? "bold" : null),
                Text(worker.State.ToString(), worker.State == WorkerState.Running ? "green" : "grey"),
                Text(worker.Elapsed is { } elapsed ? Span(elapsed) : string.Empty),
                Text(Percent(worker.CpuPercent), "yellow"),
                Text(Percent(worker.CpuPercent is { } cpu ? Math.Clamp(100 - cpu, 0, 100) : null), "blue"),
            ];
            if (hasProcesses)
            {
                cells.AddRange([Text(worker.Memory is { } memory ? Memory(memory) : string.Empty), Text(worker.ProcessId?.ToString(CultureInfo.InvariantCulture) ?? string.Empty)]);
            }

            if (hasHosts)
            {
                cells.Add(Text(Clip(worker.HostName ?? string.Empty, MostHost)));
            }

            cells.AddRange([Text(worker.Index?.ToString("N0", _culture) ?? string.Empty, "grey"), Text(ClipItem(worker.Item ?? string.Empty, itemWidth))]);
            table.AddRow(cells);
        }

        return table;
    }

    private Grid Items(BatchStatus batch, int most)
    {
        Grid grid = new Grid().AddColumn().AddColumn();
        int half = Math.Max(LeastWidth, (width / 2) - TimeWidth);
        Table slowest = Plain(">For", "Slowest");
        foreach (EndedItemStatus item in batch.Slowest.Take(most))
        {
            slowest.AddRow(Text(item.Duration is { } duration ? Span(duration) : string.Empty), Text(ClipItem(item.Item, half)));
        }

        Table failed = Plain("Failed last", "Why");
        foreach (EndedItemStatus item in batch.FailedItems.Take(most))
        {
            failed.AddRow(Text(ClipItem(item.Item, half / 2), "red"), Text(Clip(item.Error ?? item.Status.ToString(), half / 2), "grey"));
        }

        return grid.AddRow(slowest, failed);
    }

    private static Markup Foot(ScreenState state)
    {
        if (state.AsksToStop)
        {
            return new Markup($"[red bold]Stop {state.Selected!.Id}?[/] [bold]y[/] to stop it, any other key to let it run").Overflow(Overflow.Ellipsis);
        }

        string more = state.Batches.Count > 1 ? "[bold]tab[/] next batch  " : string.Empty;
        string pause = state.Selected?.State == BatchState.Suspended ? "go on" : "pause";
        string keys = $"[bold]+[/]/[bold]-[/] throttle  [bold]p[/] {pause}  [bold]s[/] stop  {more}[bold]up[/]/[bold]down[/] worker  [bold]x[/] stop its item  [bold]q[/] quit";
        return new Markup(state.Message is { } message ? $"[yellow]{Markup.Escape(message)}[/]  {keys}" : keys).Overflow(Overflow.Ellipsis);
    }

    private static Table Plain(params string[] heads)
    {
        Table table = new Table().Border(TableBorder.None).Expand();
        foreach (string head in heads)
        {
            bool isRight = head.StartsWith('>');
            TableColumn column = new(new Markup($"[grey]{head.TrimStart('>')}[/]")) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) };
            column.Alignment = isRight ? Justify.Right : Justify.Left;
            table.AddColumn(column);
        }

        return table;
    }

    private static Text Text(string text, string? style = null) =>
        new Text(text, style is null ? Style.Plain : Style.Parse(style)).Overflow(Overflow.Ellipsis);

    private static string Clip(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, Math.Max(0, most - 1)), "…");

    // Paths and addresses differ at their ends.
    private static string ClipItem(string text, int most) =>
        text.Length <= most || !text.AsSpan().ContainsAny('/', '\\') ? Clip(text, most) : string.Concat("…", text.AsSpan(text.Length - Math.Max(0, most - 1)));

    private static string StateStyle(BatchState state) => state switch
    {
        BatchState.Running => "green",
        BatchState.Suspended => "yellow",
        _ => "red",
    };

    private static string Rate(double? rate) => rate is { } known ? string.Create(_culture, $"{(known < 10 ? known.ToString("0.0", _culture) : known.ToString("N0", _culture))}/s") : string.Empty;

    private static string Percent(double? percent) => percent is { } known ? string.Create(_culture, $"{known:0} %") : string.Empty;

    private static string Memory(long bytes) => string.Create(_culture, $"{bytes / 1024.0 / 1024:N0} MB");

    private static string Span(TimeSpan time) =>
        time.TotalSeconds < 100 ? string.Create(_culture, $"{time.TotalSeconds:0.0} s")
        : time.TotalHours < 1 ? string.Create(_culture, $"{time:m\\:ss} min")
        : string.Create(_culture, $"{(int)time.TotalHours}:{time:mm} h");
}
