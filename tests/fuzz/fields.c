/* Header fields of an otherwise good head: a verdict, and never two ways to frame a body. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "http/codec.h"

static const char before[] = "POST /items HTTP/1.1\r\nHost: a\r\n", after[] = "\r\n\r\n";

static void check(char *bytes, size_t len, const gr_limits *limits)
{
    struct gri_guard guard = {0};
    struct gri_head head;
    struct gri_codec codec;
    if (gri_guard_scan(&guard, bytes, len, limits) != GRI_GUARD_HEAD)
        return;
    struct gri_header_field *fields = calloc(guard.n_lines, sizeof *fields);
    int status = gri_codec_head(&codec, &head, bytes, guard.head_len, fields, limits);
    if (status == 0) {
        const struct gri_header_field *host = gri_head_find(&head, GRI_STR("hOsT"));
        FUZZ_ASSERT(host && gri_str_is(host->value, GRI_STR("a")));
        FUZZ_ASSERT(!gri_head_find(&head, GRI_STR("Transfer-Encoding")) || head.is_chunked);
        FUZZ_ASSERT(!gri_head_find(&head, GRI_STR("Content-Length")) || head.has_length);
        for (unsigned i = 0; i < head.n_fields; i++)
            FUZZ_ASSERT(gri_is_token(head.fields[i].name));
    } else {
        FUZZ_ASSERT(status == 400 || status == 417 || status == 501);
    }
    free(fields);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
    gr_limits limits;
    gr_limits_init(&limits);
    size_t len = sizeof before - 1 + size + sizeof after - 1;
    char *bytes = malloc(len);
    memcpy(bytes, before, sizeof before - 1);
    memcpy(bytes + sizeof before - 1, input, size);
    memcpy(bytes + sizeof before - 1 + size, after, sizeof after - 1);
    check(bytes, len, &limits);
    free(bytes);
    return 0;
}
