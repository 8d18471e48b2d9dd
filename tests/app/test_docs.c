/* /docs and /redoc: where they are, their headers, and the files they load. */
#include <zlib.h>

#include <griddle/openapi.h>

#include "app_test.h"

#define TYPE_OF(answer) gr_answer_header((answer), "content-type")
#define FIELDS(...)     ((const char *const[]){__VA_ARGS__, NULL})

GR_GET("/docs", say_name);
GR_ROUTE_AS(anything, "GET", "/{path:path}", say_name);
GR_ROUTE_AS(post_docs, "POST", "/docs", say_name);

static gr_answer *get(gr_test *test, const char *target, const char *const *headers)
{
    gr_answer *answer = gr_test_request(test, "GET", target, headers, NULL, 0);
    ck_assert_ptr_nonnull(answer);
    return answer;
}

static void check_header(const gr_answer *answer, const char *name, const char *wanted)
{
    const char *got = gr_answer_header(answer, name);
    ck_assert_msg(got && strcmp(got, wanted) == 0, "%s is %s, not %s", name, got ? got : "absent", wanted);
}

/* The text of a page, which must be there (to be freed). */
static char *page(gr_test *test, const char *url)
{
    gr_answer *answer = get(test, url, NULL);
    check_answer(answer, 200, NULL);
    check_header(answer, "content-type", "text/html; charset=utf-8");
    char *text = strdup(gr_answer_body(answer, NULL));
    gr_answer_free(answer);
    ck_assert_ptr_nonnull(text);
    return text;
}

/* The page at `url` must hold `part`. */
static void check_page(gr_test *test, const char *url, const char *part)
{
    char *text = page(test, url);
    HAS(text, part);
    free(text);
}

/* --- the pages --- */

START_TEST(pages_show_the_document_and_the_title)
{
    MAKE_APP(app, &anything_route);
    gr_test *test = serve(app);
    check_page(test, "/docs", "<title>tests - Swagger UI</title>");
    check_page(test, "/docs",
               " data-openapi=\"./openapi.json\" data-root=\"./\" data-oauth2-redirect=\"./docs/oauth2-redirect\"");
    check_page(test, "/docs/oauth2-redirect", " src=\"../docs/static/oauth2-redirect-");
    check_page(test, "/redoc", "<title>tests - ReDoc</title>");
    check_page(test, "/redoc", " data-openapi=\"./openapi.json\"");
    end(test, app);
}
END_TEST

START_TEST(a_title_is_text_in_html)
{
    gr_app *app = gr_app_create("</title><script>\"a\" & 'b'", "1");
    gr_test *test = serve(app);
    check_page(test, "/docs", "<title>&lt;/title&gt;&lt;script&gt;&quot;a&quot; &amp; 'b' - Swagger UI</title>");
    check_page(test, "/redoc", "<title>&lt;/title&gt;&lt;script&gt;&quot;a&quot; &amp; 'b' - ReDoc</title>");
    end(test, app);
}
END_TEST

START_TEST(pages_let_nothing_in_from_elsewhere)
{
    static const char *const urls[] = {"/docs", "/docs/oauth2-redirect", "/redoc"};
    gr_app *app = gr_app_create("tests", "1");
    gr_test *test = serve(app);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        gr_answer *answer = get(test, urls[i], NULL);
        const char *policy = gr_answer_header(answer, "content-security-policy");
        ck_assert_ptr_nonnull(policy);
        HAS(policy, "default-src 'none'; script-src 'self'; connect-src 'self'; ");
        LACKS(policy, "http");
        LACKS(policy, "*");
        check_header(answer, "x-content-type-options", "nosniff");
        check_header(answer, "cache-control", "no-cache");
        LACKS(gr_answer_body(answer, NULL), "//");
        gr_answer_free(answer);
    }
    end(test, app);
}
END_TEST

START_TEST(pages_answer_get_and_head_alone)
{
    MAKE_APP(app, &post_docs_route);
    gr_test *test = serve(app);
    check_request(test, "HEAD", "/docs", 200, "");
    check_request(test, "HEAD", "/redoc", 200, "");
    check_request(test, "POST", "/docs", 200, "post_docs");
    check_request(test, "POST", "/redoc", 405, NULL);
    end(test, app);
}
END_TEST

/* --- where they are --- */

START_TEST(pages_can_be_moved)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_set_docs_url(app, "/api/v1/docs"), 0);
    ck_assert_int_eq(gr_app_set_redoc_url(app, "/"), 0);
    gr_test *test = serve(app);
    check_page(test, "/api/v1/docs", " data-openapi=\"../../openapi.json\"");
    check_page(test, "/api/v1/docs", " data-root=\"../../\"");
    check_page(test, "/api/v1/docs", " src=\"../../api/v1/docs/static/swagger-ui-init-");
    check_page(test, "/api/v1/docs", " data-oauth2-redirect=\"../../api/v1/docs/oauth2-redirect\"");
    check_page(test, "/", " src=\"./static/redoc-init-");
    check_get(test, "/docs", 404, NULL);
    check_get(test, "/docs/oauth2-redirect", 404, NULL);
    check_get(test, "/redoc", 404, NULL);
    end(test, app);
}
END_TEST

START_TEST(pages_can_be_switched_off)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_set_docs_url(app, NULL), 0);
    gr_test *test = serve(app);
    check_get(test, "/docs", 404, NULL);
    check_get(test, "/docs/oauth2-redirect", 404, NULL);
    check_page(test, "/redoc", "<title>");
    gr_test_destroy(test);
    ck_assert_int_eq(gr_app_set_docs_url(app, "/docs"), 0);
    ck_assert_int_eq(gr_app_set_redoc_url(app, NULL), 0);
    test = serve(app);
    check_get(test, "/redoc", 404, NULL);
    check_page(test, "/docs", "<title>");
    end(test, app);
}
END_TEST

START_TEST(pages_follow_the_document)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_set_openapi_url(app, "/api/the \"document\" 100%"), 0);
    gr_test *test = serve(app);
    check_page(test, "/docs", " data-openapi=\"./api/the%20%22document%22%20100%25\"");
    check_page(test, "/redoc", " data-openapi=\"./api/the%20%22document%22%20100%25\"");
    check_get(test, "/api/the%20%22document%22%20100%25", 200, NULL);
    end(test, app);
}
END_TEST

START_TEST(without_the_document_there_are_no_pages)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_set_openapi_url(app, NULL), 0);
    gr_test *test = serve(app);
    check_get(test, "/docs", 404, NULL);
    check_get(test, "/docs/oauth2-redirect", 404, NULL);
    check_get(test, "/redoc", 404, NULL);
    end(test, app);
}
END_TEST

START_TEST(the_document_does_not_mention_the_pages)
{
    MAKE_APP(app, &anything_route);
    gr_test *test = serve(app);
    gr_answer *answer = get(test, "/openapi.json", NULL);
    check_answer(answer, 200, NULL);
    HAS(gr_answer_body(answer, NULL), "\"/{path}\"");
    LACKS(gr_answer_body(answer, NULL), "docs");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(a_url_that_needs_escapes_is_refused)
{
    static const char *const urls[] = {"", "docs", "/do cs", "/{docs}", "/docs?", "/docs#x", "/%64ocs", "/\"docs"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        gr_app *app = gr_app_create("tests", "1");
        ck_assert_int_eq(gr_app_set_docs_url(app, urls[i]), GR_EINVAL);
        ck_assert_int_eq(gr_app_set_redoc_url(app, urls[i]), GR_EINVAL);
        char *text = refusal(app);
        HAS(text, "the application could not be built: gr_app_set_docs_url() takes a path");
        free(text);
        gr_app_destroy(app);
    }
    ck_assert_int_eq(gr_app_set_docs_url(NULL, "/docs"), GR_ENOMEM);
    ck_assert_int_eq(gr_app_set_redoc_url(NULL, "/redoc"), GR_ENOMEM);
}
END_TEST

START_TEST(two_pages_at_one_url_are_refused)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_app_set_redoc_url(app, "/docs"), 0);
    char *text = refusal(app);
    HAS(text, "redoc-page: \"GET /docs\" can never be reached: \"GET /docs\" of swagger-ui-page comes first");
    free(text);
    gr_app_destroy(app);
}
END_TEST

START_TEST(the_applications_own_operation_takes_a_pages_place)
{
    MAKE_APP(app, &say_name_route);
    gr_test *test = serve(app);
    check_get(test, "/docs", 200, "say_name");
    check_get(test, "/docs/oauth2-redirect", 404, NULL);
    check_page(test, "/redoc", "<title>");
    end(test, app);
}
END_TEST

START_TEST(an_operation_for_any_path_does_not_hide_the_pages)
{
    MAKE_APP(app, &anything_route);
    gr_test *test = serve(app);
    check_page(test, "/docs", "<title>");
    check_page(test, "/redoc", "<title>");
    check_get(test, "/docs/else", 200, "anything");
    end(test, app);
}
END_TEST

static gr_reply through(gr_req *req, gr_next *next)
{
    return gr_with_header(gr_call_next_blocking(req, next), "x-through", "yes");
}

START_TEST(pages_run_inside_blocking_middleware)
{
    gr_app *app = gr_app_create("tests", "1");
    ck_assert_int_eq(gr_use(app, through), 0);
    gr_test *test = serve(app);
    gr_answer *answer = get(test, "/docs", NULL);
    check_answer(answer, 200, NULL);
    check_header(answer, "x-through", "yes");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

/* --- the files --- */

/* The next file that a page at the top of the server loads ("/docs/static/x.js"), or false. */
static bool next_file(const char **text, char *target, size_t size)
{
    const char *hit = strstr(*text, "/static/");
    if (!hit)
        return false;
    while (hit[-1] != '.')
        hit--;
    size_t len = strcspn(hit, "\"");
    snprintf(target, size, "%.*s", (int)len, hit);
    *text = hit + len;
    return true;
}

/* Calls `check` for every file that the pages load. */
static void each_file(gr_test *test, void (*check)(gr_test *test, const char *target))
{
    static const char *const urls[] = {"/docs", "/redoc"};
    int n = 0;
    for (size_t i = 0; i < 2; i++) {
        char *text = page(test, urls[i]), target[128];
        const char *rest = text;
        for (; next_file(&rest, target, sizeof target); n++)
            check(test, target);
        free(text);
    }
    ck_assert_int_eq(n, 8);
}

static void with_files(void (*check)(gr_test *test, const char *target))
{
    gr_app *app = gr_app_create("tests", "1");
    gr_test *test = serve(app);
    each_file(test, check);
    end(test, app);
}

/* The file as it is, from gzip (to be freed). */
static char *gunzip(const gr_answer *answer, size_t *len)
{
    enum { LARGEST = 8 << 20 };
    size_t packed;
    const char *body = gr_answer_body(answer, &packed);
    char *out = malloc(LARGEST);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)body, .avail_in = (uInt)packed};
    z.next_out = (Bytef *)out;
    z.avail_out = LARGEST;
    ck_assert_int_eq(inflateInit2(&z, 31), Z_OK);
    ck_assert_int_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
    ck_assert_uint_eq(z.avail_in, 0);
    *len = z.total_out;
    inflateEnd(&z);
    return out;
}

static void check_headers(const gr_answer *answer)
{
    check_header(answer, "cache-control", "public, max-age=31536000, immutable");
    check_header(answer, "vary", "accept-encoding");
    ck_assert_ptr_nonnull(gr_answer_header(answer, "etag"));
}

static void check_both_codings(gr_test *test, const char *target)
{
    gr_answer *packed = get(test, target, FIELDS("accept-encoding", "gzip")), *plain = get(test, target, NULL);
    size_t len, plain_len;
    check_answer(packed, 200, NULL);
    check_answer(plain, 200, NULL);
    check_headers(packed);
    check_headers(plain);
    check_header(packed, "content-encoding", "gzip");
    ck_assert_ptr_null(gr_answer_header(plain, "content-encoding"));
    check_header(plain, "x-content-type-options", "nosniff");
    check_header(packed, "content-type", TYPE_OF(plain));
    ck_assert_str_ne(gr_answer_header(packed, "etag"), gr_answer_header(plain, "etag"));
    char *file = gunzip(packed, &len);
    const char *wanted = gr_answer_body(plain, &plain_len);
    ck_assert_uint_eq(len, plain_len);
    ck_assert_mem_eq(file, wanted, len);
    free(file);
    gr_answer_free(packed);
    gr_answer_free(plain);
}

START_TEST(files_come_in_gzip_and_as_they_are)
{
    with_files(check_both_codings);
}
END_TEST

static void check_type(gr_test *test, const char *target)
{
    static const char *const types[][2] = {
        {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"}, {".png", "image/png"}};
    gr_answer *answer = get(test, target, FIELDS("accept-encoding", "gzip"));
    for (size_t i = 0; i < 3; i++)
        if (strcmp(strrchr(target, '.'), types[i][0]) == 0)
            check_header(answer, "content-type", types[i][1]);
    ck_assert_ptr_nonnull(TYPE_OF(answer));
    gr_answer_free(answer);
}

START_TEST(files_have_their_content_types)
{
    with_files(check_type);
}
END_TEST

static void check_unchanged(gr_test *test, const char *target)
{
    gr_answer *plain = get(test, target, NULL);
    const char *etag = gr_answer_header(plain, "etag");
    char list[128];
    snprintf(list, sizeof list, "\"other\", W/%s", etag);
    gr_answer *same = get(test, target, FIELDS("if-none-match", list));
    check_answer(same, 304, "");
    check_headers(same);
    check_header(same, "etag", etag);
    ck_assert_ptr_null(TYPE_OF(same));
    gr_answer_free(same);
    /* what it has is not what it would get */
    gr_answer *other = get(test, target, FIELDS("if-none-match", etag, "accept-encoding", "gzip"));
    check_answer(other, 200, NULL);
    gr_answer_free(other);
    gr_answer_free(plain);
}

START_TEST(a_client_that_has_a_file_gets_304)
{
    with_files(check_unchanged);
}
END_TEST

static void check_head(gr_test *test, const char *target)
{
    gr_answer *whole = get(test, target, NULL), *head = gr_test_request(test, "HEAD", target, NULL, NULL, 0);
    check_answer(head, 200, "");
    check_headers(head);
    check_header(head, "content-length", gr_answer_header(whole, "content-length"));
    check_header(head, "etag", gr_answer_header(whole, "etag"));
    gr_answer_free(whole);
    gr_answer_free(head);
}

START_TEST(head_says_what_get_would)
{
    with_files(check_head);
}
END_TEST

/* The first of /docs, with those fields, must come in gzip, or not. */
static void check_coding(gr_test *test, const char *target, const char *const *fields, bool as_gzip)
{
    gr_answer *answer = get(test, target, fields);
    const char *coding = gr_answer_header(answer, "content-encoding");
    ck_assert_msg(!!coding == as_gzip, "accept-encoding: %s: %s", fields[1], coding ? coding : "as it is");
    gr_answer_free(answer);
}

static void check_codings(gr_test *test, const char *target)
{
    static const char *const takes[] = {"gzip",   "GZip",          "x-gzip",    "deflate, gzip;q=0.001",
                                        "*",      "br;q=1,*;q=.5", "gzip;q=1 ", "identity;q=0, gzip",
                                        "gzip,,", "*;q=0,gzip"};
    static const char *const refuses[] = {"",        "identity",    "br",         "gzip;q=0", "gzip; Q=0.000",
                                          "*;q=0.0", "*, gzip;q=0", "gzip;q=0,*", "gzipped",  "not gzip"};
    for (size_t i = 0; i < sizeof takes / sizeof takes[0]; i++)
        check_coding(test, target, FIELDS("accept-encoding", takes[i]), true);
    for (size_t i = 0; i < sizeof refuses / sizeof refuses[0]; i++)
        check_coding(test, target, FIELDS("accept-encoding", refuses[i]), false);
    check_coding(test, target, FIELDS("accept-encoding", "br", "Accept-Encoding", "gzip"), true);
}

START_TEST(the_coding_is_one_that_the_client_takes)
{
    with_files(check_codings);
}
END_TEST

START_TEST(an_unknown_file_is_404)
{
    gr_app *app = gr_app_create("tests", "1");
    gr_test *test = serve(app);
    check_get(test, "/docs/static/swagger-ui.css", 404, "{\"detail\":\"Not Found\"}");
    check_get(test, "/redoc/static/..%2fx", 400, NULL);
    check_get(test, "/docs/static/", 404, NULL);
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests("app docs",
                     (test_list){pages_show_the_document_and_the_title,
                                 a_title_is_text_in_html,
                                 pages_let_nothing_in_from_elsewhere,
                                 pages_answer_get_and_head_alone,
                                 pages_can_be_moved,
                                 pages_can_be_switched_off,
                                 pages_follow_the_document,
                                 without_the_document_there_are_no_pages,
                                 the_document_does_not_mention_the_pages,
                                 a_url_that_needs_escapes_is_refused,
                                 two_pages_at_one_url_are_refused,
                                 the_applications_own_operation_takes_a_pages_place,
                                 an_operation_for_any_path_does_not_hide_the_pages,
                                 pages_run_inside_blocking_middleware,
                                 files_come_in_gzip_and_as_they_are,
                                 files_have_their_content_types,
                                 a_client_that_has_a_file_gets_304,
                                 head_says_what_get_would,
                                 the_coding_is_one_that_the_client_takes,
                                 an_unknown_file_is_404,
                                 NULL},
                     10);
}
