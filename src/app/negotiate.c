#include "app/negotiate.h"

/* The next member of a list field that may stand on several lines (RFC 9110 section 5.3). False: there is none. */
struct members {
    const struct gri_head *head;
    struct gri_str name, rest;
    unsigned field;
};

static bool next_member(struct members *members, struct gri_str *member)
{
    while (members->rest.len == 0) {
        if (members->field == members->head->n_fields)
            return false;
        const struct gri_header_field *field = &members->head->fields[members->field++];
        if (gri_str_is_nocase(field->name, members->name))
            members->rest = field->value;
    }
    *member = gri_str_trim(gri_str_cut(members->rest, ',', &members->rest));
    return true;
}

/* ";q=0", ";q=0.000": not acceptable. */
static bool is_refused(struct gri_str parameters)
{
    struct gri_str weight = gri_str_trim(parameters);
    if (weight.len < 3 || strncasecmp(weight.at, "q=", 2) != 0)
        return false;
    for (size_t i = 2; i < weight.len; i++)
        if (weight.at[i] != '0' && weight.at[i] != '.')
            return false;
    return true;
}

bool gri_accepts_gzip(const struct gri_head *head)
{
    struct members members = {.head = head, .name = GRI_STR("accept-encoding")};
    struct gri_str member, parameters;
    bool any = false;
    while (next_member(&members, &member)) {
        struct gri_str coding = gri_str_trim(gri_str_cut(member, ';', &parameters));
        if (gri_str_is_nocase(coding, GRI_STR("gzip")) || gri_str_is_nocase(coding, GRI_STR("x-gzip")))
            return !is_refused(parameters);
        if (gri_str_is(coding, GRI_STR("*")))
            any = !is_refused(parameters);
    }
    return any;
}

/* Weak comparison (RFC 9110 section 8.8.3.2). */
bool gri_has_etag(const struct gri_head *head, const char *etag)
{
    struct members members = {.head = head, .name = GRI_STR("if-none-match")};
    struct gri_str member;
    while (next_member(&members, &member)) {
        if (member.len > 2 && memcmp(member.at, "W/", 2) == 0)
            member = (struct gri_str){member.at + 2, member.len - 2};
        if (gri_str_is(member, GRI_STR("*")) || gri_str_is(member, gri_str_from(etag)))
            return true;
    }
    return false;
}
