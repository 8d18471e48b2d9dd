/* The example of a handler that gathers the answers of two other servers. */
#include "trip.h"
#include "world.h"

static int inside, peak; /* handlers of the two servers */

static gr_reply weather(gr_co co, gr_req *req)
{
    int rc = 0, now = ++inside;
    peak = now > peak ? now : peak;
    while (rc == 0 && peak < 2)
        rc = gr_sleep(co, 1);
    inside--;
    return rc ? gr_failed(req, rc) : gr_json(req, json_pack("{s:i}", "degrees", 7));
}
GR_GET("/weather/oslo", weather);

static gr_reply hotels(gr_co co, gr_req *req)
{
    int rc = 0, now = ++inside;
    peak = now > peak ? now : peak;
    while (rc == 0 && peak < 2)
        rc = gr_sleep(co, 1);
    inside--;
    return rc ? gr_failed(req, rc) : gr_json(req, json_pack("[s]", "Grand"));
}
GR_GET("/hotels/{city}", hotels);

static void open_world(void)
{
    site.app = gr_app_create("upstream", "1");
    gr_app_add(site.app, &weather_route, &hotels_route);
}

static struct trip trip;
static struct site front;

static void begin(const char *weather_at, const char *hotels_at)
{
    signal(SIGPIPE, SIG_IGN);
    forget_proxies();
    open_world();
    open_site(&site);
    trip = (struct trip){.weather = weather_at ? weather_at : url("/weather"),
                         .hotels = hotels_at ? hotels_at : url("/hotels")};
    front.app = trip_app(&trip);
    front.options.log_level = "error";
    open_site(&front);
}

static void expect_trip(const char *city, const char *wanted)
{
    char request[200];
    int fd = dial(&front);
    snprintf(request, sizeof request, "GET /trips/%s HTTP/1.1\r\nHost: h\r\n\r\n", city);
    put(fd, request);
    HAS(take(fd), wanted);
    close(fd);
}

static void end_world(void)
{
    close_site(&front);
    close_site(&site);
}

START_TEST(both_servers_are_asked_at_the_same_time)
{
    begin(NULL, NULL);
    expect_trip("oslo", "\r\n\r\n{\"city\":\"oslo\",\"weather\":{\"degrees\":7},\"hotels\":[\"Grand\"]}");
    ck_assert_int_eq(peak, 2);
    end_world();
}
END_TEST

START_TEST(one_that_does_not_answer_is_named)
{
    begin(NULL, "http://127.0.0.1:1");
    expect_trip("oslo", "HTTP/1.1 502 ");
    expect_trip("oslo", "{\"detail\":\"no answer from the hotels\"}");
    end_world();
}
END_TEST

START_TEST(one_that_answers_with_an_error_is_named)
{
    begin(NULL, NULL);
    peak = 2;
    expect_trip("bergen", "{\"detail\":\"no answer from the weather\"}");
    expect_trip("Bergen", "HTTP/1.1 422 ");
    end_world();
}
END_TEST

int main(void)
{
    const test_list tests = {both_servers_are_asked_at_the_same_time, one_that_does_not_answer_is_named,
                             one_that_answers_with_an_error_is_named, NULL};
    return run_tests("fetch trip", tests, 20);
}
