/* RFC 9457 in place of FastAPI's {"detail": ...}. */
#include "app_test.h"

#include <griddle/error.h>
#include <griddle/invalid.h>
#include <griddle/json.h>
#include <griddle/openapi.h>

static gr_reply refuses(gr_req *req)
{
    return gr_failed(req, gr_fail(req, 409, "\"%s\" is taken", "a"));
}
GR_GET("/refuses", refuses,
       .responses = GR_RESPONSES({409, .description = "Taken"}, {5, .description = "Broken"},
                                 {404, .type = "text/plain"}));

static gr_reply returns(gr_co co, gr_req *req)
{
    (void)co;
    return gr_error(req, 404, "no such thing");
}
GR_GET("/returns", returns);

static gr_reply extended(gr_co co, gr_req *req)
{
    (void)co;
    json_t *members = json_pack("{s:s,s:s,s:i,s:i}", "type", "https://example.com/credit", "title", "Out of credit",
                                "balance", 30, "status", 7);
    return gr_failed(req, gr_fail_json(req, 403, members));
}
GR_GET("/extended", extended);

static gr_reply listed(gr_req *req)
{
    return gr_failed(req, gr_fail_json(req, 400, json_pack("[s,s]", "a", "b")));
}
GR_GET("/listed", listed);

static gr_reply worded(gr_req *req)
{
    return gr_failed(req, gr_fail_json(req, 400, json_string("in words")));
}
GR_GET("/worded", worded);

static gr_reply breaks(gr_req *req)
{
    return gr_failed(req, GR_EIO);
}
GR_GET("/breaks", breaks);

static gr_reply crowded(gr_req *req)
{
    return gr_failed(req, GR_EBUSY);
}
GR_GET("/crowded", crowded);

struct counted {
    int64_t n;
};
static GR_INPUT(counted, GR_QUERY(n));
static gr_reply counted(gr_req *req, const struct counted *in)
{
    return gr_pack(req, "i", (int)in->n);
}
GR_GET("/counted", counted);

static gr_app *problem_app(void)
{
    MAKE_APP(app, &refuses_route, &returns_route, &extended_route, &listed_route, &worded_route, &breaks_route,
             &crowded_route, &counted_route);
    ck_assert_int_eq(gr_app_set_problem_details(app, true), 0);
    return app;
}

static void check_problem(gr_test *test, const char *target, int status, const char *body)
{
    begin_capture();
    gr_answer *answer = gr_test_get(test, target);
    free(end_capture());
    check_answer(answer, status, body);
    ck_assert_pstr_eq(gr_answer_header(answer, "Content-Type"), "application/problem+json");
    ck_assert_ptr_nonnull(gr_answer_json(answer));
    gr_answer_free(answer);
}

#define PROBLEM(status, title, detail, path) \
    "{\"status\":" #status ",\"type\":\"about:blank\",\"title\":\"" title "\",\"detail\":\"" detail \
    "\",\"instance\":\"" path "\"}"

START_TEST(every_error_is_a_problem)
{
    gr_app *app = problem_app();
    gr_test *test = serve(app);
    check_problem(test, "/nowhere?q=1", 404, PROBLEM(404, "Not Found", "Not Found", "/nowhere"));
    check_problem(test, "/a%2fb", 404, PROBLEM(404, "Not Found", "Not Found", "/a%2fb"));
    check_problem(test, "/refuses", 409, PROBLEM(409, "Conflict", "\\\"a\\\" is taken", "/refuses"));
    check_problem(test, "/returns", 404, PROBLEM(404, "Not Found", "no such thing", "/returns"));
    check_problem(test, "/worded", 400, PROBLEM(400, "Bad Request", "in words", "/worded"));
    check_problem(test, "/breaks", 500, PROBLEM(500, "Internal Server Error", "Internal Server Error", "/breaks"));
    check_problem(test, "/crowded", 503, PROBLEM(503, "Service Unavailable", "Service Unavailable", "/crowded"));
    end(test, app);
}
END_TEST

START_TEST(fields_of_the_status_stay)
{
    gr_app *app = problem_app();
    gr_test *test = serve(app);
    gr_answer *answer = gr_test_get(test, "/crowded");
    ck_assert_pstr_eq(gr_answer_header(answer, "Retry-After"), "1");
    gr_answer_free(answer);
    answer = gr_test_request(test, "PUT", "/breaks", NULL, NULL, 0);
    check_answer(answer, 405, PROBLEM(405, "Method Not Allowed", "Method Not Allowed", "/breaks"));
    ck_assert_pstr_eq(gr_answer_header(answer, "Allow"), "GET, HEAD, OPTIONS");
    gr_answer_free(answer);
    end(test, app);
}
END_TEST

START_TEST(a_target_that_is_none_has_no_instance)
{
    gr_app *app = problem_app();
    gr_test *test = serve(app);
    check_problem(test, "/%zz", 400,
                  "{\"status\":400,\"type\":\"about:blank\",\"title\":\"Bad Request\",\"detail\":\"Bad Request\"}");
    end(test, app);
}
END_TEST

START_TEST(members_extend_it_and_replace_its_own_but_for_the_status)
{
    gr_app *app = problem_app();
    gr_test *test = serve(app);
    check_problem(test, "/extended", 403,
                  "{\"status\":403,\"detail\":\"Forbidden\",\"instance\":\"/extended\",\"type\":\"https://example.com/"
                  "credit\",\"title\":\"Out of credit\",\"balance\":30}");
    check_problem(test, "/listed", 400,
                  "{\"status\":400,\"type\":\"about:blank\",\"title\":\"Bad Request\",\"detail\":\"Bad Request\","
                  "\"instance\":\"/listed\",\"errors\":[\"a\",\"b\"]}");
    end(test, app);
}
END_TEST

START_TEST(what_is_invalid_is_listed_as_errors)
{
    gr_app *app = problem_app();
    gr_test *test = serve(app);
    check_problem(
        test, "/counted?n=x", 422,
        "{\"status\":422,\"type\":\"about:blank\",\"title\":\"Unprocessable Content\",\"detail\":\"The request "
        "does not fit what is declared: see errors\",\"instance\":\"/counted\",\"errors\":[{\"type\":\"int_"
        "parsing\",\"loc\":[\"query\",\"n\"],\"msg\":\"Input should be a valid integer, unable to parse string "
        "as an integer\",\"input\":\"x\"}]}");
    end(test, app);
}
END_TEST

struct apology {
    const char *text;
};
static GR_MODEL(apology, GR_FIELD(text));

static gr_reply apologize(gr_req *req, const gr_invalid *mistakes, size_t n)
{
    (void)mistakes, (void)n;
    return gr_with_status(apology_reply(req, &(struct apology){"sorry"}), 422);
}

static gr_reply in_place(gr_req *req, const gr_error_info *error)
{
    (void)error;
    return gr_text(req, "in its place");
}

START_TEST(functions_of_the_application_answer_as_they_do)
{
    gr_app *app = problem_app();
    ck_assert_int_eq(gr_app_set_invalid(app, apologize, apology_model), 0);
    ck_assert_int_eq(gr_app_on_error(app, 404, in_place), 0);
    gr_test *test = serve(app);
    check_get(test, "/counted", 422, "{\"text\":\"sorry\"}");
    check_get(test, "/nowhere", 404, "in its place");
    end(test, app);
}
END_TEST

/* --- the document --- */

static json_t *at(json_t *value, const char *path)
{
    char part[100];
    while (value && *path) {
        size_t n = strcspn(path, " ");
        snprintf(part, sizeof part, "%.*s", (int)n, path);
        value = json_object_get(value, part);
        path += n + (path[n] == ' ');
    }
    return value;
}

static const char problem_ref[] = "#/components/schemas/ProblemDetails";

static void check_ref(json_t *document, const char *path)
{
    const char *ref = json_string_value(json_object_get(at(document, path), "$ref"));
    ck_assert_msg(ref && strcmp(ref, problem_ref) == 0, "%s is %s", path, ref ? ref : "not there");
}

START_TEST(the_document_says_so)
{
    gr_app *app = problem_app();
    json_t *document;
    ck_assert_int_eq(gr_app_openapi(app, &document), 0);
    check_ref(document, "paths /counted get responses 422 content application/problem+json schema");
    check_ref(document, "paths /refuses get responses 409 content application/problem+json schema");
    check_ref(document, "paths /refuses get responses 5XX content application/problem+json schema");
    ck_assert_ptr_null(at(document, "paths /refuses get responses 404 content application/problem+json"));
    ck_assert_ptr_null(at(document, "components schemas HTTPValidationError"));
    json_t *schema = at(document, "components schemas ProblemDetails");
    char *text = NULL;
    ck_assert_int_eq(gr_json_write(schema, 0, &text, NULL), 0);
    ck_assert_str_eq(
        text, "{\"properties\":{\"type\":{\"type\":\"string\",\"format\":\"uri-reference\",\"title\":\"Type\"},"
              "\"title\":{\"type\":\"string\",\"title\":\"Title\"},\"status\":{\"type\":\"integer\",\"title\":"
              "\"Status\"},\"detail\":{\"type\":\"string\",\"title\":\"Detail\"},\"instance\":{\"type\":"
              "\"string\",\"format\":\"uri-reference\",\"title\":\"Instance\"},\"errors\":{\"items\":{\"$ref\":"
              "\"#/components/schemas/ValidationError\"},\"type\":\"array\",\"title\":\"Errors\"}},\"type\":"
              "\"object\",\"required\":[\"type\",\"title\",\"status\",\"detail\"],\"title\":\"ProblemDetails\"}");
    free(text);
    json_decref(document);
    gr_app_destroy(app);
}
END_TEST

START_TEST(without_it_nothing_changes)
{
    gr_app *app = problem_app();
    json_t *document;
    ck_assert_int_eq(gr_app_set_problem_details(app, false), 0);
    ck_assert_int_eq(gr_app_openapi(app, &document), 0);
    ck_assert_ptr_null(at(document, "components schemas ProblemDetails"));
    ck_assert_ptr_nonnull(at(document, "components schemas HTTPValidationError"));
    json_decref(document);
    gr_test *test = serve(app);
    check_get(test, "/extended", 403,
              "{\"detail\":{\"type\":\"https://example.com/credit\",\"title\":\"Out of credit\",\"balance\":30,"
              "\"status\":7}}");
    end(test, app);
}
END_TEST

int main(void)
{
    return run_tests("app problem details",
                     (test_list){every_error_is_a_problem, fields_of_the_status_stay,
                                 a_target_that_is_none_has_no_instance,
                                 members_extend_it_and_replace_its_own_but_for_the_status,
                                 what_is_invalid_is_listed_as_errors, functions_of_the_application_answer_as_they_do,
                                 the_document_says_so, without_it_nothing_changes, NULL},
                     10);
}
