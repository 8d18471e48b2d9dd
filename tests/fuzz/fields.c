/* Header fields of an otherwise good head: a verdict, and never two ways to frame a body. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "http/codec.h"

/* What stands before the fields; the input's first byte chooses. */
static const char *const lines[] = {
    "POST /items HTTP/1.1\r\nHost: a\r\n",
    "POST /items HTTP/1.1\r\n",
    "POST /items HTTP/1.0\r\n",
    "GET http://b/x?y HTTP/1.1\r\nHost: a\r\n",
    "GET https://b HTTP/1.1\r\nHost: a\r\n",
    "GET ftp://b/ HTTP/1.1\r\nHost: a\r\n",
    "GET http:///x HTTP/1.1\r\nHost: a\r\n",
    "GET /x#y HTTP/1.1\r\nHost: a\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\n",
    "GET * HTTP/1.1\r\nHost: a\r\n",
    "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n",
};
static const char after[] = "\r\n\r\n";

static void check(char *bytes, size_t len, const gr_limits *limits)
{
    struct gri_guard guard = {0};
    struct gri_head head;
    struct gri_codec codec;
    if (gri_guard_scan(&guard, bytes, len, limits) != GRI_GUARD_HEAD)
        return;
    struct gri_header_field *fields = calloc(guard.n_lines, sizeof *fields);
    int status = gri_codec_head(&codec, &head, bytes, &guard, fields, limits);
    if (status == 0) {
        FUZZ_ASSERT(head.minor == 0 || gri_head_find(&head, GRI_STR("hOsT")));
        FUZZ_ASSERT(head.target.len > 0 &&
                    (head.target.at[0] == '/' || head.target.at[0] == '?' || head.target.at[0] == '*'));
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
    if (size == 0)
        return 0;
    const char *before = lines[input[0] % (sizeof lines / sizeof *lines)];
    size_t n = strlen(before), len = n + size - 1 + sizeof after - 1;
    char *bytes = malloc(len);
    memcpy(bytes, before, n);
    memcpy(bytes + n, input + 1, size - 1);
    memcpy(bytes + n + size - 1, after, sizeof after - 1);
    check(bytes, len, &limits);
    free(bytes);
    return 0;
}
