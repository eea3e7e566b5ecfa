using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Switchyard.Core.Analysis;
using Switchyard.Core.Files;

namespace Switchyard.Core.Choices;

public sealed class ChoiceMemoryTests : IDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Gen<double> _figure = Gen.OneOf(Gen.Double[0, double.MaxValue], Gen.Double[0, 1], Gen.Const(0.0), Gen.Const(double.Epsilon));

    private static readonly Gen<LearntChoice> _choice =
        Gen.Select(
            Gen.Select(Gen.Enum<Recommendation>(), Gen.Int[1, int.MaxValue], Gen.Int[0, int.MaxValue], Gen.Long[0, 90L * 24 * 60 * 60 * 1000]),
            Gen.Select(_figure, _figure, _figure, _figure, _figure, _figure),
            (way, figures) => new LearntChoice
            {
                Way = way.Item1,
                Width = way.Item2,
                Runs = way.Item3,
                When = _now.AddMilliseconds(-way.Item4),
                ItemSeconds = figures.Item1,
                CpuSeconds = figures.Item2,
                Rate = figures.Item3,
                ProcessStartSeconds = figures.Item4,
                ThreadRate = figures.Item5,
                ProcessRate = figures.Item6,
            });

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("switchyard-choices-");
    private readonly FakeTimeProvider _clock = new(_now);

    private string FilePath => Path.Combine(_folder.FullName, "switchyard", "choices.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Each_is_recalled_as_it_was_remembered_last() =>
        Gen.Select(Gen.Int[0, 9].Select(number => ChoiceKey.Of($"body {number}")), _choice).Array[0, 20].Sample(
            steps =>
            {
                string path = Path.Combine(_folder.FullName, Path.GetRandomFileName(), "choices.json");
                Dictionary<string, LearntChoice> expected = [];
                foreach ((string key, LearntChoice choice) in steps)
                {
                    Done(Open(path), memory => memory.Remember(key, choice));
                    expected[key] = choice;
                }

                for (int i = 0; i < 10; i++)
                {
                    string key = ChoiceKey.Of($"body {i}");
                    Assert.Equal(expected.GetValueOrDefault(key), Recall(Open(path), key));
                }
            },
            iter: 30);

    [Fact]
    public void What_is_forgotten_is_gone_and_nothing_else()
    {
        ChoiceMemory memory = Open();
        Done(memory, it => it.Forget("never there"));
        Done(memory, it => it.Remember("one", Choice(1)));
        Done(memory, it => it.Remember("two", Choice(2)));

        Done(memory, it => it.Forget("one"));

        Assert.Null(Recall(memory, "one"));
        Assert.Equal(Choice(2), Recall(memory, "two"));
    }

    [Fact]
    public void Those_used_longest_ago_make_room()
    {
        ChoiceMemory memory = Open();
        for (int i = 0; i <= ChoiceMemory.Capacity; i++)
        {
            // The second is older than the first.
            Done(memory, it => it.Remember($"key {i}", Choice(1, _now.AddMinutes(i == 1 ? -1 : i))));
        }

        Assert.Null(Recall(memory, "key 1"));
        Assert.NotNull(Recall(memory, "key 0"));
        Assert.NotNull(Recall(memory, $"key {ChoiceMemory.Capacity}"));
    }

    [Fact]
    public void After_ninety_days_it_is_not_recalled_and_leaves_with_the_next_that_is_written()
    {
        Done(Open(), it => it.Remember("old", Choice(1)));
        _clock.Advance(TimeSpan.FromDays(90));
        Assert.NotNull(Recall(Open(), "old"));
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Null(Recall(Open(), "old"));
        Assert.Contains("\"old\"", File.ReadAllText(FilePath), StringComparison.Ordinal);

        Done(Open(), it => it.Remember("new", Choice(2, _clock.GetUtcNow())));

        Assert.DoesNotContain("\"old\"", File.ReadAllText(FilePath), StringComparison.Ordinal);
        Assert.NotNull(Recall(Open(), "new"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"key\":")]
    [InlineData("{\"key\":null}")]
    [InlineData("{\"key\":{}}")]
    [InlineData("{\"key\":{\"way\":\"Threads\",\"width\":2,\"when\":1777636800000}}")]
    [InlineData("{\"key\":{\"way\":9,\"width\":2,\"when\":1777636800000}}")]
    [InlineData("{\"key\":{\"way\":1,\"width\":0,\"when\":1777636800000}}")]
    [InlineData("{\"key\":{\"way\":1,\"width\":1e99,\"when\":1777636800000}}")]
    [InlineData("{\"key\":{\"way\":1,\"width\":2,\"rate\":-1,\"when\":1777636800000}}")]
    [InlineData("{\"key\":{\"way\":1,\"width\":2,\"rate\":{\"rate\":[1]},\"when\":1777636800000}}")]
    [InlineData("{\"key\":{\"way\":1,\"width\":2,\"when\":\"yesterday\"}}")]
    [InlineData("{\"key\":{\"way\":1,\"width\":2,\"when\":1e30}}")]
    [InlineData("{\"key\":{\"way\":1,\"width\":2}}")]
    public void A_damaged_file_is_no_choice_and_is_written_anew(string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, content);

        Assert.Null(Open().Recall("key"));

        Done(Open(), it => it.Remember("key", Choice(3)));
        Assert.Equal(Choice(3), Recall(Open(), "key"));
    }

    [Fact]
    public void A_choice_that_cannot_be_used_takes_no_other_along()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        File.WriteAllText(FilePath, $"{{\"a\":[1,{{}}],\"b\":{{\"way\":[[]]}},\"c\":{{\"later\":{{\"x\":1}},\"width\":3,\"way\":1,\"when\":{_now.ToUnixTimeMilliseconds()}}}}}");

        Done(Open(), it => it.Remember("d", Choice(4)));

        Assert.Equal(new LearntChoice { Way = Recommendation.Threads, Width = 3, When = _now }, Recall(Open(), "c"));
        Assert.Equal(Choice(4), Recall(Open(), "d"));
    }

    [Fact]
    public void A_file_that_was_cut_off_anywhere_gives_a_whole_choice_or_none()
    {
        Done(Open(), it => it.Remember("key", Choice(3)));
        byte[] whole = File.ReadAllBytes(FilePath);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            Assert.True(Open().Recall("key") is not { } choice || choice == Choice(3));
        }
    }

    [Fact]
    public void Whatever_bytes_are_damaged_it_goes_on()
    {
        Done(Open(), it => it.Remember("key", Choice(3)));
        Done(Open(), it => it.Remember("other", Choice(4)));
        byte[] whole = File.ReadAllBytes(FilePath);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 4].Sample(
            changes =>
            {
                byte[] damaged = [.. whole];
                foreach ((int at, byte value) in changes)
                {
                    damaged[at] = value;
                }

                File.WriteAllBytes(FilePath, damaged);
                _ = Open().Recall("key");

                Done(Open(), it => it.Remember("key", Choice(5)));
                Assert.Equal(Choice(5), Recall(Open(), "key"));
            },
            iter: 300,
            threads: 1);
    }

    [Fact]
    public async Task Several_that_write_at_once_keep_each_others_choices()
    {
        async Task<List<string>> Write(string writer)
        {
            await Task.Yield();
            List<string> kept = [];
            for (int i = 0; i < 25; i++)
            {
                ChoiceMemory memory = Open();
                memory.Remember($"{writer} {i}", Choice(1));
                if (memory.Problem is null)
                {
                    kept.Add($"{writer} {i}");
                }

                // It is never seen half written, either. On Windows it may be in use just then.
                _ = memory.Recall($"{writer} 0");
                Assert.True(memory.Problem is null || OperatingSystem.IsWindows(), memory.Problem);
            }

            return kept;
        }

        List<string>[] kept = await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Write($"writer {writer}")));

        Assert.NotEmpty(kept.SelectMany(keys => keys));
        Assert.All(kept.SelectMany(keys => keys), key => Assert.NotNull(Recall(Open(), key)));
        Assert.Equal(["choices.json", "choices.json.lock"], Directory.EnumerateFiles(Path.GetDirectoryName(FilePath)!).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void No_process_waits_for_one_that_goes_on_writing()
    {
        Done(Open(), it => it.Remember("key", Choice(1)));
        using FileStream other = FileLock.Take(FilePath + ".lock");
        ChoiceMemory memory = Open();

        memory.Remember("key", Choice(2));

        Assert.Equal(MessageText.Format(Messages.ChoicesBusy, FilePath), memory.Problem);
        Assert.Equal(Choice(1), Recall(memory, "key"));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told_and_no_error()
    {
        // Even for root no folder can be made below a file.
        File.WriteAllText(Path.Combine(_folder.FullName, "switchyard"), string.Empty);
        ChoiceMemory memory = Open();

        memory.Remember("key", Choice(1));
        Assert.StartsWith(MessageText.Format(Messages.ChoicesNotWritable, FilePath, string.Empty), memory.Problem, StringComparison.Ordinal);

        Assert.Null(memory.Recall("key"));
        Done(memory, it => it.Forget("key"));
    }

    [Fact]
    public void A_file_that_cannot_be_replaced_leaves_nothing_else_behind()
    {
        Directory.CreateDirectory(Path.Combine(FilePath, "in the way"));
        ChoiceMemory memory = Open();

        memory.Remember("key", Choice(1));

        Assert.NotNull(memory.Problem);
        Assert.Equal([FilePath + ".lock"], Directory.EnumerateFiles(Path.GetDirectoryName(FilePath)!));
    }

    [Fact]
    public void Without_a_folder_nothing_is_kept_and_that_is_told()
    {
        ChoiceMemory memory = new(null, _clock);

        memory.Remember("key", Choice(1));

        Assert.Equal(Messages.ChoicesHaveNoFolder, memory.Problem);
        Assert.Null(Recall(memory, "key"));
        Done(memory, it => it.Forget("key"));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1)]
    public void What_has_no_sound_figures_is_not_remembered(double rate)
    {
        Done(Open(), it => it.Remember("key", Choice(1) with { Rate = rate }));

        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void A_key_depends_on_each_part_and_where_it_ends()
    {
        string?[][] parts = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["abc", null], ["", "abc"], ["Abc"], []];

        Assert.Equal(parts.Length, parts.Select(each => ChoiceKey.Of(each)).Distinct().Count());
        Assert.Equal(ChoiceKey.Of("ab", "c"), ChoiceKey.Of(["ab", "c"]));
    }

    private static LearntChoice Choice(int width, DateTimeOffset? when = null) => new()
    {
        Way = Recommendation.Threads,
        Width = width,
        ItemSeconds = 0.1,
        CpuSeconds = 0.01,
        Rate = 20,
        Runs = 1,
        When = when ?? _now,
    };

    private static void Done(ChoiceMemory memory, Action<ChoiceMemory> act)
    {
        act(memory);
        Assert.Null(memory.Problem);
    }

    private static LearntChoice? Recall(ChoiceMemory memory, string key)
    {
        LearntChoice? choice = memory.Recall(key);
        Assert.Null(memory.Problem);
        return choice;
    }

    private ChoiceMemory Open() => new(FilePath, _clock);

    private ChoiceMemory Open(string path) => new(path, _clock);
}
