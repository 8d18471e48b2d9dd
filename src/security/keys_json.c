/* Keys that are JSON: one, or a set. */
#include <griddle/json.h>
#include <string.h>

#include "security/keys_add.h"
#include "security/wipe.h"

static bool has_kid(const gr_keys *keys, const char *kid)
{
    for (size_t i = 0; kid && i < keys->n; i++)
        if (keys->keys[i].kid && strcmp(keys->keys[i].kid, kid) == 0)
            return true;
    return false;
}

int gri_keys_append(gr_keys *keys, const json_t *jwk, const char *alg)
{
    struct gri_key key;
    const char *why;
    if (keys->n == GR_KEYS_MOST)
        return gri_keys_refuse(keys, GR_EMSGSIZE, "a ring has at most %d keys", GR_KEYS_MOST);
    int rc = gri_key_init(&key, jwk, alg, &why);
    if (rc)
        return gri_keys_refuse(keys, rc, "key %zu: %s", keys->n + 1, why);
    if (has_kid(keys, key.kid)) {
        gri_key_finish(&key);
        return gri_keys_refuse(keys, GR_EEXIST, "key %zu: another one has its kid", keys->n + 1);
    }
    keys->keys[keys->n++] = key;
    return 0;
}

int gri_keys_end(gr_keys *keys, size_t before, int rc)
{
    while (rc && keys->n > before)
        gri_key_finish(&keys->keys[--keys->n]);
    if (!rc)
        keys->error[0] = '\0';
    return rc;
}

static int append_set(gr_keys *keys, const json_t *set, const char *alg)
{
    size_t before = keys->n;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < json_array_size(set); i++)
        if (gri_jwk_is_for_signatures(json_array_get(set, i)))
            rc = gri_keys_append(keys, json_array_get(set, i), alg);
    if (rc == 0 && keys->n == before)
        rc = gri_keys_refuse(keys, GR_EINVAL, "the set has no key for signatures");
    return rc;
}

int gr_keys_add_json(gr_keys *keys, const json_t *jwk, const char *alg)
{
    const json_t *set = json_object_get(jwk, "keys");
    size_t before = keys->n;
    return gri_keys_end(keys, before, set ? append_set(keys, set, alg) : gri_keys_append(keys, jwk, alg));
}

int gri_keys_add_json_text(gr_keys *keys, const char *text, size_t len, const char *alg)
{
    json_t *value;
    int rc = gr_json_read_strict(text, len, &value);
    if (rc)
        return gri_keys_refuse(keys, rc == GR_ENOMEM ? rc : GR_EINVAL,
                               rc == GR_ENOMEM ? "out of memory" : "it is no JSON, or gives a member twice");
    rc = gr_keys_add_json(keys, value, alg);
    gri_wipe_json(value);
    return rc;
}
