namespace Switchyard.Core.Items;

public sealed class CollectedErrorsTests
{
    private const int Most = CollectedErrors.MostStandardErrors;

    [Fact]
    public void Of_standard_error_the_first_and_the_last_is_kept_and_how_much_was_not()
    {
        CollectedErrors errors = new(new Lines());
        for (int i = 0; i < 100_000; i++)
        {
            errors.Add(i);
            if (i % 1000 == 0)
            {
                errors.Add($"error {i}");
            }
        }

        object[] kept = errors.ToArray();
        Assert.Equal(Enumerable.Range(0, Most), kept.OfType<int>().Take(Most));
        Assert.Equal(Enumerable.Range(100_000 - Most, Most), kept.OfType<int>().TakeLast(Most));
        Assert.Equal(100_000 - kept.OfType<int>().Count(), Assert.Single(kept.OfType<long>()));
        Assert.True(kept.OfType<int>().Count() < 3 * Most);

        // Of errors none is lost, and what stands between them stays there.
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"error {i * 1000}"), kept.OfType<string>());
        Assert.Equal(99_001, kept[Array.IndexOf(kept, "error 99000") + 1]);
    }

    [Fact]
    public void What_is_not_too_much_is_as_it_came()
    {
        CollectedErrors errors = new(new Lines());
        object[] all = [.. Enumerable.Range(0, (3 * Most) - 1).Cast<object>()];
        Array.ForEach(all, errors.Add);
        Assert.Equal(all, errors.ToArray());
        errors = new(new Lines());
        all = [.. all.Take(Most), .. Enumerable.Repeat("error", 3 * Most)];
        Array.ForEach(all, errors.Add);
        Assert.Equal(all, errors.ToArray());
        errors = new(null);
        all = [.. all, .. all];
        Array.ForEach(all, errors.Add);
        Assert.Equal(all, errors.ToArray());
    }

    private sealed class Lines : IStandardErrorFilter
    {
        public bool IsStandardError(object error) => error is int;

        public object LeftOut(object like, long count) => count;
    }
}
