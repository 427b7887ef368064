import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cryptopro.ECGOST3410NamedCurves;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECGOST3410_2012Signer;
import org.bouncycastle.util.encoders.Hex;

/**
 * Checks values by BouncyCastle: {@code BouncyCastle CASES MILLISECONDS} prints the name of each case and the number of
 * checks a second, after eight times as long for the compiler to warm up. The cases are those of
 * examples/verifications.rs; of a set that BouncyCastle does not know it prints {@code -}.
 */
public class BouncyCastle {
    public static void main(String[] arguments) throws Exception {
        long duration = Long.parseLong(arguments[1]) * 1_000_000;
        for (String line : Files.readAllLines(Path.of(arguments[0]))) {
            String[] fields = line.split("\t");
            X9ECParameters set =
                    ECGOST3410NamedCurves.getByOIDX9(new ASN1ObjectIdentifier(fields[1]));
            System.out.println(fields[0] + "\t" + (set == null ? "-" : rate(set, fields, duration)));
        }
    }

    private static String rate(X9ECParameters set, String[] fields, long duration) {
        byte[] info = Hex.decode(fields[2]);
        byte[] digest = Hex.decode(fields[3]);
        byte[] value = Hex.decode(fields[4]);
        int size = digest.length;
        BigInteger x = littleEndian(info, info.length - 2 * size, size);
        BigInteger y = littleEndian(info, info.length - size, size);
        ECDomainParameters domain =
                new ECDomainParameters(set.getCurve(), set.getG(), set.getN(), set.getH());
        ECGOST3410_2012Signer signer = new ECGOST3410_2012Signer();
        signer.init(false, new ECPublicKeyParameters(set.getCurve().createPoint(x, y), domain));
        BigInteger s = new BigInteger(1, Arrays.copyOfRange(value, 0, size));
        BigInteger r = new BigInteger(1, Arrays.copyOfRange(value, size, 2 * size));
        perSecond(signer, digest, r, s, 8 * duration);
        return Long.toString(Math.round(perSecond(signer, digest, r, s, duration)));
    }

    private static double perSecond(
            ECGOST3410_2012Signer signer, byte[] digest, BigInteger r, BigInteger s, long duration) {
        long start = nanoseconds();
        long end;
        long checks = 0;
        do {
            for (int i = 0; i < 16; i++) {
                if (!signer.verifySignature(digest, r, s)) {
                    throw new IllegalStateException("the value is not right");
                }
            }
            checks += 16;
            end = nanoseconds();
        } while (end - start < duration);
        return checks * 1e9 / (end - start);
    }

    /** Of this thread on a processor, so that other work on the machine does not count. */
    private static long nanoseconds() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static BigInteger littleEndian(byte[] bytes, int from, int size) {
        byte[] number = new byte[size];
        for (int i = 0; i < size; i++) {
            number[i] = bytes[from + size - 1 - i];
        }
        return new BigInteger(1, number);
    }
}
