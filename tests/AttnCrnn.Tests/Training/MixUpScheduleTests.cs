using AttnCrnn.Numerics.Random;
using AttnCrnn.Training.Batches;

namespace AttnCrnn.Tests.Training;

/// <summary>Partners, weights and chains of MixUp.</summary>
public sealed class MixUpScheduleTests
{
    private const int Slots = 32;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Chains_contain_every_slot_once_and_follow_the_partners(int maxLength)
    {
        var schedule = Assign(alpha: 0.2, maxLength);
        var slots = new List<int>();
        for (var chain = 0; chain < schedule.ChainCount; chain++)
        {
            var members = schedule.GetChain(chain).ToArray();
            Assert.InRange(members.Length, 1, maxLength);
            Assert.Equal(members.Skip(1), members.SkipLast(1).Select(schedule.GetPartner));
            slots.AddRange(members);
        }
        Assert.Equal(Enumerable.Range(0, Slots), slots.Order());
    }

    [Fact]
    public void A_slots_own_clip_has_at_least_half_the_weight()
    {
        var schedule = Assign(alpha: 0.2, maxLength: 4);
        Assert.All(Enumerable.Range(0, Slots), slot => Assert.InRange(schedule.GetWeight(slot), 0.5f, 1));
        Assert.Contains(Enumerable.Range(0, Slots), slot => schedule.GetWeight(slot) < 0.99f);
    }

    [Fact]
    public void Without_MixUp_each_slot_is_a_chain_of_its_own()
    {
        var schedule = Assign(alpha: 0, maxLength: 4);
        Assert.Equal(Slots, schedule.ChainCount);
        Assert.All(Enumerable.Range(0, Slots), slot =>
            Assert.Equal((slot, 1f), (schedule.GetPartner(slot), schedule.GetWeight(slot)))
        );
    }

    [Fact]
    public void The_length_of_the_chains_changes_neither_partners_nor_weights()
    {
        var expected = Assign(alpha: 0.2, maxLength: 1);
        var actual = Assign(alpha: 0.2, maxLength: 8);
        foreach (var slot in Enumerable.Range(0, Slots))
        {
            Assert.Equal(expected.GetPartner(slot), actual.GetPartner(slot));
            Assert.Equal(expected.GetWeight(slot), actual.GetWeight(slot));
        }
    }

    private static MixUpSchedule Assign(double alpha, int maxLength)
    {
        var schedule = new MixUpSchedule(Slots);
        schedule.Assign(Slots, alpha, new RandomStream(5).AtStep(1, 2), maxLength);
        return schedule;
    }
}
