#include "schema/formats.h"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#define W __attribute__((weak))
W char *gri_url_read(const char *text, size_t len, struct gri_arena *arena, const char **why)
{
    *why = "stub";
    return NULL;
}
W char *gri_email_read(const char *text, size_t len, struct gri_arena *arena, const char **why)
{
    *why = "stub";
    return NULL;
}
W ptrdiff_t gri_base64_read(const char *text, size_t len, unsigned char *to, const char **why)
{
    *why = "stub";
    return -1;
}
W void gri_base64_write(struct gri_buf *buf, const unsigned char *data, size_t len)
{
}
