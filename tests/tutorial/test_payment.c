#include "steps.h"

static const struct step steps[] = {
    {"POST", "/pay", JSON,
     "{\"payment\":{\"number\":\"123456789012\",\"method\":\"card\",\"month\":2,\"year\":2027},\"amount\":5}", 200,
     "{\"amount\":5.0,\"by\":\"card of 2/2027\"}"},
    {"POST", "/pay", JSON,
     "{\"payment\":{\"method\":\"bank-transfer\",\"iban\":\"DE75512108001245126199\"},\"amount\":0.5}", 200,
     "{\"amount\":0.5,\"by\":\"DE75512108001245126199\"}"},
    {"POST", "/pay", JSON, "{\"payment\":{\"method\":\"cash\"},\"amount\":0}", 422,
     "...Input tag 'cash' found using 'method' does not match any of the expected tags: 'card', 'bank-transfer'"},
    {"POST", "/pay", JSON,
     "{\"payment\":{\"method\":\"card\",\"number\":\"4111x\",\"month\":13,\"year\":2027},\"amount\":1}", 422,
     "...\"loc\":[\"body\",\"payment\",\"card\",\"number\"],\"msg\":\"String should match pattern '^[0-9]{12,19}$'\","
     "\"input\":\"**********\""},
    {"POST", "/pay", JSON, "{\"amount\":1}", 422, "...[\"body\",\"payment\"]"},
};
TUTORIAL("payment", the_tag_of_a_union_says_what_is_read)
