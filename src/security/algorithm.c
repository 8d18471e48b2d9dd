#include "security/algorithm.h"

#include <string.h>

static const struct gri_algorithm algorithms[] = {
    {"HS256", GRI_KEY_OCT, NULL, 32, 32},     {"HS384", GRI_KEY_OCT, NULL, 48, 48},
    {"HS512", GRI_KEY_OCT, NULL, 64, 64},     {"ES256", GRI_KEY_EC, "P-256", 0, 64},
    {"ES384", GRI_KEY_EC, "P-384", 0, 96},    {"ES512", GRI_KEY_EC, "P-521", 0, 132},
    {"EdDSA", GRI_KEY_OKP, "Ed25519", 0, 64}, {"RS256", GRI_KEY_RSA, NULL, 0, 0},
    {"RS384", GRI_KEY_RSA, NULL, 0, 0},       {"RS512", GRI_KEY_RSA, NULL, 0, 0},
    {"PS256", GRI_KEY_RSA, NULL, 0, 0},       {"PS384", GRI_KEY_RSA, NULL, 0, 0},
    {"PS512", GRI_KEY_RSA, NULL, 0, 0},
};

enum { ALGORITHMS = sizeof algorithms / sizeof *algorithms };

const struct gri_algorithm *gri_algorithm_find(const char *name)
{
    for (size_t i = 0; name && i < ALGORITHMS; i++)
        if (strcmp(algorithms[i].name, name) == 0)
            return &algorithms[i];
    return NULL;
}

const struct gri_algorithm *gri_algorithm_of(enum gri_key_type type, const char *curve)
{
    if (type == GRI_KEY_OCT)
        return &algorithms[0];
    for (size_t i = 0; curve && i < ALGORITHMS; i++)
        if (algorithms[i].type == type && algorithms[i].curve && strcmp(algorithms[i].curve, curve) == 0)
            return &algorithms[i];
    return NULL;
}
