#include "schema/default_list.h"

#include <string.h>

#include "schema/json_lexer.h"
#include "schema/scalar.h"
#include "schema/unescape.h"

static int read_default_item(const struct gri_member *m, const struct gri_json_token *token, char *to,
                             struct gri_arena *arena, struct gri_error *why)
{
    struct gri_value value = {token->kind, token->special, false, token->at, token->len, false};
    struct gri_str text = {token->at + 1, token->len - 2};
    struct gri_steps steps;
    if (token->kind == GRI_JSON_OBJECT || token->kind == GRI_JSON_ARRAY || token->kind == GRI_JSON_END)
        return GR_EINVAL;
    if (token->kind == GRI_JSON_STRING) {
        if (token->special && !gri_unescape(arena, &text))
            return GR_ENOMEM;
        value.at = text.at;
        value.len = text.len;
        value.owned = token->special;
    }
    gri_steps_init(&steps, 0, NULL);
    int rc = gri_scalar_read(m, &value, to, arena, &steps, why);
    gri_steps_finish(&steps);
    return rc;
}

/* Each value of a list takes two bytes at least. */
static size_t most_default_items(const char *json)
{
    return strlen(json) / 2 + 1;
}

int gri_default_list_read(const struct gri_member *m, struct gri_arena *arena, char **at, size_t *n,
                          struct gri_error *why)
{
    const char *json = m->field->default_list;
    struct gri_json_error error;
    struct gri_json_lexer lexer;
    int rc = gri_json_scan(json, strlen(json), NULL, &error);
    *n = 0;
    *at = gri_arena_alloc(arena, gri_size_mul(most_default_items(json), m->size));
    if (rc || !*at)
        return rc ? rc : GR_ENOMEM;
    memset(*at, 0, most_default_items(json) * m->size);
    gri_json_lexer_init(&lexer, json, strlen(json), NULL, &error);
    rc = gri_json_next(&lexer);
    if (rc || lexer.token.kind != GRI_JSON_ARRAY)
        return GR_EINVAL;
    for (; (rc = gri_json_next(&lexer)) == 0 && lexer.token.kind != GRI_JSON_CLOSE; ++*n)
        if ((rc = read_default_item(m, &lexer.token, *at + *n * m->size, arena, why)))
            return rc;
    return rc;
}

int gri_default_list_make(struct gri_member *m, struct gri_arena *arena)
{
    struct gri_error why;
    char *at;
    size_t n;
    int rc = gri_default_list_read(m, arena, &at, &n, &why);
    if (rc == 0)
        m->defaults = (struct gri_sequence){at, n};
    return rc;
}
