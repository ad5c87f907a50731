namespace Ser.Domain.Jobs;

/// <summary>Says of waiting jobs which failed or cancelled ancestor keeps them.</summary>
public static class WaitingNotes
{
    /// <summary>The same jobs, in the same order, those that cannot become ready by themselves with a note.</summary>
    /// <param name="jobs">Jobs with their parents; a parent that is not among them is taken to be coming.</param>
    public static IReadOnlyList<JobSnapshot> Add(IReadOnlyList<JobSnapshot> jobs)
    {
        var byId = jobs.ToDictionary(job => job.Id);
        var notes = new Dictionary<string, string?>();

        string? NoteOf(JobSnapshot job)
        {
            if (job.State != JobState.Waiting)
            {
                return null;
            }

            if (!notes.TryGetValue(job.Id, out string? note))
            {
                note = job.After.Where(byId.ContainsKey).Select(parent => byId[parent]).Select(AboutParent).FirstOrDefault(text => text is not null);
                notes[job.Id] = note;
            }

            return note;
        }

        string? AboutParent(JobSnapshot parent) => parent.State switch
        {
            JobState.Failed => $"waiting for failed {parent.Title}",
            JobState.Parked when parent.Aside => $"waiting for parked {parent.Title}",
            JobState.Cancelled => $"waiting for cancelled {parent.Title}",
            _ => NoteOf(parent),
        };

        return [.. jobs.Select(job => job with { WaitsFor = NoteOf(job) })];
    }
}
