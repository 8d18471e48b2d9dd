/* PCRE2's interpreter, which calls us at each item of a pattern that it tries: its own limits are counted anew at each
 * place where a match may begin, and see nothing of what a single item runs over. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <griddle/base.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "schema/regex.h"

enum {
    HEAP_KIB = 1024, /* for what a match may have to go back to; a coroutine's stack is not used for it */
    STEP_BYTES = 8,  /* that an item runs over in the time of a step */
    BEGIN_STEPS = 32 /* what a text costs that is refused at its first byte */
};

struct gri_regex {
    pcre2_code *code;
    uint64_t items;
    uint64_t toll; /* of each item: what a counted repeat may run over and fail, without another call */
    bool refers;   /* has back references, which run over what was captured */
    bool is_wide;  /* has \X, which may look back over the whole text */
};

struct gri_matcher {
    pcre2_match_context *context;
    pcre2_match_data *data; /* keeps the memory of a match for the next */
    const struct gri_regex *regex;
    struct gri_steps *steps;
    size_t at; /* the place in the text at the last call */
};

/* --- compiling --- */

/* The most that any item has to be repeated: the highest number behind a brace. */
static uint64_t most_repeats(const char *pattern)
{
    uint64_t most = 0;
    for (const char *brace = strchr(pattern, '{'); brace; brace = strchr(brace + 1, '{')) {
        uint64_t n = 0;
        for (const char *c = brace + 1; gri_is_digit(*c) && n < UINT16_MAX; c++)
            n = n * 10 + (uint64_t)(*c - '0');
        most = n > most ? n : most;
    }
    return most;
}

static int count_item(pcre2_callout_enumerate_block *block, void *items)
{
    (void)block;
    ++*(uint64_t *)items;
    return 0;
}

static void regex_fill(struct gri_regex *regex, const char *pattern)
{
    uint32_t references = 0;
    pcre2_pattern_info(regex->code, PCRE2_INFO_BACKREFMAX, &references);
    pcre2_callout_enumerate(regex->code, count_item, &regex->items);
    regex->refers = references > 0;
    regex->is_wide = strstr(pattern, "\\X");
    regex->toll = most_repeats(pattern) / STEP_BYTES;
}

struct gri_regex *gri_regex_create(const char *pattern, char *why, size_t why_size, size_t *where)
{
    int error = PCRE2_ERROR_HEAP_FAILED;
    struct gri_regex *regex = calloc(1, sizeof *regex);
    *where = 0;
    if (regex)
        regex->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                    PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT,
                                    &error, where, NULL);
    if (regex && regex->code) {
        regex_fill(regex, pattern);
        return regex;
    }
    *why = '\0';
    if (error != PCRE2_ERROR_HEAP_FAILED)
        pcre2_get_error_message(error, (PCRE2_UCHAR *)why, why_size);
    free(regex);
    return NULL;
}

void gri_regex_destroy(struct gri_regex *regex)
{
    if (!regex)
        return;
    pcre2_code_free(regex->code);
    free(regex);
}

uint64_t gri_regex_one_pass(const struct gri_regex *regex, size_t len)
{
    return BEGIN_STEPS + regex->items * (1 + regex->toll) + len;
}

/* --- counting --- */

static bool take_steps(struct gri_steps *steps, uint64_t n)
{
    bool enough = n <= steps->left;
    steps->left = enough ? steps->left - n : 0;
    return enough;
}

static size_t longest_capture(const pcre2_callout_block *block)
{
    size_t longest = 0;
    for (uint32_t i = 1; i < block->capture_top; i++) {
        size_t begin = block->offset_vector[2 * i], end = block->offset_vector[2 * i + 1];
        if (begin != PCRE2_UNSET && end > begin && end - begin > longest)
            longest = end - begin;
    }
    return longest;
}

static int on_item(pcre2_callout_block *block, void *arg)
{
    struct gri_matcher *matcher = arg;
    const struct gri_regex *regex = matcher->regex;
    size_t at = block->current_position, run = at > matcher->at ? at - matcher->at : matcher->at - at;
    matcher->at = at;
    if (regex->refers)
        run += longest_capture(block);
    if (regex->is_wide)
        run += block->subject_length;
    if (!take_steps(matcher->steps, 1 + regex->toll + run / STEP_BYTES) || gri_steps_are_cancelled(matcher->steps))
        return PCRE2_ERROR_CALLOUT;
    return 0;
}

/* --- matching --- */

static void matcher_destroy(struct gri_matcher *matcher)
{
    if (!matcher)
        return;
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
    free(matcher);
}

void gri_steps_free_matcher(struct gri_steps *steps)
{
    matcher_destroy(steps->matcher);
    steps->matcher = NULL;
}

static struct gri_matcher *matcher_create(void)
{
    struct gri_matcher *matcher = calloc(1, sizeof *matcher);
    if (!matcher)
        return NULL;
    matcher->context = pcre2_match_context_create(NULL);
    matcher->data = pcre2_match_data_create(1, NULL);
    if (!matcher->context || !matcher->data) {
        matcher_destroy(matcher);
        return NULL;
    }
    pcre2_set_callout(matcher->context, on_item, matcher);
    pcre2_set_heap_limit(matcher->context, HEAP_KIB);
    return matcher;
}

static struct gri_matcher *matcher_of(struct gri_steps *steps, const struct gri_regex *regex)
{
    if (!steps->matcher)
        steps->matcher = matcher_create();
    if (steps->matcher) {
        steps->matcher->regex = regex;
        steps->matcher->steps = steps;
        steps->matcher->at = 0;
    }
    return steps->matcher;
}

static int result_of(int found, struct gri_steps *steps)
{
    switch (found) {
    case PCRE2_ERROR_NOMEMORY:
        return GR_ENOMEM;
    case PCRE2_ERROR_CALLOUT:
        if (steps->left)
            return GR_ECANCELED;
        return GR_EMSGSIZE;
    case PCRE2_ERROR_HEAPLIMIT:
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
        steps->left = 0;
        return GR_EMSGSIZE;
    default:
        return found >= 0;
    }
}

int gri_regex_matches(const struct gri_regex *regex, const char *text, size_t len, struct gri_steps *steps)
{
    struct gri_matcher *matcher = matcher_of(steps, regex);
    if (!matcher)
        return GR_ENOMEM;
    if (!take_steps(steps, BEGIN_STEPS))
        return GR_EMSGSIZE;
    return result_of(
        pcre2_match(regex->code, (PCRE2_SPTR)text, len, 0, PCRE2_NO_UTF_CHECK, matcher->data, matcher->context), steps);
}
