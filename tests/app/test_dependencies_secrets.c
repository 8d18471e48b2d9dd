/* Where several inputs of one request meet: what is a secret of one is none that another repeats. */
#include "need.h"

struct token {
    const char *key;
};
static GR_INPUT(token, GR_QUERY(key, .secret = true));
static int token(GR_UNUSED gr_co co, GR_UNUSED gr_req *req, const struct token *in, const char **key)
{
    *key = in->key;
    return 0;
}
GR_DEPENDENCY(token, const char *);

struct page {
    int64_t size;
};
static GR_MODEL(page, GR_FIELD(size), GR_SELF(.extra = GR_EXTRA_FORBIDDEN));
struct list {
    struct page page;
    const char *key;
};
static GR_INPUT(list, GR_OBJECT(page, page, GR_FROM_QUERY), GR_NEEDS(key, token));
HANDLES(list)
GR_GET("/list", list);

START_TEST(a_struct_that_takes_a_whole_place_repeats_no_secret_of_a_dependency)
{
    run_once(&list_route, "/list?key=hush", 422,
             "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"query\",\"size\"],\"msg\":\"Field required\","
             "\"input\":{\"key\":\"**********\"}},{\"type\":\"extra_forbidden\",\"loc\":[\"query\",\"key\"],"
             "\"msg\":\"Extra inputs are not permitted\",\"input\":\"**********\"}]}");
}
END_TEST

int main(void)
{
    return run_tests("app dependencies secrets",
                     (test_list){a_struct_that_takes_a_whole_place_repeats_no_secret_of_a_dependency, NULL}, 10);
}
