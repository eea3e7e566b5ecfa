using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Switchyard.TestProgram;

/// <summary>Does what its first argument says, with the others.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        string[] rest = args[1..];
        switch (args[0])
        {
            case "args":
                Console.WriteLine(JsonSerializer.Serialize(rest));
                return 0;
            case "print":
                Array.ForEach(rest, Console.WriteLine);
                return 0;
            case "complain":
                Array.ForEach(rest, Console.Error.WriteLine);
                return 0;
            case "bytes":
                using (Stream output = Console.OpenStandardOutput())
                {
                    output.Write(Convert.FromHexString(rest[0]));
                }

                return 0;
            case "cat":
                using (Stream input = Console.OpenStandardInput())
                using (Stream output = Console.OpenStandardOutput())
                {
                    input.CopyTo(output);
                }

                return 0;
            case "exit":
                return int.Parse(rest[0], CultureInfo.InvariantCulture);
            case "where":
                Console.WriteLine(Environment.CurrentDirectory);
                return 0;
            case "variables":
                Console.WriteLine(string.Join('|', rest.Select(Environment.GetEnvironmentVariable)));
                return 0;
            case "flood":
                Flood(int.Parse(rest[0], CultureInfo.InvariantCulture));
                return 0;
            case "answer":
                return Answer(rest);
            case "sleep":
                Sleep(rest[0], rest.Length > 1 ? rest[1] : null);
                return 0;
            case "leave":
                // Another one sleeps on, with this one's streams.
                Start(1, rest);
                Console.WriteLine("left");
                return 0;
            case "storm":
                // At once, so that some are being started while this one is ended.
                Start(int.Parse(rest[0], CultureInfo.InvariantCulture), rest[1..]);
                Sleep(rest[1], rest[2]);
                return 0;
            case "deaf":
                return Shout();

            default:
                Console.Error.WriteLine($"No such task: {args[0]}");
                return 2;
        }
    }

    // Until its output is closed.
    private static int Shout()
    {
        Console.CancelKeyPress += (_, press) => press.Cancel = true;
        try
        {
            while (true)
            {
                Console.WriteLine("deaf");
            }
        }
        catch (IOException)
        {
            return 1;
        }
    }

    private static void Flood(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Console.WriteLine($"out {i}");
            Console.Error.WriteLine($"err {i}");
        }
    }

    // Lines in brackets, with the process's id; one of them ends it, one is answered twice.
    private static int Answer(string[] options)
    {
        while (Console.ReadLine() is { } line)
        {
            if (options.Length > 0 && line == options[0])
            {
                return 9;
            }

            Console.WriteLine($"{Environment.ProcessId} <{line}>");
            if (options.Length > 1 && line == options[1])
            {
                Console.WriteLine("again");
            }
        }

        return 0;
    }

    // Leaves a file of its id's name in the folder, so that a test can look whether it is gone.
    private static void Sleep(string seconds, string? folder)
    {
        if (folder is not null)
        {
            File.WriteAllText(Path.Combine(folder, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)), string.Empty);
        }

        Thread.Sleep(TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)));
    }

    private static void Start(int count, string[] sleep)
    {
        for (int i = 0; i < count; i++)
        {
            using Process process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["sleep", .. sleep]) { UseShellExecute = false })!;
        }
    }
}
