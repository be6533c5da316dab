namespace AttnCrnn.Deployment.Transfer;

/// <summary>How far a transfer is.</summary>
/// <param name="Share">0 to 1.</param>
/// <param name="Rate">As rsync prints it: 12.34MB/s.</param>
public readonly record struct TransferProgress(double Share, string Rate);

/// <summary>What a transfer has to do.</summary>
/// <param name="Files">That are new or changed.</param>
/// <param name="Bytes">Of those.</param>
/// <param name="Deleted">That are no more where they come from.</param>
public readonly record struct TransferSize(long Files, long Bytes, long Deleted);
