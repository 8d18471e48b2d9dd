#include "schema/encode_scalar.h"

#include "schema/kind.h"

const char *gri_encode_scalar(struct gri_buf *buf, const struct gri_member *m, const char *at, struct gri_steps *steps)
{
    enum gri_error_kind kind;
    const char *why = m->kind->write(buf, m, at);
    if (why || !m->checked || !m->kind->check)
        return why;
    int rc = m->kind->check(m, at, steps, &kind);
    if (rc <= 0)
        return rc ? gr_strerror(rc) : NULL;
    return gri_error_type(&(struct gri_error){.kind = kind});
}
