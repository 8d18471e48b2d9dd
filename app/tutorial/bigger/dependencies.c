#include "dependencies.h"

#include <string.h>

struct get_token_header {
    const char *x_token;
};
static GR_INPUT(get_token_header, GR_HEADER(x_token));

static int get_token_header(GR_UNUSED gr_co co, gr_req *req, const struct get_token_header *in)
{
    return strcmp(in->x_token, "fake-super-secret-token") == 0 ? 0 : gr_fail(req, 400, "X-Token header invalid");
}
GR_DEFINE_GUARD(get_token_header);

struct get_query_token {
    const char *token;
};
static GR_INPUT(get_query_token, GR_QUERY(token));

static int get_query_token(GR_UNUSED gr_co co, gr_req *req, const struct get_query_token *in)
{
    return strcmp(in->token, "jessica") == 0 ? 0 : gr_fail(req, 400, "No Jessica token provided");
}
GR_DEFINE_GUARD(get_query_token);
