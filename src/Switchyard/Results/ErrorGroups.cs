using Switchyard.Errors;

namespace Switchyard.Results;

/// <summary>Puts equal errors together: with the same id, the same exit code, and messages that differ only in what is of their items.</summary>
/// <param name="examples">Of how many items a group keeps.</param>
internal sealed class ErrorGroups(int examples)
{
    private readonly Dictionary<(string Id, string Message, int? ExitCode), Group> _groups = [];

    public void Add(ErrorOccurrence error)
    {
        string[] texts = TextsOf(error.Item);
        ErrorPattern pattern = new(error.Message, texts);

        // What a script throws is its own id.
        string id = new ErrorPattern(error.Id ?? string.Empty, texts).Kind;
        if (_groups.TryGetValue((id, pattern.Kind, error.ExitCode), out Group? group))
        {
            group.Pattern.Merge(pattern);
        }
        else
        {
            _groups.Add((id, pattern.Kind, error.ExitCode), group = new Group(error, pattern));
        }

        group.Add(error, examples);
    }

    /// <summary>The groups, the largest first.</summary>
    public IEnumerable<BatchErrorGroup> ToGroups() => _groups.Values.OrderByDescending(group => group.Count).Select(group => group.ToPublic());

    private static string[] TextsOf(object? item) => PSObjects.Unwrap(item) switch
    {
        null => [],
        string text => [text, ItemText.Of(text)],
        FileSystemInfo file => [file.FullName, file.Name, ItemText.Of(file)],
        var value => [ItemText.Of(value)],
    };

    private sealed class Group(ErrorOccurrence first, ErrorPattern pattern)
    {
        private readonly List<object> _items = [];
        private readonly SortedSet<ItemStatus> _statuses = [];
        private long? _firstIndex;
        private long? _lastIndex;

        public ErrorPattern Pattern => pattern;

        public long Count { get; private set; }

        public void Add(ErrorOccurrence error, int examples)
        {
            Count++;
            if (error.Item is { } item && _items.Count < examples && !_items.Contains(item))
            {
                _items.Add(item);
            }

            if (error.Status is { } status)
            {
                _statuses.Add(status);
            }

            if (error.Index is { } index)
            {
                _firstIndex = Math.Min(_firstIndex ?? index, index);
                _lastIndex = Math.Max(_lastIndex ?? index, index);
            }
        }

        public BatchErrorGroup ToPublic() => new()
        {
            Count = Count,
            Message = pattern.Text,
            ErrorId = first.Id is { Length: > 0 } id && id != first.Message ? id : null,
            ExitCode = first.ExitCode,
            Status = [.. _statuses],
            Items = [.. _items],
            FirstIndex = _firstIndex,
            LastIndex = _lastIndex,
            FirstError = first.Record,
        };
    }
}
