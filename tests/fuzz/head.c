/* The head guard and the codec: whatever the bytes and however they arrive, the same verdict, and inside the limits. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "http/codec.h"

struct verdict {
    enum gri_guard_result result;
    struct gri_guard guard;
};

static struct verdict scan(const char *data, size_t len, size_t step, const gr_limits *limits)
{
    struct verdict verdict = {.result = GRI_GUARD_MORE};
    for (size_t n = step < len ? step : len; verdict.result == GRI_GUARD_MORE; n = n + step < len ? n + step : len) {
        verdict.result = gri_guard_scan(&verdict.guard, data, n, limits);
        if (n == len)
            break;
    }
    return verdict;
}

static void parse(const char *data, const struct gri_guard *guard, const gr_limits *limits)
{
    char *bytes = malloc(guard->head_len);
    struct gri_header_field *fields = calloc(guard->n_lines, sizeof *fields);
    struct gri_codec codec;
    struct gri_head head;
    memcpy(bytes, data + guard->skip, guard->head_len);
    int status = gri_codec_head(&codec, &head, bytes, guard, fields, limits);
    FUZZ_ASSERT(status == 0 || (status >= 400 && status < 600));
    if (status == 0) {
        FUZZ_ASSERT(head.n_fields < guard->n_lines);
        FUZZ_ASSERT(head.target.len > 0 && head.target.len <= limits->uri_bytes);
        FUZZ_ASSERT(!(head.is_chunked && head.has_length));
    }
    free(fields);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    gr_limits limits;
    gr_limits_init(&limits);
    if (size < 1)
        return 0;
    const char *data = (const char *)input + 1;
    size_t len = size - 1, step = input[0] % 17 + 1;
    struct verdict whole = scan(data, len, len ? len : 1, &limits), pieces = scan(data, len, step, &limits);
    if (whole.result == GRI_GUARD_HEAD) {
        FUZZ_ASSERT(whole.guard.skip + whole.guard.head_len <= len);
        FUZZ_ASSERT(pieces.result == GRI_GUARD_HEAD && pieces.guard.head_len == whole.guard.head_len);
        parse(data, &whole.guard, &limits);
    }
    if (whole.result == GRI_GUARD_REFUSED) /* in pieces it may be refused earlier, and for another reason */
        FUZZ_ASSERT(pieces.result == GRI_GUARD_REFUSED);
    return 0;
}
