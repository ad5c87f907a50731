namespace Ser.Domain.Randomness;

/// <summary>
/// Elementary functions that use only IEEE addition, multiplication and division, so that results have the same bits on every platform.
/// The C libraries behind <see cref="Math"/> differ in the last bit. The relative error is about 1e-14 over the ranges used here.
/// </summary>
public static class PortableMath
{
    private const double Ln2 = 0.69314718055994530942;

    /// <summary>Natural logarithm of a positive normal number.</summary>
    public static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2 atanh((m - 1)/(m + 1)), |argument| < 0.172
        double s = (mantissa - 1) / (mantissa + 1);
        double sum = 0;
        for (int n = 23; n >= 1; n -= 2)
        {
            sum = (sum * s * s) + (1.0 / n);
        }

        return (exponent * Ln2) + (2 * s * sum);
    }

    /// <summary>e to the power x, for |x| below 700.</summary>
    public static double Exp(double x)
    {
        int doublings = (int)Math.Round(x / Ln2);
        double r = x - (doublings * Ln2);
        double sum = 1;
        for (int n = 16; n >= 1; n--)
        {
            sum = 1 + (sum * r / n);
        }

        return Math.ScaleB(sum, doublings);
    }

    /// <summary>Cosine of 2π times a number of turns.</summary>
    public static double CosTurns(double turns)
    {
        double x = Math.PI * 2 * (turns - Math.Round(turns));
        double sum = 1;
        for (int n = 26; n >= 2; n -= 2)
        {
            sum = 1 - (sum * x * x / (n * (n - 1)));
        }

        return sum;
    }

    /// <summary>Sine of 2π times a number of turns.</summary>
    public static double SinTurns(double turns) => CosTurns(turns - 0.25);
}
