/* Decimal numbers and bytes over HTTP: read where requests have them, sent and documented. */
#include "openapi.h"

struct offer {
    gr_decimal price;
    double ratio;
    gr_bytes seal;
};
static GR_MODEL(offer, GR_FIELD(price, GR_GT(0), .max_digits = 5, .decimal_places = 2),
                GR_FIELD(ratio, .allow_inf_nan = true), GR_FIELD(seal, GR_BASE64));

struct make_offer {
    struct offer offer;
};
static GR_INPUT(make_offer, GR_BODY(offer, offer));
static gr_reply make_offer(gr_req *req, const struct make_offer *in)
{
    return offer_reply(req, &in->offer);
}
GR_POST("/offers", make_offer, .response = offer_model);

struct double_price {
    gr_decimal price, *rebate;
};
static GR_INPUT(double_price, GR_PATH(price), GR_QUERY(rebate, GR_OPTIONAL, GR_LE("0.5")));
static gr_reply double_price(gr_req *req, const struct double_price *in)
{
    int64_t cents = 0;
    if (gr_decimal_scaled(&in->price, 2, &cents) < 0)
        return gr_error(req, 400, "cents are the least");
    gr_decimal twice = gr_decimal_of(2 * cents, 2);
    return gr_text(req, gr_printf(req, "%s less %s", twice.text, in->rebate ? in->rebate->text : "nothing"));
}
GR_GET("/double/{price}", double_price);

static void check_offer(gr_test *test, const char *json, int status, const char *body)
{
    gr_answer *answer = gr_test_post_json(test, "/offers", json);
    check_answer(answer, status, body);
    gr_answer_free(answer);
}

START_TEST(a_body_s_decimals_are_exact_and_sent_as_texts)
{
    MAKE_APP(app, &make_offer_route);
    gr_test *test = serve(app);
    check_offer(test, "{\"price\":1.10,\"ratio\":\"-inf\",\"seal\":\"+/8\"}", 200,
                "{\"price\":\"1.10\",\"ratio\":null,\"seal\":\"-_8=\"}");
    check_offer(
        test, "{\"price\":\"1e5\",\"ratio\":0,\"seal\":\"\"}", 422,
        "{\"detail\":[{\"type\":\"decimal_max_digits\",\"loc\":[\"body\",\"price\"],\"msg\":\"Decimal input should "
        "have no more than 5 digits in total\",\"input\":\"1e5\",\"ctx\":{\"max_digits\":5}}]}");
    check_offer(
        test, "{\"price\":0,\"ratio\":\"x\",\"seal\":\"!!\"}", 422,
        "{\"detail\":[{\"type\":\"greater_than\",\"loc\":[\"body\",\"price\"],\"msg\":\"Input should be greater "
        "than 0\",\"input\":0,\"ctx\":{\"gt\":0}},{\"type\":\"float_parsing\",\"loc\":[\"body\",\"ratio\"],"
        "\"msg\":\"Input should be a valid number, unable to parse string as a number\",\"input\":\"x\"},{"
        "\"type\":\"bytes_invalid_encoding\",\"loc\":[\"body\",\"seal\"],\"msg\":\"Data should be valid base64: "
        "Invalid symbol 33, offset 0.\",\"input\":\"!!\",\"ctx\":{\"encoding\":\"base64\",\"encoding_error\":"
        "\"Invalid symbol 33, offset 0.\"}}]}");
    end(test, app);
}
END_TEST

START_TEST(parameters_are_decimals_too)
{
    MAKE_APP(app, &double_price_route);
    gr_test *test = serve(app);
    check_get(test, "/double/1.10", 200, "2.20 less nothing");
    check_get(test, "/double/2?rebate=0.50", 200, "4.00 less 0.50");
    check_get(test, "/double/1.105", 400, "{\"detail\":\"cents are the least\"}");
    check_get(
        test, "/double/x?rebate=0.51", 422,
        "{\"detail\":[{\"type\":\"decimal_parsing\",\"loc\":[\"path\",\"price\"],\"msg\":\"Input should be a valid "
        "decimal\",\"input\":\"x\"},{\"type\":\"less_than_equal\",\"loc\":[\"query\",\"rebate\"],\"msg\":\"Input "
        "should be less than or equal to 0.5\",\"input\":\"0.51\",\"ctx\":{\"le\":0.5}}]}");
    end(test, app);
}
END_TEST

#define PATTERN "^(?!^[-+.]*$)[+-]?0*(?:\\\\d{0,3}|(?=[\\\\d.]{1,6}0*$)\\\\d{0,3}\\\\.\\\\d{0,2}0*$)"

START_TEST(what_is_received_and_what_is_sent_are_documented_apart)
{
    DOCUMENT_OF(&make_offer_route);
    const char *received =
        json_string_value(find(document, "/paths/~1offers/post/requestBody/content/application~1json/schema/$ref"));
    const char *sent =
        json_string_value(find(document, "/paths/~1offers/post/responses/200/content/application~1json/schema/$ref"));
    char at[256];
    snprintf(at, sizeof at, "%s/properties/price", received + 1);
    want(at, "{\"anyOf\":[{\"type\":\"number\",\"exclusiveMinimum\":0.0},{\"type\":\"string\",\"pattern\":\"" PATTERN
             "\"}],\"title\":\"Price\"}");
    snprintf(at, sizeof at, "%s/properties/price", sent + 1);
    want(at, "{\"type\":\"string\",\"pattern\":\"" PATTERN "\",\"title\":\"Price\"}");
    snprintf(at, sizeof at, "%s/properties/seal", sent + 1);
    want(at, "{\"type\":\"string\",\"contentEncoding\":\"base64\",\"contentMediaType\":\"application/octet-stream\","
             "\"title\":\"Seal\"}");
    json_decref(document);
}
END_TEST

int main(void)
{
    return run_tests("exact",
                     (test_list){a_body_s_decimals_are_exact_and_sent_as_texts, parameters_are_decimals_too,
                                 what_is_received_and_what_is_sent_are_documented_apart, NULL},
                     20);
}
