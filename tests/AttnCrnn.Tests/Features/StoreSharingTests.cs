using System.Text;
using AttnCrnn.Encoders;
using AttnCrnn.Features;
using AttnCrnn.IO;

namespace AttnCrnn.Tests.Features;

/// <summary>Consistency of a store that several writers create concurrently.</summary>
public sealed class StoreSharingTests : IDisposable
{
    private const int Rounds = 100,
        WriterCount = 4;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void One_of_several_concurrent_writers_creates_the_file()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var path = folder.PathOf($"{round}.json");
            var createdByThread = RunConcurrently(index =>
                AtomicFile.TryCreate(path, Encoding.UTF8.GetBytes($"{index}"))
            );
            Assert.Equal($"{Array.IndexOf(createdByThread, true)}", File.ReadAllText(path));
            Assert.Single(createdByThread, true);
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
            var store = Directory.CreateDirectory(folder.PathOf($"{round}")).FullName;
            var createdByThread = RunConcurrently(index =>
            {
                try
                {
                    StoreJson.WriteOrCheck(store, Description(index));
                    return true;
                }
                catch (InvalidInputException)
                {
                    return false;
                }
            });
            var stored = StoreJson.Read(store);
            Assert.Equal(
                Enumerable.Range(0, WriterCount).Select(index => Description(index) == stored),
                createdByThread
            );
        }
    }

    private static StoreDescription Description(int index) =>
        new(
            new EncoderDescription("test", "1", "", 50, 8, 1),
            index % 2 == 0 ? StorePrecision.Float16 : StorePrecision.Float32,
            StoreFormat.Store
        );

    private static bool[] RunConcurrently(Func<int, bool> act)
    {
        var results = new bool[WriterCount];
        using var gate = new Barrier(WriterCount);
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, WriterCount)
                .Select(index => new Thread(() =>
                {
                    gate.SignalAndWait();
                    results[index] = act(index);
                })),
        ];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        return results;
    }
}
