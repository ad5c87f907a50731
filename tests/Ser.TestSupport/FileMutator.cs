using Ser.Domain.Randomness;

namespace Ser.TestSupport;

/// <summary>
/// Damages a file as the seed decides: flipped bits, special byte values, truncation, insertion, deletion, and moved pieces.
/// </summary>
public sealed class FileMutator(byte[] original, int structure)
{
    private const int LongestPiece = 64;
    private readonly byte[] _buffer = new byte[original.Length + (8 * LongestPiece)];

    /// <summary>
    /// The damaged file, valid until the next call. Most edits are within the first and last <paramref name="structure"/> bytes,
    /// where damage has the most effect.
    /// </summary>
    public ArraySegment<byte> Next(RandomStream draw)
    {
        original.CopyTo(_buffer, 0);
        int length = original.Length;
        for (int edits = 1 + draw.NextInt(4); edits > 0 && length > 0; edits--)
        {
            int at = Place(draw, length);
            int piece = 1 + draw.NextInt(draw.NextInt(2) == 0 ? 4 : LongestPiece);
            switch (draw.NextInt(8))
            {
                case 0:
                    _buffer[at] ^= (byte)(1 << draw.NextInt(8));
                    break;
                case 1:
                    _buffer[at] = draw.NextInt(2) == 0 ? (byte)0xFF : (byte)0;
                    break;
                case 2:
                    _buffer[at] = (byte)draw.NextInt(256);
                    break;
                case 3: // a byte of the file itself: for a pickle most often another instruction
                    _buffer[at] = _buffer[Place(draw, length)];
                    break;
                case 4: // insertion
                    Array.Copy(_buffer, at, _buffer, at + piece, length - at);
                    length += piece;
                    for (int i = at; i < at + piece; i++)
                    {
                        _buffer[i] = (byte)draw.NextInt(256);
                    }

                    break;
                case 5: // deletion
                    piece = Math.Min(piece, length - at);
                    Array.Copy(_buffer, at + piece, _buffer, at, length - at - piece);
                    length -= piece;
                    break;
                case 6: // splice: a piece from elsewhere
                    int from = Place(draw, length);
                    Array.Copy(_buffer, from, _buffer, at, Math.Min(piece, length - Math.Max(from, at)));
                    break;
                default:
                    length = draw.NextInt(8) == 0 ? at : length;
                    break;
            }
        }

        return new ArraySegment<byte>(_buffer, 0, length);
    }

    private int Place(RandomStream draw, int length)
    {
        int reach = Math.Min(structure, length);
        return draw.NextInt(8) switch
        {
            0 => draw.NextInt(length),
            < 6 => draw.NextInt(reach),
            _ => length - 1 - draw.NextInt(reach),
        };
    }
}
