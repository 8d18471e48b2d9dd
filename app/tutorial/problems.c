/* Errors as problem details (RFC 9457), which FastAPI has no switch for: the same handlers, another shape.
 *
 *     $ curl 127.0.0.1:8000/accounts/12345
 *     {"status":402,"instance":"/accounts/12345","type":"https://example.com/out-of-credit",...,"balance":30}
 *     $ curl 127.0.0.1:8000/accounts/1
 *     {"status":404,"type":"about:blank","title":"Not Found","detail":"there is no account 1","instance":"/accounts/1"}
 */
#include "tutorial.h"

struct pay {
    int64_t account;
};
static GR_INPUT(pay, GR_PATH(account));

static gr_reply pay(GR_UNUSED gr_co co, gr_req *req, const struct pay *in)
{
    int rc;
    if (in->account == 12345)
        rc = gr_fail_json(req, 402,
                          json_pack("{s:s,s:s,s:s,s:i}", "type", "https://example.com/out-of-credit", "title",
                                    "You do not have enough credit.", "detail",
                                    "Your current balance is 30, but that costs 50.", "balance", 30));
    else
        rc = gr_fail(req, 404, "there is no account %lld", (long long)in->account);
    return gr_failed(req, rc);
}
GR_GET("/accounts/{account}", pay, .responses = GR_RESPONSES({.status = 402}, {.status = 404}));

gr_app *tutorial_app(void)
{
    gr_app *app = gr_app_create("Problems", "1.0");
    gr_app_set_problem_details(app, true);
    gr_app_add(app, &pay_route);
    return app;
}
