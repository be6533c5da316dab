using System.Text;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.Features;

/// <summary>What holds a store together that many begin at the same moment.</summary>
public sealed class StoreSharingTests : IDisposable
{
    private const int Rounds = 100,
        AtOnce = 4;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Of_several_that_make_a_file_at_once_one_does_and_its_file_stays()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var path = folder.At($"{round}.json");
            var made = AtTheSameMoment(at => AtomicFile.TryCreate(path, Encoding.UTF8.GetBytes($"{at}")));
            Assert.Equal($"{Array.IndexOf(made, true)}", File.ReadAllText(path));
            Assert.Single(made, true);
        }
        Assert.Equal(
            Rounds,
            Directory.GetFiles(folder.Path, "*", new EnumerationOptions { AttributesToSkip = 0 }).Length
        ); // and nothing temporary is left
    }

    [Fact]
    public void Of_several_that_begin_a_store_with_different_frames_one_kind_goes_on()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var store = Directory.CreateDirectory(folder.At($"{round}")).FullName;
            var went = AtTheSameMoment(at =>
            {
                try
                {
                    StoreJson.WriteOrCheck(store, Of(at));
                    return true;
                }
                catch (InvalidInputException)
                {
                    return false;
                }
            });
            var won = StoreJson.Read(store);
            Assert.Equal(Enumerable.Range(0, AtOnce).Select(at => Of(at) == won), went);
        }
    }

    private static StoreDescription Of(int at) =>
        new(
            new EncoderDescription("test", "1", "", 50, 8, 1),
            at % 2 == 0 ? StorePrecision.Float16 : StorePrecision.Float32,
            StoreFormat.Store
        );

    private static bool[] AtTheSameMoment(Func<int, bool> act)
    {
        var results = new bool[AtOnce];
        using var gate = new Barrier(AtOnce);
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, AtOnce)
                .Select(at => new Thread(() =>
                {
                    gate.SignalAndWait();
                    results[at] = act(at);
                })),
        ];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return results;
    }
}
