/* One text for a member of any type, as a parameter and, where it is one, as a value of JSON: read, or refused with a
 * reason; what is read can be written, and read again as the same. */
#include <griddle.h>
#include <string.h>

#include "fuzz/thing.h"
#include "schema/encode_scalar.h"
#include "schema/json_lexer.h"
#include "schema/scalar.h"
#include "schema/unescape.h"

static struct gri_schema *schema;

static bool is_scalar(const struct gri_member *m)
{
    return !m->plan && m->type != GR_TYPE_JSON && !(m->shape & ~(unsigned)GR_POINTER);
}

/* The same value, made of what was written of the first one. */
static void read_again(const struct gri_member *m, const struct gri_buf *first, struct gri_arena *arena)
{
    _Alignas(16) char to[128] = {0};
    bool quoted = *first->data == '"';
    struct gri_str text = {first->data + quoted, first->len - 2 * quoted};
    struct gri_error why = {.kind = GRI_JSON_INVALID};
    struct gri_buf second;
    gri_buf_init(&second, NULL);
    if (quoted)
        FUZZ_ASSERT(gri_unescape(arena, &text));
    struct gri_value value = {GRI_JSON_STRING, false, false, text.at, text.len, false};
    struct gri_steps steps;
    gri_steps_init(&steps, 0, NULL);
    FUZZ_ASSERT(gri_scalar_read(m, &value, to, arena, &steps, &why) == 0);
    FUZZ_ASSERT(gri_encode_scalar(&second, m, to, &steps) == NULL);
    gri_steps_finish(&steps);
    FUZZ_ASSERT(first->len == second.len && memcmp(first->data, second.data, first->len) == 0);
    gri_buf_finish(&second);
}

static void read_one(const struct gri_member *m, const struct gri_value *value, struct gri_arena *arena)
{
    _Alignas(16) char to[128] = {0};
    struct gri_error why = {.kind = GRI_JSON_INVALID};
    struct gri_buf buf;
    struct gri_steps steps;
    gri_steps_init(&steps, 0, NULL);
    int rc = gri_scalar_read(m, value, to, arena, &steps, &why);
    FUZZ_ASSERT(rc == 0 || rc == 1);
    gri_buf_init(&buf, NULL);
    if (rc) {
        FUZZ_ASSERT(why.kind != GRI_JSON_INVALID);
        gri_error_write_message(&why, &buf);
        FUZZ_ASSERT(buf.len > 0);
    } else if (gri_encode_scalar(&buf, m, to, &steps) == NULL) {
        if (buf.len == 4 && memcmp(buf.data, "null", 4) == 0) { /* of infinity nothing else can be said */
            FUZZ_ASSERT(m->field->allow_inf_nan);
            goto end;
        }
        read_again(m, &buf, arena);
    } else {
        FUZZ_ASSERT(m->type == GR_TYPE_BYTES); /* a text's bytes, which need not be UTF-8 */
    }
end:
    gri_steps_finish(&steps);
    gri_buf_finish(&buf);
}

/* The text as a value of JSON, where it is one that is not a string. */
static void read_token(const struct gri_member *m, const char *text, size_t len, struct gri_arena *arena)
{
    struct gri_json_error ignored;
    struct gri_json_lexer lexer, end;
    gri_json_lexer_init(&lexer, text, len, NULL, &ignored);
    if (gri_json_next(&lexer) || lexer.token.kind < GRI_JSON_NUMBER)
        return;
    end = lexer;
    if (gri_json_next(&end) == 0)
        read_one(
            m,
            &(struct gri_value){lexer.token.kind, lexer.token.special, false, lexer.token.at, lexer.token.len, false},
            arena);
}

/* The members of a thing, of its rest, and of what else has scalars, one after the other; cases are members, too. */
static const struct gri_member *choose(unsigned i)
{
    static gr_model_fn *const models[] = {thing_model,   rest_model,  scalar_model, moment_model, price_model,
                                          endless_model, vault_model, shapes_model, tariff_model};
    enum { MODELS = sizeof models / sizeof *models };
    unsigned total = 0;
    for (size_t k = 0; k < MODELS; k++)
        total += gri_schema_plan(schema, models[k]())->n_members;
    i %= total;
    for (size_t k = 0;; k++) {
        const struct gri_plan *plan = gri_schema_plan(schema, models[k]());
        if (i < plan->n_members)
            return &plan->members[i];
        i -= plan->n_members;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    struct gri_arena arena;
    if (!schema)
        schema = gri_schema_create();
    if (size == 0)
        return 0;
    const struct gri_member *m = choose(input[0]);
    char *copy = malloc(size);
    memcpy(copy, input + 1, size - 1);
    gri_arena_init(&arena, NULL, 0);
    if (is_scalar(m)) {
        read_one(m, &(struct gri_value){GRI_JSON_STRING, false, false, copy, size - 1, false}, &arena);
        read_token(m, copy, size - 1, &arena);
    }
    gri_arena_finish(&arena);
    free(copy);
    return 0;
}
