/* E-mail addresses as email-validator takes them when it asks no name server: RFC 5322's dot-atom, a domain of the
 * internet. Domains beyond ASCII are taken as they are, if they are UTF-8. */

#include "base/str.h"
#include "base/utf8.h"
#include "schema/formats.h"

enum { MOST_LOCAL = 64, MOST_DOMAIN = 253, MOST_LABEL = 63, MOST_IN_ALL = 254 };

/* Stands for a reason that there was no memory for. */
static const char email_out_of_memory[] = "";

static bool is_atom(char c)
{
    return gri_is_alnum(c) || (c & 0x80) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* What email-validator calls a character that it does not take: a space by its name, others quoted. */
static const char *invalid_character(struct gri_arena *arena, const char *before, char c)
{
    struct gri_buf buf;
    gri_buf_init(&buf, arena);
    gri_buf_puts(&buf, before);
    if (c == ' ')
        gri_buf_puts(&buf, "SPACE.");
    else if ((unsigned char)c < ' ' || c == 0x7f)
        gri_buf_printf(&buf, "U+%04X.", (unsigned)c);
    else
        gri_buf_printf(&buf, "'%c'.", c);
    gri_buf_putc(&buf, '\0');
    return buf.failed ? email_out_of_memory : buf.data;
}

/* Periods: none at an end, no two together. */
static const char *check_periods(struct gri_str part, const char *first, const char *last, const char *two)
{
    if (part.at[0] == '.')
        return first;
    if (part.at[part.len - 1] == '.')
        return last;
    for (size_t i = 1; i < part.len; i++)
        if (part.at[i] == '.' && part.at[i - 1] == '.')
            return two;
    return NULL;
}

static const char *check_local(struct gri_str local, struct gri_arena *arena)
{
    if (!local.len)
        return "There must be something before the @-sign.";
    if (local.len > MOST_LOCAL)
        return "The email address is too long before the @-sign.";
    for (size_t i = 0; i < local.len; i++)
        if (!is_atom(local.at[i]) && local.at[i] != '.')
            return invalid_character(arena,
                                     "The email address contains invalid characters before the @-sign: ", local.at[i]);
    return check_periods(local, "An email address cannot start with a period.",
                         "An email address cannot have a period immediately before the @-sign.",
                         "An email address cannot have two periods in a row.");
}

static const char *check_labels(struct gri_str domain)
{
    struct gri_str rest = domain;
    while (rest.len) {
        struct gri_str label = gri_str_cut(rest, '.', &rest);
        if (label.len > MOST_LABEL)
            return "After the @-sign, periods cannot be separated by so many characters.";
        if (label.at[0] == '-')
            return "An email address cannot have a hyphen immediately after the @-sign or a period.";
        if (label.at[label.len - 1] == '-')
            return "An email address cannot have a hyphen immediately before a period or the end of the address.";
    }
    return NULL;
}

static bool email_ends_with(struct gri_str domain, const char *name)
{
    size_t n = strlen(name);
    return gri_str_ends_nocase(domain, (struct gri_str){name, n}) &&
           (domain.len == n || domain.at[domain.len - n - 1] == '.');
}

/* RFC 6761 and its like: no mail is delivered there. */
static bool is_reserved(struct gri_str domain)
{
    static const char *const names[] = {"arpa", "invalid", "local", "localhost", "onion", "test"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (email_ends_with(domain, names[i]))
            return true;
    return false;
}

static const char *check_domain(struct gri_str domain, struct gri_arena *arena)
{
    const char *why;
    if (!domain.len)
        return "There must be something after the @-sign.";
    for (size_t i = 0; i < domain.len; i++)
        if (!gri_is_alnum(domain.at[i]) && !(domain.at[i] & 0x80) && domain.at[i] != '-' && domain.at[i] != '.')
            return invalid_character(arena, "The part after the @-sign contains invalid characters: ", domain.at[i]);
    why = check_periods(domain, "An email address cannot have a period immediately after the @-sign.",
                        "An email address cannot end with a period.",
                        "An email address cannot have two periods in a row.");
    if (!why && domain.len > MOST_DOMAIN)
        why = "The email address is too long after the @-sign.";
    if (!why)
        why = check_labels(domain);
    if (!why && is_reserved(domain))
        why = "The part after the @-sign is a special-use or reserved name that cannot be used with email.";
    if (!why && !memchr(domain.at, '.', domain.len))
        why = "The part after the @-sign is not valid. It should have a period.";
    if (!why && gri_is_digit(domain.at[domain.len - 1]))
        why = "The part after the @-sign is not valid. It is not within a valid top-level domain.";
    return why;
}

/* The domain in lower case, which it compares without. */
static char *normal(const char *text, size_t len, size_t local, struct gri_arena *arena)
{
    char *copy = gri_arena_strndup(arena, text, len);
    for (char *c = copy ? copy + local : NULL; c && *c; c++)
        *c = gri_lower(*c);
    return copy;
}

char *gri_email_read(const char *text, size_t len, struct gri_arena *arena, const char **why)
{
    struct gri_str domain, all = {text, len}, local;
    *why = "An email address must have an @-sign.";
    if (!memchr(text, '@', len))
        return NULL;
    local = gri_str_cut(all, '@', &domain);
    *why = memchr(domain.at, '@', domain.len) ? "The part after the @-sign contains invalid characters: '@'."
                                              : check_local(local, arena);
    if (!*why)
        *why = check_domain(domain, arena);
    if (!*why && len > MOST_IN_ALL)
        *why = "The email address is too long.";
    if (*why == email_out_of_memory)
        *why = NULL;
    else if (!*why)
        return normal(text, len, local.len, arena);
    return NULL;
}
