using Ser.Domain.Workers;

namespace Ser.Domain.Tests.Workers;

public sealed class SlotNameTests
{
    [Theory]
    [InlineData("gpu-1/2", "gpu-1", 2)]
    [InlineData("machine/4711/1", "machine/4711", 1)]
    [InlineData("w", "w", null)]
    [InlineData("7", "7", null)]
    [InlineData("/7", "/7", null)]
    [InlineData("w/", "w/", null)]
    [InlineData("w/one", "w/one", null)]
    public void A_name_is_parsed_at_its_last_slash_and_written_as_it_was(string text, string worker, int? slot)
    {
        Assert.Equal(new SlotName(worker, slot), SlotName.Parse(text));
        Assert.Equal(text, SlotName.Parse(text).ToString());
    }

    [Fact]
    public void The_names_of_a_workers_slots_begin_with_its_prefix()
    {
        Assert.StartsWith(SlotName.PrefixOf("w1"), new SlotName("w1", 3).ToString(), StringComparison.Ordinal);
        Assert.False(new SlotName("w10", 3).ToString().StartsWith(SlotName.PrefixOf("w1"), StringComparison.Ordinal));
    }
}
