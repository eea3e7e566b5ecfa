namespace Switchyard.Tests.Harness;

/// <summary>Finds what the build left, from wherever the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Switchyard.slnx")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("The tests do not stand inside the repository.");
    }
}
