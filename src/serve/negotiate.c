/* What a client says it takes, and has (RFC 9110 sections 12.5.3 and 13.1.2). */
#include "serve/req.h"

/* The next member of a list field that may stand on several lines (RFC 9110 section 5.3). False: there is none. */
struct members {
    const struct gri_head *head;
    struct gri_str name, rest;
    unsigned field;
};

/* A comma in quotes, as an entity tag may hold it (RFC 9110 section 8.8.3), ends no member. */
static struct gri_str cut_member(struct gri_str list, struct gri_str *rest)
{
    size_t n = 0;
    for (bool quoted = false; n < list.len && (quoted || list.at[n] != ','); n++)
        quoted ^= list.at[n] == '"';
    size_t cut = n + (n < list.len);
    *rest = (struct gri_str){list.at + cut, list.len - cut};
    return (struct gri_str){list.at, n};
}

static bool negotiate_next_member(struct members *members, struct gri_str *member)
{
    while (members->rest.len == 0) {
        if (members->field == members->head->n_fields)
            return false;
        const struct gri_header_field *field = &members->head->fields[members->field++];
        if (gri_str_is_nocase(field->name, members->name))
            members->rest = field->value;
    }
    *member = gri_str_trim(cut_member(members->rest, &members->rest));
    return true;
}

/* ";q=0", ";q=0.000": not acceptable. */
static bool is_refused(struct gri_str parameters)
{
    struct gri_str weight = gri_str_trim(parameters);
    if (weight.len < 3 || !gri_str_begins_nocase(weight, GRI_STR("q=")))
        return false;
    for (size_t i = 2; i < weight.len; i++)
        if (weight.at[i] != '0' && weight.at[i] != '.')
            return false;
    return true;
}

/* "x-gzip" is another name of it (section 8.4.1.3). */
static bool is_coding(struct gri_str name, struct gri_str coding)
{
    return gri_str_is_nocase(name, coding) ||
           (gri_str_is_nocase(name, GRI_STR("x-gzip")) && gri_str_is_nocase(coding, GRI_STR("gzip")));
}

bool gr_accepts_encoding(gr_req *req, const char *coding)
{
    gri_req_check(req);
    struct members members = {.head = &req->x.head, .name = GRI_STR("accept-encoding")};
    struct gri_str member, parameters, wanted = gri_str_from(coding);
    bool any = false;
    while (negotiate_next_member(&members, &member)) {
        struct gri_str name = gri_str_trim(gri_str_cut(member, ';', &parameters));
        if (is_coding(name, wanted))
            return !is_refused(parameters);
        if (gri_str_is(name, GRI_STR("*")))
            any = !is_refused(parameters);
    }
    return any;
}

/* For weak comparison (RFC 9110 section 8.8.3.2). */
static struct gri_str opaque_tag(struct gri_str tag)
{
    bool weak = tag.len > 2 && memcmp(tag.at, "W/", 2) == 0;
    return weak ? (struct gri_str){tag.at + 2, tag.len - 2} : tag;
}

bool gr_has_etag(gr_req *req, const char *etag)
{
    gri_req_check(req);
    struct members members = {.head = &req->x.head, .name = GRI_STR("if-none-match")};
    struct gri_str member, wanted = opaque_tag(gri_str_from(etag));
    while (negotiate_next_member(&members, &member))
        if (gri_str_is(member, GRI_STR("*")) || gri_str_is(opaque_tag(member), wanted))
            return true;
    return false;
}
