#include <string.h>

#include "base/ascii.h"
#include "schema/openapi.h"

/* Bytes beyond ASCII are of letters, whose case is left as it is. */
static bool is_letter(char c)
{
    return gri_is_alpha(c) || (unsigned char)c >= 0x80;
}

static char *copy_of(struct gri_doc *doc, const char *name)
{
    char *copy = gri_arena_strndup(&doc->arena, name, strlen(name));
    if (!copy && !doc->rc)
        doc->rc = GR_ENOMEM;
    return copy;
}

const char *gri_doc_title(struct gri_doc *doc, const char *name)
{
    char *title = copy_of(doc, name), before = ' ';
    for (char *c = title; c && *c; c++) {
        *c = is_letter(before) ? gri_lower(*c) : gri_upper(*c);
        before = *c;
        if (*c == '_')
            *c = ' ';
    }
    return title;
}

const char *gri_doc_type_name(struct gri_doc *doc, const char *tag)
{
    char *name = copy_of(doc, tag), *to = name;
    bool begins = true;
    for (const char *c = name; c && *c; c++) {
        if (*c != '_')
            *to++ = begins ? gri_upper(*c) : *c;
        begins = *c == '_';
    }
    if (to)
        *to = '\0';
    return name;
}
