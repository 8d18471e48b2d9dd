/* One answer from two servers, which are asked at the same time:
 *
 *     ./trip --weather http://127.0.0.1:8001/weather --hotels http://127.0.0.1:8001/hotels
 *     curl 127.0.0.1:8000/trips/oslo */
#include "trip.h"

#include <stdio.h>

/* The client lives as long as the server; it takes the loop of the first handler that uses it. */
static int start(gr_app *app, void *state)
{
    struct trip *trip = state;
    (void)app;
    return gr_client_create(&trip->client, NULL);
}

static void stop(gr_app *app, void *state)
{
    struct trip *trip = state;
    (void)app;
    gr_client_destroy(trip->client);
}

struct question {
    gr_client *client;
    const char *server, *city;
    json_t *answer; /* owned */
    int rc;
};

static int ask(gr_co co, void *arg)
{
    struct question *question = arg;
    char url[512];
    snprintf(url, sizeof url, "%s/%s", question->server, question->city);
    question->rc = gr_fetch_json(co, question->client, "GET", url, NULL, &question->answer);
    return question->rc;
}

struct read_trip {
    const char *city;
};
static GR_INPUT(read_trip, GR_PATH(city, .pattern = "^[a-z]{1,50}$"));

/* 504 where both took too long, 502 where one of them did not answer as it should. */
static gr_reply no_trip(gr_req *req, const struct question *weather, const struct question *hotels, int rc)
{
    if (rc == GR_ECANCELED || rc == GR_ETIMEDOUT)
        return gr_failed(req, rc);
    return gr_error(req, 502, "no answer from %s",
                    weather->rc == rc  ? "the weather"
                    : hotels->rc == rc ? "the hotels"
                                       : "");
}

static gr_reply read_trip(gr_co co, gr_req *req, const struct read_trip *in)
{
    const struct trip *trip = gr_state(req);
    struct question weather = {trip->client, trip->weather, in->city, NULL, 0},
                    hotels = {trip->client, trip->hotels, in->city, NULL, 0};
    int rc = gr_gather(gr_within(co, 2000), {ask, &weather}, {ask, &hotels});
    if (rc == 0)
        return gr_json(
            req, json_pack("{s:s, s:o?, s:o?}", "city", in->city, "weather", weather.answer, "hotels", hotels.answer));
    json_decref(weather.answer);
    json_decref(hotels.answer);
    return no_trip(req, &weather, &hotels, rc);
}
GR_GET("/trips/{city}", read_trip, .summary = "The weather and the hotels of a city");

gr_app *trip_app(struct trip *trip)
{
    gr_app *app = gr_app_create("Trips", "1.0");
    gr_option(app, "--weather URL", &trip->weather, "whom to ask for the weather of URL/CITY");
    gr_option(app, "--hotels URL", &trip->hotels, "whom to ask for the hotels of URL/CITY");
    gr_app_set_state(app, trip);
    gr_app_on(app, start, stop);
    gr_app_add(app, &read_trip_route);
    return app;
}
