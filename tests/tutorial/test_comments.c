#include "steps.h"

static const struct step steps[] = {
    {"POST", "/threads", JSON,
     "{\"author\":\"Ann\",\"text\":\"Hi\",\"answers\":[{\"author\":\"Bo\",\"text\":\"Ho\",\"answers\":[{\"author\":"
     "\"Cy\","
     "\"text\":\"\"}]},{\"author\":\"Di\",\"text\":\"He\"}]}",
     200,
     "{\"comments\":4,\"depth\":3,\"first\":{\"author\":\"Ann\",\"text\":\"Hi\",\"answers\":[{\"author\":\"Bo\","
     "\"text\":"
     "\"Ho\",\"answers\":[{\"author\":\"Cy\",\"text\":\"\",\"answers\":[]}]},{\"author\":\"Di\",\"text\":\"He\","
     "\"answers\":[]}]}"
     "}"},
    {"POST", "/threads", JSON, "{\"author\":\"Ann\",\"text\":\"Hi\",\"answers\":[{\"author\":\"\",\"answers\":{}}]}",
     422, "...[\"body\",\"answers\",0,\"answers\"]"},
};
TUTORIAL("comments", a_model_that_contains_itself_is_read_and_sent)
