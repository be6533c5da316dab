namespace AttnCrnn.IO;

/// <summary>
/// Says in a few words why a file could not be read or written: from the type and the error code of an exception, since
/// its message repeats the path and differs between platforms.
/// </summary>
public static class FileFailure
{
    private const string UsedByProcess = "another process uses it";
    private const string DiskFull = "the disk is full";
    private const string QuotaExceeded = "the disk quota is exceeded";
    private const string ReadOnly = "the file system is read-only";
    private const string HardwareError = "the disk or the network reports an error";
    private const string Exists = "a file with this name exists";
    private const string NotFolder = "a part of the path is a file, not a folder";

    /// <summary>For example <c>permission denied</c> or <c>the disk is full</c>.</summary>
    /// <param name="exception">As file operations throw it.</param>
    public static string Describe(Exception exception) =>
        exception switch
        {
            UnauthorizedAccessException => "permission denied",
            FileNotFoundException => "no such file",
            DirectoryNotFoundException => "no such folder",
            PathTooLongException => "the path is too long",
            EndOfStreamException => "the file ends too early",
            IOException => DescribeCode(exception.HResult),
            _ => exception.GetType().Name,
        };

    /// <summary>Whether the disk is full, a quota is exceeded, or the file system is read-only.</summary>
    internal static bool IsOfWriting(IOException exception) =>
        exception is not FileWriteException && Describe(exception) is DiskFull or QuotaExceeded or ReadOnly;

    // .NET stores the error code of the system: errno, or on Windows the code in the lower half of an HRESULT.
    private static string DescribeCode(int code) =>
        OperatingSystem.IsWindows() ? DescribeWindows(code & 0xFFFF)
        : OperatingSystem.IsMacOS() ? DescribeMacOS(code)
        : DescribeLinux(code);

    private static string DescribeLinux(int errno) =>
        errno switch
        {
            5 or 116 => HardwareError, // EIO, ESTALE
            11 => UsedByProcess, // EWOULDBLOCK
            17 => Exists, // EEXIST
            20 => NotFolder, // ENOTDIR
            28 => DiskFull, // ENOSPC
            30 => ReadOnly, // EROFS
            122 => QuotaExceeded, // EDQUOT
            _ => DescribeUnknown(errno),
        };

    private static string DescribeMacOS(int errno) =>
        errno switch
        {
            5 or 70 => HardwareError, // EIO, ESTALE
            17 => Exists, // EEXIST
            20 => NotFolder, // ENOTDIR
            28 => DiskFull, // ENOSPC
            30 => ReadOnly, // EROFS
            35 => UsedByProcess, // EWOULDBLOCK
            69 => QuotaExceeded, // EDQUOT
            _ => DescribeUnknown(errno),
        };

    private static string DescribeWindows(int code) =>
        code switch
        {
            19 => ReadOnly, // ERROR_WRITE_PROTECT
            32 or 33 => UsedByProcess, // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION
            39 or 112 => DiskFull, // ERROR_HANDLE_DISK_FULL, ERROR_DISK_FULL
            80 or 183 => Exists, // ERROR_FILE_EXISTS, ERROR_ALREADY_EXISTS
            267 => NotFolder, // ERROR_DIRECTORY
            1117 => HardwareError, // ERROR_IO_DEVICE
            1295 => QuotaExceeded, // ERROR_DISK_QUOTA_EXCEEDED
            _ => DescribeUnknown(code),
        };

    private static string DescribeUnknown(int code) => $"the system reports error {code}";
}
