using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Ser.TestSupport;

namespace Ser.EndToEnd.Tests;

/// <summary>Runs the code of docs/notebooks.md with a Python that has pandas.</summary>
[Collection(FinishedSweepCollection.Name)]
public sealed class NotebookTests(FinishedSweep sweep)
{
    private static readonly string[] Pythons = ["python3", "/usr/bin/python3"];

    [Fact]
    public async Task What_the_documentation_shows_runs_and_finds_the_tables_numbers()
    {
        string? python = Pythons.FirstOrDefault(name => Run(name, "-c", "import pandas").ExitCode == 0);
        Assert.SkipWhen(python is null, "no Python with pandas here (apt-get install python3-pandas)");
        string tables = Path.Combine(sweep.Folder, "tables");
        var exported = await SerProcess.RunAsync(sweep.Folder, "export", FinishedSweep.Name, "--tables", tables);
        Assert.True(exported.ExitCode == 0, exported.Errors);
        string[] document = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "notebooks.md"));
        var code = new List<string>();
        bool within = false;
        foreach (string line in document)
        {
            within = line.StartsWith("```", StringComparison.Ordinal) ? line == "```python" : within;
            if (within && line != "```python")
            {
                code.Add(line);
            }
        }

        string script = Path.Combine(sweep.Folder, "notebook.py");
        string Printed(string measure) => $"print('{measure}', *(f'{{x:.10f}}' for x in table[('model_knn', '{measure}')]))";
        await File.WriteAllLinesAsync(script, [.. code, Printed("WA"), Printed("UA")]);
        var ran = Run(python!, script);
        Assert.True(ran.ExitCode == 0, ran.Output);

        var results = (await SerProcess.RunAsync(sweep.Folder, "results", FinishedSweep.Name, "--json")).Json();
        var rows = results.GetProperty("rows").EnumerateArray()
            .Where(row => row.GetProperty("inference").GetString() == "model+knn")
            .Where(row => row.GetProperty("selection").GetString() == "pooled-validation")
            .ToList();
        foreach (string measure in (string[])["wa", "ua"])
        {
            var pooled = rows.Select(row => row.GetProperty(measure).GetProperty("pooled").GetDouble());
            var expected = pooled.Select(value => value.ToString("F10", CultureInfo.InvariantCulture));
            Assert.Contains($"{measure.ToUpperInvariant()} {string.Join(' ', expected)}", ran.Output, StringComparison.Ordinal);
        }
    }

    private (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = sweep.Folder,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output + errors.Result);
        }
        catch (Win32Exception)
        {
            return (-1, "");
        }
    }
}
