/* A login as an application writes it: a password for a token, a token for an answer. */
#include <griddle/testing.h>

#include "rings.h"

static struct shop {
    gr_app *app;
    gr_keys *keys;
    gr_passwords *passwords;
    char *hash;
} shop;

struct login {
    const char *username;
    const char *password;
};
static GR_INPUT(login, GR_FORM(username), GR_FORM(password));

static gr_reply log_in(gr_req *req, int rc, const char *username)
{
    char *token;
    if (rc == GR_PASSWORD_WRONG)
        rc = gr_fail(req, 401, "Incorrect username or password");
    if (rc == 0)
        rc = gr_jwt_make(gr_req_arena(req), shop.keys, json_pack("{s:s}", "sub", username),
                         GR_JWT_MAKE(.lifetime_s = 900), &token);
    return rc ? gr_failed(req, rc) : gr_text(req, token);
}

static const char *hash_of(const char *username)
{
    return strcmp(username, "ada") == 0 ? shop.hash : NULL;
}

static gr_reply login(gr_co co, gr_req *req, const struct login *in)
{
    return log_in(req, gr_password_check(co, shop.passwords, hash_of(in->username), in->password), in->username);
}
GR_POST("/token", login);

struct login_blocking {
    const char *username;
    const char *password;
};
static GR_INPUT(login_blocking, GR_FORM(username), GR_FORM(password));

static gr_reply login_blocking(gr_req *req, const struct login_blocking *in)
{
    return log_in(req, gr_password_check_blocking(shop.passwords, hash_of(in->username), in->password), in->username);
}
GR_POST("/blocking/token", login_blocking);

static gr_reply read_me(gr_co co, gr_req *req)
{
    const char *field = gr_header(req, "Authorization");
    json_t *claims;
    (void)co;
    int rc = gr_jwt_check(shop.keys, field && strncmp(field, "Bearer ", 7) == 0 ? field + 7 : NULL, NULL, &claims);
    if (rc)
        return gr_failed(req, gr_token_fail(req, rc));
    gr_reply reply = gr_text(req, json_string_value(json_object_get(claims, "sub")));
    json_decref(claims);
    return reply;
}
GR_GET("/users/me", read_me);

static gr_reply break_down(gr_co co, gr_req *req)
{
    (void)co;
    return gr_failed(req, gr_token_fail(req, GR_ENOMEM));
}
GR_GET("/breaks", break_down);

static gr_test *open_shop(void)
{
    shop.app = gr_app_create("shop", "1");
    gr_arena *arena = gr_arena_create();
    char *hash;
    shop.keys = ring_of(OWN_SECRET, NULL);
    ck_assert_int_eq(gr_passwords_create(&shop.passwords, &(gr_password_options){.size = sizeof(gr_password_options),
                                                                                 .memory_bytes = 8192,
                                                                                 .passes = 1}),
                     0);
    ck_assert_int_eq(gr_password_hash_blocking(shop.passwords, arena, "swordfish", &hash), 0);
    shop.hash = strdup(hash);
    gr_arena_destroy(arena);
    gr_app_add(shop.app, &login_route, &login_blocking_route, &read_me_route, &break_down_route);
    gr_test *test = gr_test_create(shop.app);
    ck_assert_ptr_nonnull(test);
    return test;
}

static void close_shop(gr_test *test)
{
    gr_test_destroy(test);
    gr_app_destroy(shop.app);
    gr_passwords_destroy(shop.passwords);
    gr_keys_destroy(shop.keys);
    free(shop.hash);
}

static gr_answer *post(gr_test *test, const char *target, const char *form)
{
    static const char *const headers[] = {"Content-Type", "application/x-www-form-urlencoded", NULL};
    gr_answer *answer = gr_test_request(test, "POST", target, headers, form, strlen(form));
    ck_assert_ptr_nonnull(answer);
    return answer;
}

static gr_answer *get_me(gr_test *test, const char *authorization)
{
    const char *const headers[] = {"Authorization", authorization, NULL};
    gr_answer *answer = gr_test_request(test, "GET", "/users/me", headers, NULL, 0);
    ck_assert_ptr_nonnull(answer);
    return answer;
}

static void want_logged_in(gr_test *test, const char *target)
{
    gr_answer *answer = post(test, target, "username=ada&password=swordfish");
    char authorization[1000];
    ck_assert_int_eq(gr_answer_status(answer), 200);
    snprintf(authorization, sizeof authorization, "Bearer %s", gr_answer_body(answer, NULL));
    gr_answer_free(answer);
    answer = get_me(test, authorization);
    ck_assert_int_eq(gr_answer_status(answer), 200);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "ada");
    gr_answer_free(answer);
}

START_TEST(a_password_gets_a_token_and_that_an_answer)
{
    gr_test *test = open_shop();
    want_logged_in(test, "/token");
    want_logged_in(test, "/blocking/token");
    close_shop(test);
}
END_TEST

static void want_not_logged_in(gr_test *test, const char *target, const char *form)
{
    gr_answer *answer = post(test, target, form);
    ck_assert_int_eq(gr_answer_status(answer), 401);
    ck_assert_str_eq(gr_answer_body(answer, NULL), "{\"detail\":\"Incorrect username or password\"}");
    gr_answer_free(answer);
}

START_TEST(a_wrong_password_and_an_unknown_name_have_the_same_answer)
{
    gr_test *test = open_shop();
    want_not_logged_in(test, "/token", "username=ada&password=x");
    want_not_logged_in(test, "/token", "username=bob&password=swordfish");
    want_not_logged_in(test, "/blocking/token", "username=ada&password=x");
    want_not_logged_in(test, "/blocking/token", "username=bob&password=swordfish");
    close_shop(test);
}
END_TEST

static void want_challenge(gr_test *test, const char *authorization, const char *text)
{
    gr_answer *answer = get_me(test, authorization);
    char challenge[200], body[200];
    snprintf(challenge, sizeof challenge, "Bearer error=\"invalid_token\", error_description=\"%s\"", text);
    snprintf(body, sizeof body, "{\"detail\":\"%s\"}", text);
    ck_assert_int_eq(gr_answer_status(answer), 401);
    ck_assert_str_eq(gr_answer_header(answer, "WWW-Authenticate"), challenge);
    ck_assert_str_eq(gr_answer_body(answer, NULL), body);
    gr_answer_free(answer);
}

START_TEST(a_token_that_is_refused_is_a_401_with_a_challenge)
{
    gr_test *test = open_shop();
    char authorization[1000];
    snprintf(authorization, sizeof authorization, "Bearer %s", with_claims("{\"exp\":1700000001}"));
    want_challenge(test, authorization, "The token has expired");
    authorization[strlen(authorization) - 1] = '!';
    want_challenge(test, authorization, "The token's signature does not match");
    want_challenge(test, "Bearer x", "The token is malformed");
    want_challenge(test, "Basic x", "The token is malformed");
    close_shop(test);
}
END_TEST

START_TEST(what_is_no_fault_of_the_clients_is_not_told)
{
    gr_test *test = open_shop();
    gr_answer *answer = gr_test_get(test, "/breaks");
    ck_assert_int_eq(gr_answer_status(answer), 500);
    ck_assert_ptr_null(gr_answer_header(answer, "WWW-Authenticate"));
    gr_answer_free(answer);
    close_shop(test);
}
END_TEST

int main(void)
{
    return run_tests("security login",
                     (test_list){a_password_gets_a_token_and_that_an_answer,
                                 a_wrong_password_and_an_unknown_name_have_the_same_answer,
                                 a_token_that_is_refused_is_a_401_with_a_challenge,
                                 what_is_no_fault_of_the_clients_is_not_told, NULL},
                     30);
}
