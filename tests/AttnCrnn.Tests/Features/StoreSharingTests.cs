using System.Text;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.Features;

/// <summary>Consistency of a store that several processes start at the same moment.</summary>
public sealed class StoreSharingTests : IDisposable
{
    private const int Rounds = 100,
        AtOnce = 4;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void One_of_several_concurrent_writers_creates_the_file()
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
        ); // and no temporary file is left
    }

    [Fact]
    public void One_of_several_concurrent_stores_wins()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var store = Directory.CreateDirectory(folder.At($"{round}")).FullName;
            var created = AtTheSameMoment(at =>
            {
                try
                {
                    StoreJson.WriteOrCheck(store, Description(at));
                    return true;
                }
                catch (InvalidInputException)
                {
                    return false;
                }
            });
            var winner = StoreJson.Read(store);
            Assert.Equal(Enumerable.Range(0, AtOnce).Select(at => Description(at) == winner), created);
        }
    }

    private static StoreDescription Description(int at) =>
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
