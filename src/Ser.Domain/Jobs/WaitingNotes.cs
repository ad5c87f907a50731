namespace Ser.Domain.Jobs;

/// <summary>Annotates waiting jobs that are blocked by a failed, cancelled or eliminated ancestor.</summary>
public static class WaitingNotes
{
    /// <summary>Returns the same jobs in the same order, with <see cref="JobSnapshot.WaitsFor"/> set for those that are blocked.</summary>
    /// <param name="jobs">Jobs with their parents. A parent that is not among them is assumed not to block.</param>
    public static IReadOnlyList<JobSnapshot> Annotate(IReadOnlyList<JobSnapshot> jobs)
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
                var parents = job.After.Where(byId.ContainsKey).Select(parent => byId[parent]);
                note = parents.Select(NoteAboutParent).FirstOrDefault(text => text is not null);
                notes[job.Id] = note;
            }

            return note;
        }

        string? NoteAboutParent(JobSnapshot parent) => parent.State switch
        {
            JobState.Failed => $"waiting for failed {parent.Title}",
            JobState.Parked when parent.EliminatedByHalving => $"waiting for parked {parent.Title}",
            JobState.Cancelled => $"waiting for cancelled {parent.Title}",
            _ => NoteOf(parent),
        };

        return [.. jobs.Select(job => job with { WaitsFor = NoteOf(job) })];
    }
}
