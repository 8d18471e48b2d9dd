#include <string.h>

#include "schema/openapi.h"

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Bytes beyond ASCII are of letters, whose case is left as it is. */
static bool is_letter(char c)
{
    return is_lower(c) || is_upper(c) || (unsigned char)c >= 0x80;
}

static char upper(char c)
{
    return is_lower(c) ? (char)(c & ~0x20) : c;
}

static char lower(char c)
{
    return is_upper(c) ? (char)(c | 0x20) : c;
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
        *c = is_letter(before) ? lower(*c) : upper(*c);
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
            *to++ = begins ? upper(*c) : *c;
        begins = *c == '_';
    }
    if (to)
        *to = '\0';
    return name;
}
