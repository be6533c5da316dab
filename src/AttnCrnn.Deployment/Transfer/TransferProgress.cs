namespace AttnCrnn.Deployment.Transfer;

/// <summary>The progress of a transfer.</summary>
/// <param name="Fraction">Completed fraction, 0 to 1.</param>
/// <param name="Rate">As rsync prints it: 12.34MB/s.</param>
public readonly record struct TransferProgress(double Fraction, string Rate);

/// <summary>The size of a transfer.</summary>
/// <param name="Files">Number of new or changed files.</param>
/// <param name="Bytes">Their total size.</param>
/// <param name="Deleted">Number of files to delete at the target.</param>
public readonly record struct TransferSize(long Files, long Bytes, long Deleted);
