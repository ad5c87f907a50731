using System.Runtime.InteropServices;

namespace Ser.Audio;

/// <summary>Decodes FLAC, Ogg, MP3, AIFF and more by libsndfile (LGPL), which is loaded at run time where it is installed.</summary>
internal sealed unsafe class SndFile
{
    private const int ReadMode = 0x10;
    private const long MaxSamples = 1L << 29;
    private static readonly Lazy<SndFile?> Found = new(Load);
    private static readonly string[] LibraryNames = ["libsndfile.so.1", "libsndfile.1.dylib", "sndfile.dll"];
    private readonly delegate* unmanaged<byte*, int, Header*, nint> _open;
    private readonly delegate* unmanaged<nint, float*, long, long> _readFrames;
    private readonly delegate* unmanaged<nint, byte*> _error;
    private readonly delegate* unmanaged<nint, int> _close;

    private SndFile(nint library)
    {
        _open = (delegate* unmanaged<byte*, int, Header*, nint>)NativeLibrary.GetExport(library, "sf_open");
        _readFrames = (delegate* unmanaged<nint, float*, long, long>)NativeLibrary.GetExport(library, "sf_readf_float");
        _error = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(library, "sf_strerror");
        _close = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "sf_close");
        var version = (delegate* unmanaged<byte*>)NativeLibrary.GetExport(library, "sf_version_string");
        Version = Marshal.PtrToStringUTF8((nint)version()) ?? "";
    }

    /// <summary>The library's own name and version, such as "libsndfile-1.2.0".</summary>
    internal string Version { get; }

    /// <summary>The library, or null where it is not installed.</summary>
    internal static SndFile? Installed => Found.Value;

    internal AudioInfo Inspect(string path)
    {
        nint file = Open(path, out var header);
        _ = _close(file);
        return new AudioInfo(Format(header.Format), Encoding(header.Format), header.SampleRate, header.Channels, header.Frames);
    }

    /// <summary>Reads in blocks, so that a false length in the header cannot cause a large allocation.</summary>
    internal Waveform Read(string path)
    {
        nint file = Open(path, out var header);
        try
        {
            var samples = new List<float>();
            var block = new float[4096 * Math.Max(1, header.Channels)];
            long frames;
            do
            {
                fixed (float* start = block)
                {
                    frames = _readFrames(file, start, 4096);
                }

                samples.AddRange(block.AsSpan(0, (int)frames * header.Channels));
                if (samples.Count > MaxSamples)
                {
                    throw new AudioException(path, $"the recording has more than {MaxSamples} samples", "cut it into utterances");
                }
            }
            while (frames > 0);
            return new Waveform([.. samples], header.Channels, header.SampleRate);
        }
        finally
        {
            _ = _close(file);
        }
    }

    private static SndFile? Load()
    {
        foreach (string name in LibraryNames)
        {
            if (NativeLibrary.TryLoad(name, out nint library))
            {
                return new SndFile(library);
            }
        }

        return null;
    }

    private static string Format(int format) => (format & 0x0FFF0000) switch
    {
        0x010000 => "WAV",
        0x020000 => "AIFF",
        0x030000 => "AU",
        0x130000 => "WAV",
        0x170000 => "FLAC",
        0x180000 => "CAF",
        0x200000 => "OGG",
        0x220000 => "RF64",
        0x230000 => "MPEG",
        int other => $"libsndfile 0x{other:X}",
    };

    private static string Encoding(int format) => (format & 0xFFFF) switch
    {
        1 => "PCM_S8",
        2 => "PCM_16",
        3 => "PCM_24",
        4 => "PCM_32",
        5 => "PCM_U8",
        6 => "FLOAT",
        7 => "DOUBLE",
        0x10 => "ULAW",
        0x11 => "ALAW",
        0x60 => "VORBIS",
        0x64 => "OPUS",
        0x82 => "MPEG_LAYER_III",
        int other => $"libsndfile 0x{other:X}",
    };

    private nint Open(string path, out Header header)
    {
        header = default;
        fixed (byte* name = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
        fixed (Header* info = &header)
        {
            nint file = _open(name, ReadMode, info);
            if (file == 0)
            {
                string reason = Marshal.PtrToStringUTF8((nint)_error(0)) ?? "";
                throw new AudioException(
                    path,
                    $"this is not a recording that can be read ({reason.TrimEnd('.')})",
                    "WAV is always supported; libsndfile adds FLAC, Ogg, MP3 and AIFF");
            }

            if (header.Channels is >= 1 and <= 1024)
            {
                return file;
            }

            _ = _close(file);
            throw new AudioException(path, $"the header declares {header.Channels} channels", "1 to 1024 are supported");
        }
    }

    // SF_INFO of sndfile.h
    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        internal long Frames;
        internal int SampleRate, Channels, Format, Sections, Seekable;
    }
}
