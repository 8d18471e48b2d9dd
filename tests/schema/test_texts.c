/* URLs and base64 as pydantic 2.13 answered for the same texts; e-mail addresses as email-validator says them. */
#include "corpus.h"
#include "schema/formats.h"

static struct gri_arena arena;

static const char *read_url(const char *text)
{
    const char *why;
    const char *url = gri_url_read(text, strlen(text), &arena, &why);
    return url ? url : why;
}

static void replay_url(const char *line, int number)
{
    json_t *wanted = corpus_json(line);
    const char *value = json_string_value(json_object_get(wanted, "value"));
    const char *why = json_string_value(json_object_get(wanted, "why"));
    gri_arena_init(&arena, NULL, 0);
    const char *got = read_url(json_string_value(json_object_get(wanted, "text")));
    ck_assert_msg(strcmp(got, value ? value : why) == 0, "line %d: wanted %sgot %s", number, line, got);
    gri_arena_finish(&arena);
    json_decref(wanted);
}

START_TEST(urls_take_their_normal_form)
{
    corpus_each_line("urls.jsonl", replay_url);
}
END_TEST

/* Where we are stricter than the parser of pydantic: there is no IDNA here. */
START_TEST(hosts_beyond_ascii_are_refused)
{
    gri_arena_init(&arena, NULL, 0);
    ck_assert_str_eq(read_url("http://ex\xc3\xa4mple.com"), "invalid international domain name");
    gri_arena_finish(&arena);
}
END_TEST

static const struct {
    const char *text, *says;
} addresses[] = {
    {"a@example.com", "a@example.com"},
    {"A.b+c@Example.COM", "A.b+c@example.com"},
    {"x", "An email address must have an @-sign."},
    {"a@", "There must be something after the @-sign."},
    {"@b.c", "There must be something before the @-sign."},
    {"a b@example.com", "The email address contains invalid characters before the @-sign: SPACE."},
    {"a\"b@example.com", "The email address contains invalid characters before the @-sign: '\"'."},
    {"a@b c.com", "The part after the @-sign contains invalid characters: SPACE."},
    {"a@b@example.com", "The part after the @-sign contains invalid characters: '@'."},
    {".a@example.com", "An email address cannot start with a period."},
    {"a.@example.com", "An email address cannot have a period immediately before the @-sign."},
    {"a..b@example.com", "An email address cannot have two periods in a row."},
    {"a@.example.com", "An email address cannot have a period immediately after the @-sign."},
    {"a@example.com.", "An email address cannot end with a period."},
    {"a@-example.com", "An email address cannot have a hyphen immediately after the @-sign or a period."},
    {"a@example-.com", "An email address cannot have a hyphen immediately before a period or the end of the address."},
    {"a@example", "The part after the @-sign is not valid. It should have a period."},
    {"a@x.test", "The part after the @-sign is a special-use or reserved name that cannot be used with email."},
    {"a@localhost", "The part after the @-sign is a special-use or reserved name that cannot be used with email."},
    {"a@1.2.3.4", "The part after the @-sign is not valid. It is not within a valid top-level domain."},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.com",
     "The email address is too long before the @-sign."},
};

START_TEST(addresses_are_read_as_email_validator_reads_them)
{
    gri_arena_init(&arena, NULL, 0);
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        const char *why, *got = gri_email_read(addresses[i].text, strlen(addresses[i].text), &arena, &why);
        got = got ? got : why;
        ck_assert_msg(strcmp(got, addresses[i].says) == 0, "of %s wanted %s, got %s", addresses[i].text,
                      addresses[i].says, got);
    }
    gri_arena_finish(&arena);
}
END_TEST

static void want_bytes(const char *text, const char *bytes, size_t len)
{
    unsigned char to[64];
    const char *why;
    struct gri_arena own;
    gri_arena_init(&own, NULL, 0);
    ck_assert_int_eq(gri_base64_read(text, strlen(text), to, &own, &why), (ptrdiff_t)len);
    ck_assert_int_eq(memcmp(to, bytes, len), 0);
    gri_arena_finish(&own);
}

static void want_no_bytes(const char *text, const char *reason)
{
    unsigned char to[64];
    const char *why;
    struct gri_arena own;
    gri_arena_init(&own, NULL, 0);
    ck_assert_int_eq(gri_base64_read(text, strlen(text), to, &own, &why), -1);
    ck_assert_str_eq(why, reason);
    gri_arena_finish(&own);
}

START_TEST(base64_is_read_in_both_alphabets_and_padded_or_not)
{
    want_bytes("", "", 0);
    want_bytes("aGk=", "hi", 2);
    want_bytes("aA==", "h", 1);
    want_bytes("aGVs", "hel", 3);
    want_bytes("+/8=", "\xfb\xff", 2);
    want_bytes("-_8=", "\xfb\xff", 2);
    want_bytes("aGk", "hi", 2);
    want_bytes("aA", "h", 1);
    want_bytes("aA=", "h", 1);
    want_no_bytes("a", "Invalid input length: 1");
    want_no_bytes("aGVsa", "Invalid input length: 5");
    want_no_bytes("a===", "Invalid symbol 61, offset 1.");
    want_no_bytes("====", "Invalid symbol 61, offset 0.");
    want_no_bytes("aGk====", "Invalid symbol 61, offset 3.");
    want_no_bytes("aGVs=", "Invalid symbol 61, offset 4.");
    want_no_bytes("aG k", "Invalid symbol 32, offset 2.");
    want_no_bytes("aG=k", "Invalid symbol 61, offset 2.");
    want_no_bytes("aGl=", "Invalid last symbol 108, offset 2.");
    want_no_bytes("aB==", "Invalid last symbol 66, offset 1.");
}
END_TEST

START_TEST(base64_is_written_with_padding)
{
    struct gri_buf buf;
    gri_buf_init(&buf, NULL);
    for (size_t n = 0; n <= 4; n++) {
        gri_base64_write(&buf, (const unsigned char *)"\xfb\xffhi", n);
        gri_buf_putc(&buf, ' ');
    }
    want_text(&buf, " -w== -_8= -_9o -_9oaQ== ");
    gri_buf_finish(&buf);
}
END_TEST

int main(void)
{
    return run_tests("texts",
                     (test_list){urls_take_their_normal_form, hosts_beyond_ascii_are_refused,
                                 addresses_are_read_as_email_validator_reads_them,
                                 base64_is_read_in_both_alphabets_and_padded_or_not, base64_is_written_with_padding,
                                 NULL},
                     20);
}
