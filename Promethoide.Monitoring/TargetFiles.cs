using System.Text.Json;

namespace Promethoide.Monitoring;

/// <summary>
/// The files that tell Prometheus what to scrape: <c>targets/&lt;job&gt;.json</c>, in the format of its <c>file_sd_configs</c>.
/// </summary>
public static class TargetFiles
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>The name of a job's file.</summary>
    public static string Name(string job) => $"{job}.json";

    /// <summary>The content of one job's file.</summary>
    public static string Content(IEnumerable<ScrapeTarget> targets) => JsonSerializer.Serialize(
        targets.Select(target => new
        {
            targets = new[] { target.Address },
            labels = new Dictionary<string, string>(target.Labels) { ["instance"] = target.Instance },
        }),
        Json) + "\n";

    /// <summary>
    /// Makes <paramref name="folder"/> contain one file per job and no other. Each file appears atomically (a rename), since Prometheus
    /// rereads it immediately.
    /// </summary>
    /// <exception cref="ArgumentException">Two targets of a job have the same instance: their series would overwrite each
    /// other.</exception>
    public static void Write(string folder, IEnumerable<ScrapeTarget> targets)
    {
        Directory.CreateDirectory(folder);

        var jobs = targets.GroupBy(target => target.Job).ToList();
        foreach (var job in jobs)
        {
            if (job.CountBy(target => target.Instance).FirstOrDefault(instance => instance.Value > 1) is { Value: > 1 } twice)
            {
                throw new ArgumentException($"Job {job.Key} has {twice.Value} targets with the instance '{twice.Key}'.", nameof(targets));
            }

            var file = Path.Combine(folder, Name(job.Key));
            var temporary = file + ".new";
            File.WriteAllText(temporary, Content(job));
            File.Move(temporary, file, overwrite: true);
        }

        foreach (var stale in Directory.EnumerateFiles(folder).Where(file => !jobs.Exists(job => Name(job.Key) == Path.GetFileName(file))))
        {
            File.Delete(stale);
        }
    }
}
