using System.Text.Json;
using Ser.Learning.Training;
using Ser.TestSupport;

namespace Ser.Learning.Tests.Training;

public class PlateauScheduleTests
{
    [Trait("Category", Oracle.Category)]
    [Fact]
    public void Rates_follow_the_references_epoch_by_epoch()
    {
        int checkedSeries = 0;
        foreach (var trajectory in Oracle.Json("07_schedules/schedules.json").GetProperty("trajectories").EnumerateObject())
        {
            var args = trajectory.Value.GetProperty("args");
            if (args.GetProperty("mode").GetString() != "min")
            {
                continue; // Only falling measures, such as a loss, are scheduled on.
            }

            var schedule = new PlateauSchedule(
                trajectory.Value.GetProperty("initial_lr").GetDouble(),
                args.GetProperty("factor").GetDouble(),
                args.GetProperty("patience").GetInt32(),
                args.GetProperty("threshold").GetDouble(),
                args.GetProperty("cooldown").GetInt32(),
                args.GetProperty("min_lr").GetDouble(),
                args.GetProperty("eps").GetDouble(),
                args.GetProperty("threshold_mode").GetString() == "rel");
            var rates = trajectory.Value.GetProperty("lr_after_step").EnumerateArray().Select(Number).ToList();
            var losses = trajectory.Value.GetProperty("series").EnumerateArray().Select(Number).ToList();
            for (int epoch = 0; epoch < losses.Count; epoch++)
            {
                schedule.Step(losses[epoch]);
                double difference = Math.Abs(schedule.Rate - rates[epoch]);
                string message = $"{trajectory.Name}, epoch {epoch}: {schedule.Rate}, not {rates[epoch]}";
                Assert.True(difference <= 1e-12 * rates[epoch], message);
            }

            checkedSeries++;
        }

        Assert.True(checkedSeries > 3);
    }

    [Fact]
    public void A_schedule_continues_from_its_state()
    {
        var whole = new PlateauSchedule(1, 0.1, 2);
        var first = new PlateauSchedule(1, 0.1, 2);
        double[] losses = [3, 2, 2, 2, 2, 2, 2];
        Array.ForEach(losses, whole.Step);
        Array.ForEach(losses[..3], first.Step);
        var second = new PlateauSchedule(1, 0.1, 2) { State = first.State };
        Array.ForEach(losses[3..], second.Step);
        Assert.Equal(whole.State, second.State);
        Assert.Equal(0.1, whole.Rate, 12);
    }

    private static double Number(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
            ? double.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture)
            : value.GetDouble();
}
