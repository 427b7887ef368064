/* Checks values by OpenSSL's GOST engine.
 *
 * engine check CASES               prints the name of each case, and "right" or "wrong" for its value and for the
 *                                  value with one bit turned over
 * engine time CASES MILLISECONDS   prints the name of each case and the number of checks a second
 *
 * The cases are those of examples/verifications.rs. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Of this thread on a processor, so that other work on the machine does not count. */
static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec + now.tv_nsec / 1e9;
}

static long decode(unsigned char **bytes, const char *hex) {
    long length = 0;
    *bytes = OPENSSL_hexstr2buf(hex, &length);
    if (*bytes == NULL) {
        fprintf(stderr, "not hexadecimal: %s\n", hex);
        exit(1);
    }
    return length;
}

int main(int count, char **arguments) {
    int times = count == 4 && strcmp(arguments[1], "time") == 0;
    if (!times && !(count == 3 && strcmp(arguments[1], "check") == 0)) {
        fprintf(stderr, "usage: engine check CASES | time CASES MILLISECONDS\n");
        return 1;
    }
    ENGINE *engine = ENGINE_by_id("gost");
    if (engine == NULL || !ENGINE_init(engine) || !ENGINE_set_default(engine, ENGINE_METHOD_ALL)) {
        fprintf(stderr, "the engine is not there\n");
        return 1;
    }
    FILE *cases = fopen(arguments[2], "r");
    if (cases == NULL) {
        perror(arguments[2]);
        return 1;
    }
    char line[4096];
    while (fgets(line, sizeof line, cases) != NULL) {
        char *name = strtok(line, "\t\n");
        strtok(NULL, "\t\n");
        unsigned char *info, *digest, *value;
        long info_length = decode(&info, strtok(NULL, "\t\n"));
        long digest_length = decode(&digest, strtok(NULL, "\t\n"));
        long value_length = decode(&value, strtok(NULL, "\t\n"));
        const unsigned char *rest = info;
        EVP_PKEY *key = d2i_PUBKEY(NULL, &rest, info_length);
        EVP_PKEY_CTX *context = key ? EVP_PKEY_CTX_new(key, engine) : NULL;
        if (context == NULL || EVP_PKEY_verify_init(context) != 1) {
            printf("%s\t-\n", name);
            continue;
        }
#define CHECK() (EVP_PKEY_verify(context, value, value_length, digest, digest_length) == 1)
        int right = CHECK();
        if (times) {
            double end, start = seconds(), duration = atof(arguments[3]) / 1000;
            long checks = 0;
            do {
                for (int i = 0; i < 16; i++) right &= CHECK();
                checks += 16;
                end = seconds();
            } while (end - start < duration);
            if (!right) return 1;
            printf("%s\t%.0f\n", name, checks / (end - start));
        } else {
            value[5] ^= 1;
            printf("%s\t%s\t%s\n", name, right ? "right" : "wrong", CHECK() ? "right" : "wrong");
        }
    }
    return 0;
}
