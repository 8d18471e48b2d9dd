#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "security/key.h"

gr_keys *gr_keys_create(void)
{
    return sodium_init() < 0 ? NULL : calloc(1, sizeof(gr_keys));
}

void gr_keys_destroy(gr_keys *keys)
{
    if (!keys)
        return;
    for (size_t i = 0; i < keys->n; i++)
        gri_key_finish(&keys->keys[i]);
    free(keys);
}

size_t gr_keys_count(const gr_keys *keys)
{
    return keys->n;
}

const char *gr_keys_error(const gr_keys *keys)
{
    return keys ? keys->error : "out of memory";
}

int gri_keys_refuse(gr_keys *keys, int code, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    vsnprintf(keys->error, sizeof keys->error, fmt, args);
    va_end(args);
    return code;
}

const struct gri_key *gri_keys_signer(const gr_keys *keys, const char *kid)
{
    for (size_t i = 0; i < keys->n; i++) {
        const struct gri_key *key = &keys->keys[i];
        if (key->can_sign && (!kid || (key->kid && strcmp(key->kid, kid) == 0)))
            return key;
    }
    return NULL;
}

int gr_keys_jwks(const gr_keys *keys, json_t **jwks)
{
    json_t *list = json_array();
    *jwks = json_pack("{s:o*}", "keys", list);
    for (size_t i = 0; *jwks && i < keys->n; i++)
        if (keys->keys[i].algorithm->type != GRI_KEY_OCT &&
            json_array_append_new(list, gri_key_public(&keys->keys[i]))) {
            json_decref(*jwks);
            *jwks = NULL;
        }
    return *jwks ? 0 : GR_ENOMEM;
}
