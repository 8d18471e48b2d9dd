/* PCRE2 behind three functions: it knows UTF-8, bounds its own work, and every distribution has it. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "schema/plan.h"

struct pcre2_real_code_8 *gri_pattern_compile(const char *pattern, char *why, size_t why_size, size_t *where)
{
    int error;
    PCRE2_SIZE at;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                     PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C, &error, &at, NULL);
    if (code)
        return code;
    *where = at;
    if (pcre2_get_error_message(error, (PCRE2_UCHAR *)why, why_size) < 0)
        *why = '\0';
    return NULL;
}

void gri_pattern_free(struct pcre2_real_code_8 *pattern)
{
    pcre2_code_free(pattern);
}

int gri_pattern_matches(const struct pcre2_real_code_8 *pattern, const char *text, size_t len)
{
    enum { MATCH_LIMIT = 100000, HEAP_KIB = 1024 }; /* some milliseconds; a coroutine's stack is not used for it */
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int rc = GR_ENOMEM;
    if (context && data) {
        pcre2_set_match_limit(context, MATCH_LIMIT);
        pcre2_set_heap_limit(context, HEAP_KIB);
        int found = pcre2_match(pattern, (PCRE2_SPTR)text, len, 0, PCRE2_NO_UTF_CHECK, data, context);
        rc = found == PCRE2_ERROR_NOMEMORY ? GR_ENOMEM : found >= 0;
    }
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
    return rc;
}
