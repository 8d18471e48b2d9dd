/* Bodies piece by piece, both ways: what is not read is not sent, and memory stays as it is. */

#include "heap.h"
#include "world.h"

enum { MIB = 1024 * 1024 };

static char piece[64 * 1024];
static size_t flooded, received; /* atomic: bytes the server has sent, or got */
static int end_of_flood, may_drip;

/* For ever, or as many MiB as the query says. */
static int flood(gr_co co, gr_writer *writer, void *arg)
{
    size_t most = (size_t)(uintptr_t)arg * MIB;
    int rc = 0;
    while (rc == 0 && (most == 0 || flooded < most)) {
        rc = gr_write(co, writer, piece, sizeof piece);
        __atomic_add_fetch(&flooded, sizeof piece, __ATOMIC_RELAXED);
    }
    __atomic_store_n(&end_of_flood, rc ? rc : 1, __ATOMIC_RELAXED);
    return rc;
}

static gr_reply flood_it(gr_co co, gr_req *req)
{
    (void)co;
    uintptr_t mib = gr_query(req, "mib") ? strtoul(gr_query(req, "mib"), NULL, 10) : 0;
    return gr_with_header(gr_stream(req, "text/plain", flood, (void *)mib), "X-Head", "yes");
}
GR_GET("/flood", flood_it, .deadline_ms = -1);

static gr_reply redirect(gr_co co, gr_req *req)
{
    (void)co;
    return gr_redirect(req, "/flood?mib=1");
}
GR_GET("/redirect", redirect);

static int drip(gr_co co, gr_writer *writer, void *arg)
{
    (void)arg;
    while (!__atomic_load_n(&may_drip, __ATOMIC_RELAXED))
        if (gr_sleep(co, 1) < 0)
            return GR_ECANCELED;
    return gr_write(co, writer, "drop", 4);
}

static gr_reply drip_it(gr_co co, gr_req *req)
{
    (void)co;
    return gr_stream(req, "text/plain", drip, NULL);
}
GR_GET("/drip", drip_it, .deadline_ms = -1);

static gr_reply swallow(gr_co co, gr_req *req)
{
    const char *data;
    size_t len;
    int rc;
    while ((rc = gr_read(co, req, &data, &len)) == 0 && len > 0)
        __atomic_add_fetch(&received, len, __ATOMIC_RELAXED);
    return rc ? gr_failed(req, rc) : gr_text(req, gr_printf(req, "%zu", received));
}
GR_POST("/swallow", swallow, .stream_body = true, .max_body_bytes = SIZE_MAX, .deadline_ms = -1);

static void open_world(void)
{
    memset(piece, 'x', sizeof piece);
    site.app = gr_app_create("streams", "1");
    gr_app_add(site.app, &flood_it_route, &redirect_route, &drip_it_route, &swallow_route);
}

/* Of client and server together. */
static size_t peak;

static void note_peak(void)
{
    size_t now = heap_bytes();
    peak = now > peak ? now : peak;
}

/* Reads until `wanted` bytes came, or the end; how many came. */
static size_t read_some(gr_co co, gr_fetch_stream *stream, size_t wanted)
{
    const char *data;
    size_t len = 1, sum = 0;
    while (sum < wanted && len > 0) {
        ck_assert_int_eq(gr_fetch_read(co, stream, &data, &len), 0);
        ck_assert(len == 0 || (data[0] == 'x' && data[len - 1] == 'x'));
        sum += len;
        note_peak();
    }
    return sum;
}

static gr_fetch_stream *open_stream(gr_co co, gr_client *client, const char *target, gr_response *response)
{
    gr_fetch_stream *stream;
    int rc = gr_fetch_open(co, client, GR_FETCH(.url = url(target), .max_redirects = 1), response, &stream);
    ck_assert_msg(rc == 0, "%d %s", rc, response->error);
    ck_assert_int_eq(response->status, 200);
    return stream;
}

/* --- down --- */

CLIENT_TEST(a_body_is_read_to_its_end)
{
    gr_response response;
    gr_fetch_stream *stream = open_stream(co, client, "/flood?mib=3", &response);
    ck_assert_str_eq(gr_response_header(&response, "x-head"), "yes");
    ck_assert_uint_eq(read_some(co, stream, SIZE_MAX), 3 * MIB);
    ck_assert_uint_eq(read_some(co, stream, SIZE_MAX), 0);
    gr_fetch_close(stream);
    gr_response_finish(&response);
}

CLIENT_TEST(the_head_comes_before_the_body)
{
    const char *data;
    size_t len;
    gr_response response;
    gr_fetch_stream *stream = open_stream(co, client, "/drip", &response);
    ck_assert_str_eq(gr_response_header(&response, "Transfer-Encoding"), "chunked");
    __atomic_store_n(&may_drip, 1, __ATOMIC_RELAXED);
    ck_assert_int_eq(gr_fetch_read(co, stream, &data, &len), 0);
    ck_assert_msg(len == 4 && !memcmp(data, "drop", 4), "%.*s", (int)len, data);
    gr_fetch_close(stream);
    gr_response_finish(&response);
}

CLIENT_TEST(the_head_is_that_behind_the_redirects)
{
    gr_response response;
    gr_fetch_stream *stream = open_stream(co, client, "/redirect", &response);
    ck_assert_str_eq(response.url, url("/flood?mib=1"));
    ck_assert_str_eq(gr_response_header(&response, "X-Head"), "yes");
    ck_assert_uint_eq(read_some(co, stream, SIZE_MAX), MIB);
    gr_fetch_close(stream);
    gr_response_finish(&response);
}

/* Until the server has not written for a while. */
static size_t wait_until_it_stands(gr_co co)
{
    size_t before = 0, now = 1;
    for (int still = 0; still < 10; still = now == before ? still + 1 : 0) {
        before = __atomic_load_n(&flooded, __ATOMIC_RELAXED);
        ck_assert_int_eq(gr_sleep(co, 10), 0);
        now = __atomic_load_n(&flooded, __ATOMIC_RELAXED);
    }
    return now;
}

CLIENT_TEST(a_server_waits_for_a_reader_that_is_slow)
{
    gr_response response;
    gr_fetch_stream *stream = open_stream(co, client, "/flood", &response);
    size_t sum = read_some(co, stream, 1), sent = wait_until_it_stands(co);
    ck_assert_msg(sent < 32 * MIB, "%zu bytes were sent to who read %zu", sent, sum);
    sum += read_some(co, stream, sent + 8 * MIB - sum);
    ck_assert_uint_ge(__atomic_load_n(&flooded, __ATOMIC_RELAXED) + sizeof piece, sum);
    gr_fetch_close(stream);
    gr_response_finish(&response);
    while (!__atomic_load_n(&end_of_flood, __ATOMIC_RELAXED))
        ck_assert_int_eq(gr_sleep(co, 1), 0);
    ck_assert_int_eq(end_of_flood, GR_ECANCELED);
}

CLIENT_TEST(a_large_body_comes_in_constant_memory)
{
    gr_response response;
    gr_fetch_stream *stream = open_stream(co, client, "/flood?mib=128", &response);
    size_t before = heap_bytes();
    ck_assert_uint_eq(read_some(co, stream, SIZE_MAX), 128 * MIB);
    ck_assert_uint_lt(peak, before + 2 * MIB);
    gr_fetch_close(stream);
    gr_response_finish(&response);
}

CLIENT_TEST(a_body_that_is_cut_is_read_so_far)
{
    struct liar liar;
    const char *at = begin_lying(&liar, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nfirst"), *data;
    size_t len;
    gr_response response;
    gr_fetch_stream *stream;
    ck_assert_int_eq(gr_fetch_open(co, client, GR_FETCH(.url = at), &response, &stream), 0);
    ck_assert_int_eq(gr_fetch_read(co, stream, &data, &len), 0);
    ck_assert_uint_eq(len, 5);
    ck_assert_int_eq(gr_fetch_read(co, stream, &data, &len), -ECONNRESET);
    HAS(response.error, "5 bytes remaining");
    ck_assert_int_eq(response.status, 200);
    gr_fetch_close(stream);
    gr_response_finish(&response);
    end_lying(&liar);
}

CLIENT_TEST(an_interim_answer_is_not_the_answer)
{
    struct liar liar;
    gr_response response;
    gr_fetch_stream *stream;
    const char *at = begin_lying(&liar, "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
                                        "HTTP/1.1 200 OK\r\nX-B: b\r\nContent-Length: 0\r\n\r\n");
    ck_assert_int_eq(gr_fetch_open(co, client, GR_FETCH(.url = at), &response, &stream), 0);
    ck_assert_int_eq(response.status, 200);
    ck_assert_str_eq(gr_response_header(&response, "X-B"), "b");
    ck_assert_ptr_null(gr_response_header(&response, "Link"));
    ck_assert_uint_eq(read_some(co, stream, SIZE_MAX), 0);
    gr_fetch_close(stream);
    gr_response_finish(&response);
    end_lying(&liar);
}

CLIENT_TEST(a_stream_that_cannot_be_opened_is_null)
{
    gr_response response;
    gr_fetch_stream *stream;
    ck_assert_int_eq(gr_fetch_open(co, client, GR_FETCH(.url = "http://127.0.0.1:1/"), &response, &stream),
                     -ECONNREFUSED);
    ck_assert_ptr_null(stream);
    HAS(response.error, "port 1");
    gr_fetch_close(stream);
}

CLIENT_TEST(each_read_has_the_timeout)
{
    const char *data;
    size_t len;
    gr_response response;
    gr_fetch_stream *stream;
    ck_assert_int_eq(gr_fetch_open(co, client, GR_FETCH(.url = url("/drip"), .timeout_ms = 400), &response, &stream),
                     0);
    ck_assert_int_eq(gr_fetch_read(co, stream, &data, &len), GR_ETIMEDOUT);
    HAS(response.error, "deadline");
    ck_assert_int_eq(gr_fetch_read(gr_within(co, 1), stream, &data, &len), GR_ETIMEDOUT);
    __atomic_store_n(&may_drip, 1, __ATOMIC_RELAXED);
    gr_fetch_close(stream);
    gr_response_finish(&response);
}

CLIENT_TEST(a_stream_may_have_a_client_of_its_own)
{
    gr_response response;
    (void)client;
    gr_fetch_stream *stream = open_stream(co, NULL, "/flood?mib=1", &response);
    ck_assert_uint_eq(read_some(co, stream, SIZE_MAX), MIB);
    gr_fetch_close(stream);
    gr_response_finish(&response);
}

/* --- up --- */

struct source {
    size_t left;
};

static int pull(gr_co co, void *arg, const char **data, size_t *len)
{
    struct source *source = arg;
    (void)co;
    *len = source->left < sizeof piece ? source->left : sizeof piece;
    *data = piece;
    source->left -= *len;
    note_peak();
    return 0;
}

static void expect_swallowed(gr_co co, gr_client *client, size_t bytes, size_t declared)
{
    struct source source = {bytes};
    char wanted[30];
    snprintf(wanted, sizeof wanted, "%zu", bytes);
    received = 0;
    size_t before = heap_bytes();
    expect_answer(
        co, client,
        GR_FETCH(.url = url("/swallow"), .pull = pull, .pull_arg = &source, .body_len = declared, .timeout_ms = -1),
        200, wanted);
    ck_assert_uint_lt(peak, before + 2 * MIB);
}

CLIENT_TEST(a_large_body_goes_in_constant_memory)
{
    expect_swallowed(co, client, 64 * MIB, 0);
    expect_swallowed(co, client, 64 * MIB, 64 * MIB);
}

int main(void)
{
    const test_list tests = {a_body_is_read_to_its_end,
                             the_head_comes_before_the_body,
                             the_head_is_that_behind_the_redirects,
                             a_server_waits_for_a_reader_that_is_slow,
                             a_large_body_comes_in_constant_memory,
                             a_body_that_is_cut_is_read_so_far,
                             an_interim_answer_is_not_the_answer,
                             a_stream_that_cannot_be_opened_is_null,
                             each_read_has_the_timeout,
                             a_stream_may_have_a_client_of_its_own,
                             a_large_body_goes_in_constant_memory,
                             NULL};
    return run_tests("fetch stream", tests, 30);
}
