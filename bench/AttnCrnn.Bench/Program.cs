using AttnCrnn.Bench;

var threads = args.Length > 1 && int.TryParse(args[1], out var given) && given > 0 ? given : Environment.ProcessorCount;
switch (args.FirstOrDefault())
{
    case "peak":
        PeakBench.Run(threads);
        return 0;
    case "products":
        ProductBench.Run(threads);
        return 0;
    case "step":
        StepBench.Run(threads);
        return 0;
    default:
        Console.Error.WriteLine("peak [THREADS]      the machine's matrix product by ONNX Runtime, GFLOP/s");
        Console.Error.WriteLine("products [THREADS]  our matrix product at the shapes of a training step, GFLOP/s");
        Console.Error.WriteLine("step [THREADS]      one training step of 32 clips of 263 frames of 768, milliseconds");
        return 2;
}
